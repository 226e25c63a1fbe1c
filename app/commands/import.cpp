#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/commands/commands.hpp"
#include "app/describe.hpp"
#include "app/import_stage.hpp"
#include "app/output.hpp"
#include "engine/base/clock.hpp"
#include "engine/comm/agreement.hpp"
#include "io/snapshot.hpp"

namespace tradegraph::app {

namespace {

struct ImportCommand {
  io::ImportOptions options;
  std::string trade;
  std::string column_map;
  std::string concordance;
  std::string on_error = "stop";
  std::string rejects;
  std::string output;
  io::SnapshotOptions snapshot;
};

void import(ImportCommand command, Context& context) {
  const auto& world = context.world();
  if (!command.trade.empty()) command.options.trade = command.trade;
  if (!command.rejects.empty()) command.options.rejects = command.rejects;
  command.options.skip_bad_rows = command.on_error == "skip";
  if (!command.column_map.empty()) {
    command.options.columns =
        comm::collectively(world, [&] { return io::read_column_map(command.column_map); });
  }
  check_outputs(context,
                {command.options.firms, command.trade, command.column_map, command.concordance},
                {command.output, command.rejects});
  const Stopwatch clock;
  const auto network = import_network(context, command.options, command.concordance);
  const double read_s = clock.seconds();
  io::write_snapshot(world, command.output, network, command.snapshot);
  context.print(fmt::format("{}: {} firms, {} links ({:.2f} s to read, {:.2f} s to write)\n",
                            command.output, network.firms.total, network.trade.total, read_s,
                            clock.seconds() - read_s));
  context.print(describe_dropped(network.metadata));
}

}  // namespace

void register_import(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<ImportCommand>();
  auto* app = root.add_subcommand("import", "CSV files of one year to a snapshot");
  add_common_options(*app, common);
  app->add_option("FIRMS", command->options.firms, "firms, one row each (CSV)")->required();
  app->add_option("TRADE", command->trade, "who supplies whom (CSV)");
  app->add_option("--year", command->options.year, "year of the records")
      ->check(CLI::Range(-9999, 9999))
      ->required();
  app->add_option("-o,--output", command->output, "snapshot to write (.h5)")->required();
  app->add_option("--columns", command->column_map, "MAP.toml: our column names = the files'");
  app->add_option("--concordance", command->concordance,
                  "CSV with columns from,to: industry codes to rename; others stay");
  app->add_option("--crs", command->options.input_crs, "what the places are in")
      ->capture_default_str();
  app->add_option("--project", command->options.project,
                  "what distances are measured in: auto, EPSG:5179, ...")
      ->capture_default_str();
  add_choice(*app, "--on-error", command->on_error, {"stop", "skip"},
             "what a bad row does: an error, or it is dropped and counted");
  app->add_option("--rejects", command->rejects, "file for the rows dropped by --on-error skip");
  app->add_option("--deflate", command->snapshot.deflate_level, "compression, 0 (none) .. 9")
      ->check(CLI::Range(0, 9))
      ->capture_default_str();
  app->callback(
      [command, &action] { action = [command](Context& context) { import(*command, context); }; });
}

}  // namespace tradegraph::app
