/// The program: starts the libraries, runs the command, turns errors into messages and exit codes.

#include <csignal>
#include <string>
#include <vector>

#include "app/command_line.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/matrix/environment.hpp"

namespace {

/// An error that all ranks have agreed on is reported once, by rank 0.
int report(const tradegraph::Error& error, int rank) {
  if (rank == 0) {
    std::string message = error.what();
    if (tradegraph::exit_code(error.kind()) == 1) message += " [" + error.place() + "]";
    tradegraph::log::error(message);
  }
  return tradegraph::exit_code(error.kind());
}

}  // namespace

int main(int argc, char** argv) {
  // A file that grows beyond a limit is an error to report like a full disk, not a reason to die.
  std::signal(SIGXFSZ, SIG_IGN);
  const std::vector<std::string> words(argv, argv + argc);
  const tradegraph::matrix::Environment environment(argc, argv);
  tradegraph::app::Context context(tradegraph::comm::Communicator::world(), words);
  try {
    return tradegraph::app::run_command_line(context);
  } catch (...) {
    return report(tradegraph::comm::current_error(), context.world().rank());
  }
}
