#pragma once
/// From words to a command: every subcommand registers its options here and hands over what to run.

#include <functional>
#include <string>
#include <vector>

#include "app/context.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace tradegraph::app {

/// What a parsed command line asks for.
using Action = std::function<void(Context&)>;

/// Registers one subcommand: adds its options to `root` and sets `action` when it is chosen.
using Registration = void (*)(CLI::App& root, CommonOptions& common, Action& action);

/// What `--help` says of the options that every command takes and few have a use for.
struct CommonHelp {
  std::string seed = "taken by every command; nothing here is random, so it changes nothing";
  std::string resume = "taken by every command; this one keeps no checkpoint and starts over";
};

/// Adds --threads, --memory, --grid, --seed, --quiet and --resume.
void add_common_options(CLI::App& command, CommonOptions& common, const CommonHelp& help = {});

/// Adds an option that takes one of a few words; the nearest is named when it gets another.
CLI::Option& add_choice(CLI::App& command, const std::string& name, std::string& value,
                        const std::vector<std::string>& words, const std::string& help);

/// Parses the command line on every rank and runs the command. Returns the exit code:
/// 0 done (also for --help), 2 wrong usage. Errors of the run are thrown. Collective over all
/// ranks.
[[nodiscard]] int run_command_line(Context& context);

}  // namespace tradegraph::app
