#include "app/context.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::app {

Context::Context(comm::Communicator world, std::vector<std::string> command_line)
    : world_(std::move(world)), command_line_(std::move(command_line)) {}

ProgressSink& Context::progress() const { return default_progress(world_.rank(), options_.quiet); }

comm::ProcessGrid Context::make_grid() const {
  const auto shape = options_.grid.empty() ? comm::GridShape::nearest_square(world_.size())
                                           : comm::GridShape::parse(options_.grid, world_.size());
  return comm::ProcessGrid(world_, shape);
}

void Context::require_memory(std::int64_t needed_bytes, const std::string& what) const {
  const auto host = world_.split_by_host();
  const std::int64_t physical = sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGE_SIZE);
  const auto allowed = options_.memory_bytes.value_or(physical / host.size());
  const auto worst = comm::all_reduce(world_, needed_bytes - allowed, comm::ReduceOp::max);
  if (worst <= 0) return;
  const auto largest = comm::all_reduce(world_, needed_bytes, comm::ReduceOp::max);
  constexpr double kMiB = 1 << 20;
  throw Error(
      ErrorKind::memory,
      fmt::format("{} needs about {:.0f} MiB a rank, {:.0f} MiB more than allowed: run on "
                  "more ranks, or raise --memory",
                  what, static_cast<double>(largest) / kMiB, static_cast<double>(worst) / kMiB));
}

void Context::require_memory(const std::function<std::int64_t()>& needed_bytes,
                             const std::string& what) const {
  require_memory(
      comm::broadcast_value(
          world_, comm::collectively(
                      world_, [&] { return world_.is_root() ? needed_bytes() : std::int64_t{0}; })),
      what);
}

void Context::print(const std::string& text) const {
  if (!world_.is_root()) return;
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace tradegraph::app
