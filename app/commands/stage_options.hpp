#pragma once
/// Options of the stages that more than one command has.

#include "app/cluster_options.hpp"

namespace CLI {
class App;
}

namespace tradegraph::app {

/// --groups, --ungrouped, --absorb, --absorb-radius, and the options of levels.
void add_group_options(CLI::App& app, IdentifyOptions& options);
/// --division-digits and --class-digits.
void add_level_options(CLI::App& app, IndustryLevels& levels);
/// --top, --min-nodes and --min-links.
void add_select_options(CLI::App& app, SelectOptions& select);
/// The variants of the indicators, under the names of the study file's [diagnose].
void add_diagnose_options(CLI::App& app, DiagnoseOptions& options);

}  // namespace tradegraph::app
