#include <CLI/CLI.hpp>

#include "app/commands/commands.hpp"
#include "app/group_stage.hpp"
#include "app/output.hpp"

namespace tradegraph::app {

namespace {

struct GroupCommand {
  std::vector<std::string> snapshots;
  std::string output;
  GroupOptions options;
};

void group(const GroupCommand& command, Context& context) {
  command.options.validate();
  auto inputs = command.snapshots;
  inputs.push_back(command.options.flows);
  check_outputs(context, inputs, {command.output});
  Provenance provenance(context);
  command.options.record(provenance);
  const auto grid = context.make_grid();
  IndustryTables tables(command.options.digits);
  if (!command.options.flows.empty()) tables.read_flows(grid.group(), command.options.flows);
  for (const auto& path : command.snapshots) {
    add_snapshot(context, provenance, grid, path, tables);
  }
  write_groups(context, provenance, tables, command.options,
               static_cast<std::uint64_t>(context.options().seed), command.output);
  provenance.write(beside(command.output, "_provenance.json"));
}

}  // namespace

void register_group(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<GroupCommand>();
  auto& options = command->options;
  auto* app = root.add_subcommand("group", "industry groups from where industries are and trade");
  add_common_options(*app, common, {.seed = "seed of k-means' starts"});
  app->add_option("SNAPSHOT", command->snapshots, "snapshots (.h5), all years together")
      ->required();
  app->add_option("--digits", options.digits, "digits of the industry codes that are grouped")
      ->capture_default_str();
  app->add_option("--least-groups", options.least_groups, "groups of a candidate, from")
      ->capture_default_str();
  app->add_option("--most-groups", options.most_groups, "to, at most industries - 1")
      ->capture_default_str();
  app->add_option("--restarts", options.restarts, "starts of each k-means")->capture_default_str();
  app->add_option("--flows", options.flows,
                  "trade between industries: supplier,buyer,amount, instead of the snapshots'");
  app->add_option("-o,--output", command->output,
                  "groups.csv to write; its candidates, relatedness and provenance stand beside it")
      ->required();
  app->callback(
      [command, &action] { action = [command](Context& context) { group(*command, context); }; });
}

}  // namespace tradegraph::app
