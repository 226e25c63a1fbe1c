#include "app/result_files.hpp"

#include "app/cluster_columns.hpp"
#include "app/cluster_tables.hpp"
#include "app/cluster_trace.hpp"
#include "app/cluster_types.hpp"
#include "app/concatenate.hpp"
#include "app/output.hpp"
#include "app/panel_table.hpp"
#include "app/table_rows.hpp"
#include "io/geojson.hpp"
#include "io/graphml.hpp"
#include "io/members.hpp"
#include "io/results_file.hpp"

namespace tradegraph::app {

namespace {

using NamedTables = std::vector<std::pair<std::string, io::Table>>;

/// Tables that every rank holds in full.
NamedTables whole_tables(const std::vector<YearResult>& years, const DiagnoseOptions& options) {
  std::vector<Diagnosis> diagnoses;
  std::vector<std::pair<std::int64_t, std::vector<CompositionRow>>> compositions;
  std::vector<std::pair<std::int64_t, std::vector<NamedGatekeeper>>> gatekeepers;
  std::vector<std::pair<std::int64_t, std::vector<PlaceCell>>> places;
  for (const auto& year : years) {
    diagnoses.push_back(year.diagnosis);
    compositions.emplace_back(year.diagnosis.year, year.composition);
    gatekeepers.emplace_back(year.diagnosis.year, year.diagnosis.gatekeepers);
    places.emplace_back(year.diagnosis.year, year.places);
  }
  return {{"clusters", clusters_table(diagnoses, options)},
          {"intercluster", intercluster_table(diagnoses)},
          {"intercluster_nodes", intercluster_nodes_table(diagnoses)},
          {"composition", composition_table(compositions)},
          {"gatekeepers", gatekeepers_table(gatekeepers)},
          {"places", places_table(places)}};
}

/// The slices of all years as one table.
io::Table all_slices(const comm::Communicator& group, const std::vector<YearResult>& years,
                     io::Table YearResult::*slice) {
  std::vector<io::Table> tables;
  for (const auto& year : years) tables.push_back(year.*slice);
  return concatenate(group, tables);
}

/// industry, group of the file that identify took; none where it took none. Collective.
NamedTables groups_table(const comm::Communicator& group, const std::string& path) {
  if (path.empty()) return {};
  const auto rows = io::read_groups(group, path);
  return {{"groups", {{{"industry", strings(rows.industry)}, {"group", strings(rows.group)}}}}};
}

std::vector<std::vector<io::LonLat>> all_hulls(const std::vector<YearResult>& years) {
  std::vector<std::vector<io::LonLat>> hulls;
  for (const auto& year : years) hulls.insert(hulls.end(), year.hulls.begin(), year.hulls.end());
  return hulls;
}

/// The flows between clusters, without those from or to firms of no cluster.
io::Table between_clusters(const io::Table& flows) {
  const auto& from = cells_of<IntegerCells>(flows, "from");
  const auto& to = cells_of<IntegerCells>(flows, "to");
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] != kNoCluster && to[i] != kNoCluster) rows.push_back(i);
  }
  return rows_of(flows, rows);
}

/// One graph a year, as GraphML readers take the first graph of a file only: network.graphml of the
/// reference year, and of several years network_YEAR.graphml of each.
void write_graphs(const std::string& folder, const Context& context,
                  const std::vector<YearResult>& years, std::int64_t reference_year,
                  const io::Table& clusters, const io::Table& flows) {
  const auto among_clusters = between_clusters(flows);
  for (const auto& year : years) {
    const auto number = year.diagnosis.year;
    // The first columns are the ids: label; from, to.
    const auto nodes = without_column(rows_of_year(clusters, number), "year");
    const auto edges = without_column(rows_of_year(among_clusters, number), "year");
    const auto write = [&](const std::string& name) {
      io::write_graphml(context.world(), folder + "/" + name, nodes, edges);
    };
    if (years.size() == 1 || number == reference_year) write("network.graphml");
    if (years.size() > 1) write("network_" + std::to_string(number) + ".graphml");
  }
}

/// Tables that every rank holds in full, as slices: all rows on rank 0.
NamedTables as_slices(const Context& context, NamedTables tables) {
  if (context.world().is_root()) return tables;
  for (auto& [name, table] : tables) table = rows_of(table, {});
  return tables;
}

}  // namespace

void write_results(const std::string& folder, const Context& context, const comm::ProcessGrid& grid,
                   const std::vector<YearResult>& years, const ResultOptions& options,
                   Provenance& provenance, const std::vector<YearMatch>& matches) {
  auto tables = whole_tables(years, options.diagnose);
  const auto types = add_types(tables.front().second, options.diagnose, provenance);
  const auto clusters = tables.front().second;
  tables.emplace_back(
      "trace", trace_table(clusters, options.select, options.diagnose, options.reference_year));
  if (years.size() > 1) {
    tables.emplace_back("matches", matches_table(matches, clusters, clusters));
    tables.emplace_back("panel", panel_table(clusters, matches, options.reference_year));
  }
  for (const auto& [name, table] : tables) {
    write_whole(folder + "/" + name + ".csv", context, table);
  }
  const auto firms = all_slices(grid.group(), years, &YearResult::firms);
  write_slices(folder + "/firms.csv", context, grid, firms);
  io::write_geojson(context.world(), folder + "/clusters.geojson", all_hulls(years), clusters);
  write_graphs(folder, context, years, options.reference_year, clusters, tables[1].second);
  for (auto& named : groups_table(grid.group(), options.groups)) tables.push_back(std::move(named));
  auto slices = as_slices(context, std::move(tables));
  slices.emplace_back("firms", firms);
  slices.emplace_back("members", all_slices(grid.group(), years, &YearResult::members));
  on_first_replica(context, grid, [&] {
    io::write_results(grid.group(), folder + "/results.h5", slices, provenance.attributes());
  });
  context.print(types);
}

}  // namespace tradegraph::app
