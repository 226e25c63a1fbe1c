#include "app/interruption.hpp"

#include <csignal>

#include "engine/base/error.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::app {

namespace {

volatile std::sig_atomic_t asked_to_stop = 0;

}  // namespace

void watch_for_interruption() {
  struct sigaction action = {};
  action.sa_handler = [](int) { asked_to_stop = 1; };
  action.sa_flags = SA_RESTART;  // reads and writes under way go on
  require(sigaction(SIGUSR1, &action, nullptr) == 0, ErrorKind::internal, "cannot watch for USR1");
}

bool is_asked_to_stop() { return asked_to_stop != 0; }

void stop_if_interrupted(const comm::Communicator& world) {
  // The signal may reach the ranks at different times, or only one of them.
  if (comm::any_rank(world, is_asked_to_stop())) {
    throw Error(ErrorKind::interrupted, "stopped by a signal; --resume goes on");
  }
}

}  // namespace tradegraph::app
