#include <CLI/CLI.hpp>

#include "app/cluster_tables.hpp"
#include "app/commands/commands.hpp"
#include "app/members.hpp"
#include "app/output.hpp"
#include "app/study.hpp"

namespace tradegraph::app {

namespace {

struct DiagnoseCommand {
  std::string snapshot;
  std::string members;
  std::string output;
  IndustryLevels levels;
  SelectOptions select;
  DiagnoseOptions options;
};

void diagnose(const DiagnoseCommand& command, Context& context) {
  command.select.validate();
  command.options.validate();
  Provenance provenance(context);
  record_settings(provenance, command.select, command.options);
  const auto grid = context.make_grid();
  const auto network =
      provenance.stage("load", [&] { return load_network(context, grid, command.snapshot); });
  provenance.snapshot(network.metadata().year, network.metadata(), network.firms(),
                      network.links().entries());
  const auto found =
      provenance.stage("members", [&] { return read_clusters(network, command.members); });
  const std::vector<YearResult> years{diagnose_year(
      context, provenance, network, found, command.levels, command.select, command.options)};
  make_folder(command.output, context);
  provenance.stage("write",
                   [&] { write_results(command.output, context, grid, years, command.options); });
  provenance.write(command.output + "/provenance.json");
  context.print(describe_clusters(years[0].diagnosis, 40) + describe_flows(years[0].diagnosis, 15));
}

}  // namespace

void add_select_options(CLI::App& app, SelectOptions& select) {
  app.add_option("--top", select.top, "clusters kept, by inclusiveness")->capture_default_str();
  app.add_option("--min-nodes", select.min_nodes, "trading firms a cluster must have")
      ->capture_default_str();
  app.add_option("--min-links", select.min_links, "links inside a cluster must have")
      ->capture_default_str();
}

void add_diagnose_options(CLI::App& app, DiagnoseOptions& options) {
  app.add_option("--specialisation", options.specialisation, "main, mean or largest")
      ->capture_default_str();
  app.add_option("--shares-of", options.shares_of, "firms or employees")->capture_default_str();
  app.add_option("--hierarchy-ties", options.hierarchy_ties, "ordinal or average")
      ->capture_default_str();
  app.add_option("--disassortativity", options.disassortativity, "pearson or slope")
      ->capture_default_str();
  app.add_option("--internal-reach", options.internal_reach, "distance or share")
      ->capture_default_str();
  app.add_option("--external-reach", options.external_reach, "share or distance")
      ->capture_default_str();
  app.add_option("--network-distances", options.network_distances,
                 "reach through the whole network: auto, yes or no")
      ->capture_default_str();
  app.add_option("--reach-weight", options.reach_weight, "uniform, degree or amount")
      ->capture_default_str();
  app.add_option("--population", options.population, "of z-scores: selected or all")
      ->capture_default_str();
  app.add_option("--firm-betweenness", options.firm_betweenness, "auto, yes or no")
      ->capture_default_str();
}

void register_diagnose(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<DiagnoseCommand>();
  auto* app =
      root.add_subcommand("diagnose", "indicators of clusters and the network between them");
  add_common_options(*app, common);
  app->add_option("SNAPSHOT", command->snapshot, "snapshot (.h5)")->required();
  app->add_option("--members", command->members, "members.csv of identify")->required();
  app->add_option("-o,--output", command->output, "folder for the results")->required();
  add_select_options(*app, command->select);
  add_diagnose_options(*app, command->options);
  app->callback([command, &action] {
    action = [command](Context& context) { diagnose(*command, context); };
  });
}

}  // namespace tradegraph::app
