#pragma once
/// The subcommands; each has a source file of its name beside this header.

#include <array>

#include "app/command_line.hpp"

namespace tradegraph::app {

void register_import(CLI::App& root, CommonOptions& common, Action& action);
void register_synth(CLI::App& root, CommonOptions& common, Action& action);
void register_info(CLI::App& root, CommonOptions& common, Action& action);
void register_measure(CLI::App& root, CommonOptions& common, Action& action);
void register_group(CLI::App& root, CommonOptions& common, Action& action);
void register_identify(CLI::App& root, CommonOptions& common, Action& action);
void register_diagnose(CLI::App& root, CommonOptions& common, Action& action);
void register_sweep(CLI::App& root, CommonOptions& common, Action& action);
void register_compare(CLI::App& root, CommonOptions& common, Action& action);
void register_report(CLI::App& root, CommonOptions& common, Action& action);
void register_run(CLI::App& root, CommonOptions& common, Action& action);

/// In the order of `--help`.
inline constexpr std::array kCommands{register_import,   register_synth, register_info,
                                      register_measure,  register_group, register_identify,
                                      register_diagnose, register_sweep, register_compare,
                                      register_run,      register_report};

}  // namespace tradegraph::app
