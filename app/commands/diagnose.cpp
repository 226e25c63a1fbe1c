#include <CLI/CLI.hpp>
#include <filesystem>
#include <system_error>

#include "app/cluster_tables.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/stage_options.hpp"
#include "app/members.hpp"
#include "app/output.hpp"
#include "app/result_files.hpp"
#include "app/settings_record.hpp"
#include "app/table_rows.hpp"

namespace tradegraph::app {

namespace {

struct DiagnoseCommand {
  std::string snapshot;
  std::string members;
  std::string output;
  double eps_m = 0;
  IndustryLevels levels;
  SelectOptions select;
  DiagnoseOptions options;
};

/// Every firm, where the file that was read may name some only, in any order, without roles. If it
/// stands there already it is left alone.
void keep_members(const DiagnoseCommand& command, const Context& context,
                  const TradeNetwork& network, const YearResult& year) {
  const auto path = command.output + "/members_" + std::to_string(network.metadata().year) + ".csv";
  std::error_code none_there;
  const bool was_read =
      context.world().is_root() && std::filesystem::equivalent(command.members, path, none_there);
  if (comm::any_rank(context.world(), was_read)) return;
  write_slices(path, context, network.grid(), without_column(year.members, "year"));
}

void diagnose(const DiagnoseCommand& command, Context& context) {
  refuse(fault_of(command.levels));
  command.select.validate();
  command.options.validate();
  Provenance provenance(context);
  record_settings(provenance, command.levels, command.select, command.options);
  record_conventions(provenance, command.options);
  if (command.eps_m > 0) provenance.setting("eps_m", command.eps_m);
  const auto grid = context.make_grid();
  const auto network =
      provenance.stage("load", [&] { return load_network(context, grid, command.snapshot); });
  provenance.snapshot(network.metadata().year, network.metadata(), network.firms(),
                      network.link_count(), command.snapshot);
  const auto found =
      provenance.stage("members", [&] { return read_clusters(network, command.members); });
  record_file(provenance, context, command.members);
  const KeptStages nothing(context, "");
  const std::vector<YearResult> years{diagnose_year(context, provenance, network, found,
                                                    command.levels, command.select, command.options,
                                                    {nothing, "", ""})};
  make_folder(command.output, context);
  provenance.stage("write", [&] {
    write_results(command.output, context, grid, years,
                  {command.select, command.options, network.metadata().year}, provenance);
  });
  keep_members(command, context, network, years[0]);
  provenance.write(command.output + "/provenance.json");
  context.print(describe_clusters(years[0].diagnosis, command.options, 40) +
                describe_flows(years[0].diagnosis, 15));
}

}  // namespace

void register_diagnose(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<DiagnoseCommand>();
  auto* app =
      root.add_subcommand("diagnose", "indicators of clusters and the network between them");
  add_common_options(*app, common);
  app->add_option("SNAPSHOT", command->snapshot, "snapshot (.h5)")->required();
  app->add_option("--members", command->members, "members.csv of identify")->required();
  app->add_option("-o,--output", command->output, "folder for the results")->required();
  app->add_option("--eps", command->eps_m,
                  "metres: what identify was run with; compare takes cells of this size")
      ->check(CLI::PositiveNumber);
  add_select_options(*app, command->select);
  add_diagnose_options(*app, command->options);
  add_level_options(*app, command->levels);
  app->callback([command, &action] {
    action = [command](Context& context) { diagnose(*command, context); };
  });
}

}  // namespace tradegraph::app
