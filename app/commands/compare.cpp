#include <CLI/CLI.hpp>
#include <algorithm>

#include "app/commands/commands.hpp"
#include "app/members.hpp"
#include "app/output.hpp"
#include "app/result_folder.hpp"
#include "app/year_match.hpp"

namespace tradegraph::app {

namespace {

struct CompareCommand {
  std::string folder_a;
  std::string folder_b;
  std::string output;
  std::int64_t year_a = 0;
  std::int64_t year_b = 0;
  CompareOptions options;
};

/// Cells of the larger eps, where the folders differ.
double cell_side(const CompareCommand& command, const ResultYear& a, const ResultYear& b) {
  if (command.options.cell_m > 0) return command.options.cell_m;
  const double eps_m = std::max(a.eps_m, b.eps_m);
  require(eps_m > 0, ErrorKind::usage,
          "the results do not say what eps identify was run with: give --cell, or run diagnose "
          "with --eps");
  return eps_m;
}

YearPanel load_panel(const Context& context, Provenance& provenance, const comm::ProcessGrid& grid,
                     const ResultYear& year) {
  return provenance.stage("load " + year.snapshot, [&] {
    const auto network = load_network(context, grid, year.snapshot);
    require(network.metadata().digest == year.digest, ErrorKind::bad_input,
            year.snapshot + ": is not the snapshot that the results were made from");
    provenance.snapshot(year.year, network.metadata(), network.firms(), network.links().entries(),
                        year.snapshot);
    auto panel = make_panel(network, read_clusters(network, year.members));
    require(panel.clusters == year.clusters.rows(), ErrorKind::bad_input,
            year.members + ": has other clusters than clusters.csv");
    return panel;
  });
}

/// Which clusters pass the screening of their own year.
std::vector<std::uint8_t> screened(const ResultYear& year) {
  std::vector<std::uint8_t> result;
  for (const auto& column : year.clusters.columns) {
    if (column.name != "screened") continue;
    for (const auto cell : std::get<std::vector<std::int64_t>>(column.cells)) {
      result.push_back(cell == 1 ? 1 : 0);
    }
  }
  require(std::ssize(result) == year.clusters.rows(), ErrorKind::bad_input,
          "results.h5: clusters has no column 'screened': made by another version");
  return result;
}

void compare(const CompareCommand& command, Context& context) {
  auto options = command.options;
  options.validate();
  const auto a = read_result_year(context, command.folder_a, command.year_a);
  const auto b = read_result_year(context, command.folder_b, command.year_b);
  options.cell_m = cell_side(command, a, b);
  Provenance provenance(context);
  options.record(provenance);
  provenance.setting("folder_a", command.folder_a);
  provenance.setting("folder_b", command.folder_b);
  provenance.setting("year_a", a.year);
  provenance.setting("year_b", b.year);
  const auto grid = context.make_grid();
  const auto before = load_panel(context, provenance, grid, a);
  const auto now = load_panel(context, provenance, grid, b);
  const auto match = provenance.stage("match", [&] {
    return match_years(grid.group(), before, now, screened(a), screened(b), options);
  });
  make_folder(command.output, context);
  const auto matches = matches_table({match}, a.clusters, b.clusters);
  write_whole(command.output + "/matches.csv", context, matches);
  write_results_file(command.output, context, {{"matches", matches}}, provenance.attributes());
  provenance.write(command.output + "/provenance.json");
  context.print(describe(match));
}

}  // namespace

void register_compare(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<CompareCommand>();
  auto& options = command->options;
  auto* app = root.add_subcommand("compare", "the agglomerations of two years matched");
  add_common_options(*app, common);
  app->add_option("DIR_A", command->folder_a, "results of the earlier year, of diagnose or run")
      ->required();
  app->add_option("DIR_B", command->folder_b, "results of the later year; may be the same folder")
      ->required();
  app->add_option("--year-a", command->year_a, "which year of DIR_A, if it has several");
  app->add_option("--year-b", command->year_b, "which year of DIR_B, if it has several");
  app->add_option("--match-by", options.match_by,
                  "what two clusters must share: footprint (cells and industry groups) or firms")
      ->check(CLI::IsMember({"footprint", "firms"}))
      ->capture_default_str();
  app->add_option("--max-cost", options.max_cost, "pairs at this cost or above are no match")
      ->capture_default_str();
  app->add_option("--split-share", options.split_share,
                  "what a successor holds at least of a cluster that split")
      ->capture_default_str();
  app->add_option("--cell", options.cell_m, "metres: side of the cells; 0 = eps of the results")
      ->capture_default_str();
  app->add_option("-o,--output", command->output, "folder for the results")->required();
  app->callback(
      [command, &action] { action = [command](Context& context) { compare(*command, context); }; });
}

}  // namespace tradegraph::app
