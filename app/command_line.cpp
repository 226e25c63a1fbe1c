#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <sstream>

#include "app/commands/commands.hpp"
#include "engine/base/error.hpp"
#include "engine/base/log.hpp"
#include "engine/base/memory.hpp"
#include "engine/base/suggest.hpp"
#include "engine/matrix/environment.hpp"

namespace tradegraph::app {

void add_common_options(CLI::App& command, CommonOptions& common) {
  command
      .add_option("--threads", common.threads, "threads a rank (default: cores / ranks of a host)")
      ->check(CLI::Range(1, 4096))
      ->group("Everywhere");
  command
      .add_option_function<std::string>(
          "--memory",
          [&common](const std::string& text) {
            try {
              common.memory_bytes = parse_memory_size(text);
            } catch (const Error& error) {
              throw CLI::ValidationError("--memory", error.what());
            }
          },
          "memory a rank may use, such as 4G")
      ->group("Everywhere");
  command.add_option("--grid", common.grid, "replicas,rows,columns of the process grid")
      ->group("Everywhere");
  command.add_option("--seed", common.seed, "seed of all random choices")
      ->check([](const std::string& text) {
        return text.starts_with("-") ? std::string("must be 0 or more") : std::string();
      })
      ->group("Everywhere");
  command.add_flag("--quiet", common.quiet, "warnings and errors only")->group("Everywhere");
  command.add_flag("--resume", common.resume, "go on from what an earlier run finished")
      ->group("Everywhere");
}

namespace {

void describe(CLI::App& root) {
  root.description("tradegraph " TRADEGRAPH_VERSION
                   ": industrial clusters in nationwide firm-to-firm trade networks.\n"
                   "Every command runs alone or under mpirun / srun, with the same result.");
  root.require_subcommand(1);
  root.set_version_flag("--version", "tradegraph " TRADEGRAPH_VERSION);
  root.failure_message(CLI::FailureMessage::simple);
}

/// Rank 0 speaks for all.
int report(const CLI::App& root, const CLI::ParseError& error, bool is_root) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = root.exit(error, out, err);
  if (is_root) {
    std::cout << out.str() << std::flush;
    std::cerr << err.str() << std::flush;
  }
  return code == 0 ? 0 : 2;
}

/// The first word that no command or option answers to, with the nearest that is known. CLI11 would
/// speak of what is missing first.
std::optional<std::string> unknown_word(const CLI::App& root,
                                        const std::vector<std::string>& words) {
  if (words.empty() || words.front().starts_with("-")) return std::nullopt;
  std::vector<std::string> commands;
  for (const auto* command : root.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(command->get_name());
  }
  const auto& name = words.front();
  if (std::ranges::find(commands, name) == commands.end()) {
    return "unknown command '" + name + "'" + did_you_mean(name, commands);
  }
  std::vector<std::string> options;
  for (const auto* option : root.get_subcommand(name)->get_options()) {
    for (const auto& known : option->get_lnames()) options.push_back("--" + known);
  }
  for (const auto& word : words) {
    const auto option = word.substr(0, word.find('='));
    if (!option.starts_with("--") || std::ranges::find(options, option) != options.end()) continue;
    return "unknown option '" + option + "'" + did_you_mean(option, options);
  }
  return std::nullopt;
}

}  // namespace

int run_command_line(Context& context) {
  CLI::App root;
  describe(root);
  Action action;
  for (const auto registration : kCommands) registration(root, context.options(), action);
  auto words = context.command_line();
  words.erase(words.begin());
  if (const auto unknown = unknown_word(root, words)) {
    if (context.world().is_root())
      std::cerr << *unknown << "\nRun with --help for more information.\n";
    return 2;
  }
  std::reverse(words.begin(), words.end());  // CLI11 takes vectors from the back
  try {
    root.parse(words);
  } catch (const CLI::ParseError& error) {
    return report(root, error, context.world().is_root());
  }
  log::configure(context.world().rank(), context.options().quiet);
  matrix::set_threads(context.world(), context.options().threads);
  action(context);
  return 0;
}

}  // namespace tradegraph::app
