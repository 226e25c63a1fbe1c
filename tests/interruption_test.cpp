#include "app/interruption.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <optional>

#include "engine/base/error.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::app {
namespace {

/// The kind of error that the check throws, if it does.
std::optional<ErrorKind> stopped(const comm::Communicator& world) {
  try {
    stop_if_interrupted(world);
  } catch (const Error& error) {
    return error.kind();
  }
  return std::nullopt;
}

TEST(Interruption, a_signal_to_one_rank_stops_all) {
  const auto world = comm::Communicator::world();
  watch_for_interruption();
  EXPECT_EQ(stopped(world), std::nullopt);
  if (world.rank() == world.size() - 1) {
    EXPECT_EQ(std::raise(SIGUSR1), 0);
  }
  EXPECT_EQ(stopped(world), ErrorKind::interrupted);
  EXPECT_EQ(exit_code(ErrorKind::interrupted), 3);
}

}  // namespace
}  // namespace tradegraph::app
