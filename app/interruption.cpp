#include "app/interruption.hpp"

#include <csignal>

#include "engine/base/error.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::app {

namespace {

volatile std::sig_atomic_t stop_signal = 0;

}  // namespace

void watch_for_interruption() {
  struct sigaction action = {};
  action.sa_handler = [](int) { stop_signal = 1; };
  action.sa_flags = SA_RESTART;  // reads and writes under way go on
  for (const int signal : {SIGUSR1, SIGTERM}) {
    require(sigaction(signal, &action, nullptr) == 0, ErrorKind::internal,
            "cannot watch for signals");
  }
}

bool asked_to_stop() { return stop_signal != 0; }

void stop_if_interrupted(const comm::Communicator& world) {
  // The signal may reach the ranks at different times, or only one of them.
  if (comm::any_rank(world, asked_to_stop())) {
    throw Error(ErrorKind::interrupted, "stopped by a signal; --resume goes on");
  }
}

}  // namespace tradegraph::app
