#include "app/study.hpp"

#include "app/cluster_hulls.hpp"
#include "app/firm_table.hpp"

namespace tradegraph::app {

namespace {

/// What the chosen variants need must be there.
void check_columns(const TradeNetwork& network, const DiagnoseOptions& options) {
  require(options.shares_of != "employees" || network.table().numbers.contains("employees"),
          ErrorKind::bad_input,
          "the snapshot has no column 'employees', which shares_of = employees needs");
  const bool has_amounts = network.has(Weight::amount) || network.link_count() == 0;
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

}  // namespace tradegraph::app
