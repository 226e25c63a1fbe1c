#include "app/study.hpp"

#include <filesystem>

#include "app/cluster_hulls.hpp"
#include "app/cluster_tables.hpp"
#include "app/cluster_trace.hpp"
#include "app/cluster_types.hpp"
#include "app/concatenate.hpp"
#include "app/firm_table.hpp"
#include "app/output.hpp"
#include "app/panel_table.hpp"
#include "engine/comm/agreement.hpp"
#include "io/csv_writer.hpp"
#include "io/geojson.hpp"
#include "io/graphml.hpp"
#include "io/members.hpp"
#include "io/results_file.hpp"

namespace tradegraph::app {

namespace {

/// What the chosen variants need must be there.
void check_columns(const TradeNetwork& network, const DiagnoseOptions& options) {
  require(options.shares_of != "employees" || network.table().numbers.contains("employees"),
          ErrorKind::bad_input,
          "the snapshot has no column 'employees', which shares_of = employees needs");
  const bool has_amounts = network.has(Weight::amount) || network.links().entries() == 0;
  require(options.reach_weight != "amount" || has_amounts, ErrorKind::bad_input,
          "the trade has no column 'amount', which reach_weight = amount needs");
}

/// Rows of different lengths as two columns.
void flatten(const std::string& name, const std::vector<kernels::PairsAt>& rows,
             StageFigures& figures) {
  auto& lengths = figures[name + "_lengths"];
  auto& values = figures[name];
  for (const auto& row : rows) {
    lengths.push_back(static_cast<double>(row.size()));
    for (const auto pairs : row) values.push_back(static_cast<double>(pairs));
  }
}

std::vector<kernels::PairsAt> unflatten(const std::string& name, const StageFigures& figures) {
  std::vector<kernels::PairsAt> rows;
  auto value = figures.at(name).begin();
  for (const auto length : figures.at(name + "_lengths")) {
    auto& row = rows.emplace_back();
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(length); ++i) {
      row.push_back(static_cast<std::int64_t>(*value++));
    }
  }
  return rows;
}

/// As an earlier run left them, or made now. Numbers of pairs are below 2^53: doubles hold them.
void kept_distances(const Context& context, const TradeNetwork& network,
                    const kernels::Labels& labels, const DiagnoseOptions& options,
                    const YearKeeping& keeping, Diagnosis& result) {
  const auto stage = "distances " + std::to_string(result.year);
  const bool through_network = wants_network_distances(network, result, options);
  const auto work = keeping.input + (through_network ? " and through the network" : " inside only");
  if (const auto found = keeping.stages.find(stage, work)) {
    result.pairs_inside = unflatten("inside", *found);
    result.pairs_through = {unflatten("network", *found), unflatten("outside", *found)};
    return;
  }
  add_distances(context, network, labels, through_network, result);
  StageFigures figures;
  flatten("inside", result.pairs_inside, figures);
  flatten("network", result.pairs_through.network, figures);
  flatten("outside", result.pairs_through.outside, figures);
  keeping.stages.keep(stage, work, figures);
}

matrix::DistributedVector<double> kept_betweenness(const Context& context,
                                                   const TradeNetwork& network,
                                                   const YearKeeping& keeping) {
  const auto year = std::to_string(network.metadata().year);
  const auto stage = "betweenness of firms " + year;
  const auto work = "snapshot " + network.metadata().digest;
  if (const auto found = keeping.stages.find(stage, work)) {
    auto result = no_betweenness(network);
    const auto& all = found->at("betweenness");
    for (std::int64_t i = 0; i < result.count(); ++i) {
      result[i] = all.at(static_cast<std::size_t>(result.global_of(i).value()));
    }
    return result;
  }
  const auto checkpoint = keeping.folder.empty()
                              ? std::string()
                              : keeping.folder + "/betweenness_" + year + ".checkpoint.h5";
  auto result = firm_betweenness(context, network, checkpoint);
  if (!keeping.folder.empty()) {
    keeping.stages.keep(stage, work, {{"betweenness", matrix::gather_all(result)}});
  }
  return result;
}

}  // namespace

YearResult diagnose_year(const Context& context, Provenance& provenance,
                         const TradeNetwork& network, const YearClusters& found,
                         const IndustryLevels& levels, const SelectOptions& select,
                         const DiagnoseOptions& options, const YearKeeping& keeping) {
  const auto year = std::to_string(network.metadata().year);
  check_columns(network, options);
  const auto labels = network.to_rows(found.labels);
  YearResult result;
  provenance.stage("indicators " + year, [&] {
    const auto codes = firm_codes(network, found.groups.names, found.groups.codes, levels);
    result.diagnosis = diagnose(network, labels, network.to_rows(found.is_core), found.clusters,
                                codes, select, options);
    result.composition = composition(network, labels, codes, result.diagnosis);
    result.hulls = cluster_hulls(network, found.labels, found.clusters);
    result.places = place_density(network);
  });
  provenance.stage("distances " + year, [&] {
    kept_distances(context, network, labels, options, keeping, result.diagnosis);
  });
  const auto betweenness =
      wants_betweenness(network, options.firm_betweenness)
          ? provenance.stage("betweenness of firms " + year,
                             [&] { return kept_betweenness(context, network, keeping); })
          : no_betweenness(network);
  provenance.stage("firms " + year,
                   [&] { result.firms = firm_table(network, labels, betweenness); });
  result.members = members_table(network, found.groups, found.labels, found.role);
  result.members.columns.insert(
      result.members.columns.begin(),
      {"year", std::vector<std::int64_t>(static_cast<std::size_t>(result.members.rows()),
                                         network.metadata().year)});
  provenance.balance("links " + year, network.links().balance());
  provenance.figure("agglomerations " + year, static_cast<double>(found.clusters));
  return result;
}

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

/// Rows of `table` for which `keep(row)` holds.
template <class Keep>
io::Table filtered(const io::Table& table, const Keep& keep) {
  io::Table result;
  for (const auto& column : table.columns) {
    auto& kept = result.columns.emplace_back(io::Column{column.name, {}});
    std::visit(
        [&](const auto& cells) {
          std::decay_t<decltype(cells)> some;
          for (std::size_t i = 0; i < cells.size(); ++i) {
            if (keep(i)) some.push_back(cells[i]);
          }
          kept.cells = std::move(some);
        },
        column.cells);
  }
  return result;
}

const std::vector<std::int64_t>& integers(const io::Table& table, const std::string& name) {
  for (const auto& column : table.columns) {
    if (column.name == name) return std::get<std::vector<std::int64_t>>(column.cells);
  }
  throw Error(ErrorKind::internal, "no column '" + name + "'");
}

io::Table without_column(io::Table table, const std::string& name) {
  std::erase_if(table.columns, [&](const io::Column& column) { return column.name == name; });
  return table;
}

/// One graph a year, as GraphML readers take the first graph of a file only: network.graphml of the
/// reference year, and of several years network_YEAR.graphml of each.
void write_graphs(const std::string& folder, const Context& context,
                  const std::vector<YearResult>& years, std::int64_t reference_year,
                  const NamedTables& tables) {
  const auto& clusters = tables[0].second;
  const auto& flows = tables[1].second;
  for (const auto& year : years) {
    const auto number = year.diagnosis.year;
    const auto of_year = [&](const io::Table& table) {
      const auto& column = integers(table, "year");
      return [&column, number](std::size_t i) { return column[i] == number; };
    };
    const auto& from = integers(flows, "from");
    const auto& to = integers(flows, "to");
    const auto is_flow = of_year(flows);
    // The first columns are the ids: label; from, to.
    const auto nodes = without_column(filtered(clusters, of_year(clusters)), "year");
    const auto edges =
        without_column(filtered(flows,
                                [&](std::size_t i) {
                                  return is_flow(i) && from[i] != kNoCluster && to[i] != kNoCluster;
                                }),
                       "year");
    const auto write = [&](const std::string& name) {
      io::write_graphml(context.world(), folder + "/" + name, nodes, edges);
    };
    if (years.size() == 1 || number == reference_year) write("network.graphml");
    if (years.size() > 1) write("network_" + std::to_string(number) + ".graphml");
  }
}

}  // namespace

void write_results(const std::string& folder, const Context& context, const comm::ProcessGrid& grid,
                   const std::vector<YearResult>& years, const ResultOptions& options,
                   Provenance& provenance, const std::vector<YearMatch>& matches) {
  auto tables = whole_tables(years, options.diagnose);
  const auto types = add_types(tables.front().second, options.diagnose, provenance);
  auto trace =
      trace_table(tables.front().second, options.select, options.diagnose, options.reference_year);
  tables.emplace_back("trace", std::move(trace));
  if (years.size() > 1) {
    const auto& clusters = tables.front().second;
    auto table = matches_table(matches, clusters, clusters);
    auto panel = panel_table(clusters, matches, options.reference_year);
    tables.emplace_back("matches", std::move(table));
    tables.emplace_back("panel", std::move(panel));
  }
  for (const auto& [name, table] : tables)
    write_whole(folder + "/" + name + ".csv", context, table);
  const auto firms = all_slices(grid.group(), years, &YearResult::firms);
  write_slices(folder + "/firms.csv", context, grid, firms);
  auto all = tables;
  for (auto& named : groups_table(grid.group(), options.groups)) all.push_back(std::move(named));
  if (!context.world().is_root()) {
    for (auto& [name, table] : all) table = filtered(table, [](std::size_t) { return false; });
  }
  all.emplace_back("firms", firms);
  all.emplace_back("members", all_slices(grid.group(), years, &YearResult::members));
  on_first_replica(context, grid, [&] {
    io::write_results(grid.group(), folder + "/results.h5", all, provenance.attributes());
  });
  io::write_geojson(context.world(), folder + "/clusters.geojson", all_hulls(years),
                    tables[0].second);
  write_graphs(folder, context, years, options.reference_year, tables);
  context.print(types);
}

}  // namespace tradegraph::app
