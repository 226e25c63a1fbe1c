#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
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

void add_common_options(CLI::App& command, CommonOptions& common, const CommonHelp& help) {
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
          "memory a rank may use, such as 4G (default: its share of the host's)")
      ->group("Everywhere");
  command
      .add_option("--grid", common.grid,
                  "replicas,rows,columns of the process grid (default: one replica, nearly square)")
      ->group("Everywhere");
  command.add_option("--seed", common.seed, help.seed)
      ->check([](const std::string& text) {
        return text.starts_with("-") ? "must be 0 or more, not " + text : std::string();
      })
      ->group("Everywhere");
  command.add_flag("--quiet", common.quiet, "warnings and errors only")->group("Everywhere");
  command.add_flag("--resume", common.resume, help.resume)->group("Everywhere");
}

CLI::Option& add_choice(CLI::App& command, const std::string& name, std::string& value,
                        const std::vector<std::string>& words, const std::string& help) {
  const auto check = [words](const std::string& text) {
    if (std::ranges::find(words, text) != words.end()) return std::string();
    return "'" + text + "' is none of " + CLI::detail::join(words, ", ") +
           did_you_mean(text, words);
  };
  auto* option = command.add_option(name, value, help);
  option->check(CLI::Validator(check, "{" + CLI::detail::join(words, ",") + "}"));
  if (!value.empty()) option->capture_default_str();
  return *option;
}

namespace {

void describe(CLI::App& root) {
  root.name("tradegraph");
  root.description("tradegraph " TRADEGRAPH_VERSION
                   ": industrial clusters in nationwide firm-to-firm trade networks.\n"
                   "Every command runs alone or under mpirun / srun, with the same result.");
  root.require_subcommand(1);
  root.set_version_flag("--version",
                        "tradegraph " TRADEGRAPH_VERSION "\nbuilt as " TRADEGRAPH_BUILD);
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

/// "--kernel", "-o", ... of a command.
std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
    for (const auto& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

/// Whether a word is an option: "--kernel=degree" and "-o", not "-5", "-" or "--".
bool is_option(const std::string& word) {
  if (word.starts_with("--")) return word.size() > 2;
  return word.size() > 1 && word[0] == '-' &&
         std::isalpha(static_cast<unsigned char>(word[1])) != 0;
}

/// The first option that is none of the command's, with the nearest that is. A short option may
/// have its value behind it: "-oFILE".
std::optional<std::string> unknown_option(const CLI::App& command,
                                          const std::vector<std::string>& words) {
  const auto known = options_of(command);
  for (const auto& word : words) {
    if (word == "--") break;  // places and files follow
    if (!is_option(word)) continue;
    const auto option = word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
    if (std::ranges::find(known, option) != known.end()) continue;
    if (!word.starts_with("--")) return "unknown option '" + word + "'";
    return "unknown option '" + option + "'" + did_you_mean(option, known);
  }
  return std::nullopt;
}

/// The first word that no command or option answers to, with the nearest that is known. CLI11 would
/// speak of what is missing first.
std::optional<std::string> unknown_word(const CLI::App& root,
                                        const std::vector<std::string>& words) {
  if (words.empty()) return std::nullopt;
  const auto& name = words.front();
  if (is_option(name)) {
    const auto unknown = unknown_option(root, {name});
    return unknown ? *unknown + ": a command comes first" : unknown;
  }
  std::vector<std::string> commands;
  for (const auto* command : root.get_subcommands([](const CLI::App*) { return true; })) {
    commands.push_back(command->get_name());
  }
  if (std::ranges::find(commands, name) == commands.end()) {
    return "unknown command '" + name + "'" + did_you_mean(name, commands);
  }
  return unknown_option(*root.get_subcommand(name), {words.begin() + 1, words.end()});
}

/// An option whose whole number has more digits than 64 bits hold: CLI11 would take the largest
/// that they do for it.
std::optional<std::string> beyond_64_bits(const CLI::App& root) {
  for (const auto* command : root.get_subcommands()) {
    for (const auto* option : command->get_options()) {
      if (option->get_type_name().find("INT") == std::string::npos) continue;
      for (const auto& text : option->results()) {
        errno = 0;
        static_cast<void>(std::strtoll(text.c_str(), nullptr, 0));
        if (errno == ERANGE) return option->get_name() + ": " + text + " is beyond 64 bits";
      }
    }
  }
  return std::nullopt;
}

int refuse(const Context& context, const std::string& why) {
  if (context.world().is_root()) std::cerr << why << "\nRun with --help for more information.\n";
  return 2;
}

}  // namespace

int run_command_line(Context& context) {
  CLI::App root;
  describe(root);
  Action action;
  for (const auto registration : kCommands) registration(root, context.options(), action);
  auto words = context.command_line();
  words.erase(words.begin());
  if (const auto unknown = unknown_word(root, words)) return refuse(context, *unknown);
  std::reverse(words.begin(), words.end());  // CLI11 takes vectors from the back
  try {
    root.parse(words);
  } catch (const CLI::ParseError& error) {
    return report(root, error, context.world().is_root());
  }
  if (const auto option = beyond_64_bits(root)) return refuse(context, *option);
  log::configure(context.world().rank(), context.options().quiet);
  matrix::set_threads(context.world(), context.options().threads);
  static_cast<void>(context.grid_shape());  // refused by commands that need none, too
  action(context);
  return 0;
}

}  // namespace tradegraph::app
