#include <CLI/CLI.hpp>

#include "app/commands/commands.hpp"
#include "app/report.hpp"

namespace tradegraph::app {

namespace {

struct ReportCommand {
  ReportSources sources;
  std::string output;
};

void report(const ReportCommand& command, Context& context) {
  context.require_memory(0, "the report");
  write_report(command.output, command.sources, context);
  context.print("report in " + command.output + "\n");
}

}  // namespace

void register_report(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<ReportCommand>();
  auto* app = root.add_subcommand(
      "report", "results as one page: maps, charts and tables that open without a network");
  add_common_options(*app, common);
  app->add_option("DIR", command->sources.folder, "results of run or diagnose")->required();
  app->add_option("--sweep", command->sources.sweep,
                  "results of sweep, for its heat map (default: DIR, if sweep.csv is there)");
  app->add_option("-o,--output", command->output, "page (.html)")->required();
  app->callback(
      [command, &action] { action = [command](Context& context) { report(*command, context); }; });
}

}  // namespace tradegraph::app
