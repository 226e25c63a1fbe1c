#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "app/cluster_stage.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/stage_options.hpp"
#include "app/output.hpp"
#include "app/per_group.hpp"
#include "engine/comm/agreement.hpp"

namespace tradegraph::app {

namespace {

struct IdentifyCommand {
  std::string snapshot;
  std::string output;
  std::string k_distance;
  std::string per_group;
  bool verify = false;
  IdentifyOptions options;
};

/// id,k_distance in input order.
void write_k_distance(const std::string& path, const Context& context, const TradeNetwork& network,
                      const std::vector<double>& distance_m) {
  const auto& order = network.order_of_table();
  io::Table table;
  table.columns.push_back({"id", strings(order.apply(network.table().id))});
  table.columns.push_back({"k_distance", order.apply(std::span<const double>(distance_m))});
  write_slices(path, context, network.grid(), table);
}

void report_verification(const kernels::IdentifySummary& summary, const Context& context) {
  if (summary.violations.empty()) {
    context.print("verified: cores, components, border and noise are as defined\n");
    return;
  }
  std::string text = "the clusters do not fit their definition:";
  for (const auto& violation : summary.violations) text += "\n  " + violation;
  throw Error(ErrorKind::internal, text);
}

void identify(IdentifyCommand command, Context& context) {
  if (!command.per_group.empty()) {
    command.options.per_group =
        comm::collectively(context.world(), [&] { return read_per_group(command.per_group); });
  }
  command.options.validate();
  const auto& groups = command.options.groups;
  check_outputs(context,
                {command.snapshot, command.per_group, is_rule_of_groups(groups) ? "" : groups},
                {command.output, command.k_distance});
  const auto grid = context.make_grid();
  const auto network = load_network(context, grid, command.snapshot);
  const auto grouped = industry_groups(network, command.options);
  const auto found = identify_clusters(network, grouped, command.options,
                                       {command.verify, !command.k_distance.empty()});
  if (command.verify) report_verification(found.summary, context);
  write_members(command.output, context, network, grouped, found.membership);
  if (!command.k_distance.empty()) {
    write_k_distance(command.k_distance, context, network, found.membership.k_distance_m);
  }
  context.print(describe(found.summary));
}

}  // namespace

void register_identify(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<IdentifyCommand>();
  auto& options = command->options;
  auto* app = root.add_subcommand("identify", "clusters of firms in space, helped by trade");
  add_common_options(*app, common);
  app->add_option("SNAPSHOT", command->snapshot, "snapshot (.h5)")->required();
  app->add_option("--eps", options.eps_m, "metres: how near firms of a cluster are")->required();
  app->add_option("--min-firms", options.min_firms, "how many firms within eps make a core")
      ->required();
  app->add_option("--stretch", options.stretch,
                  "trading partners are neighbours up to this many eps; 1 = classic DBSCAN")
      ->capture_default_str();
  add_group_options(*app, options);
  app->add_option(
      "--per-group", command->per_group,
      "CSV (group,eps,min_firms) of other settings for single groups; empty = as given");
  app->add_option("--k-distance", command->k_distance,
                  "CSV to write: the distance (id,k_distance) at which each firm becomes core");
  app->add_flag("--verify", command->verify, "check the clusters against their definition");
  app->add_option("-o,--output", command->output, "members.csv to write")->required();
  app->callback([command, &action] {
    action = [command](Context& context) { identify(*command, context); };
  });
}

}  // namespace tradegraph::app
