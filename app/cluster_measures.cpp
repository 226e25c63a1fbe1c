#include "app/cluster_measures.hpp"

#include <functional>

#include "app/members.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/log.hpp"
#include "kernels/assortativity.hpp"
#include "kernels/cluster_distances.hpp"
#include "kernels/clustering.hpp"
#include "kernels/hierarchy.hpp"
#include "kernels/inclusiveness.hpp"
#include "kernels/reach.hpp"

namespace tradegraph::app {

namespace {

YearClusters clusters_of(const TradeNetwork& network, const MeasureOptions& options) {
  const TimeAdder reading(network.times().reading_s);
  return read_clusters(network, options.members);
}

/// The network inside the clusters of --members, or all of it as one cluster; amounts only for the
/// measures that weigh by them.
kernels::ClusterLinks inside(const TradeNetwork& network, const MeasureOptions& options) {
  const bool weighs = options.kernel == "reach" && network.has(Weight::amount);
  const auto* amount = weighs ? &network.weights(Weight::amount) : nullptr;
  const auto directed = network.form(true, Weight::none);
  if (options.members.empty()) {
    const kernels::Labels all(network.grid(), network.rows(), 0);
    return kernels::cluster_links(directed, network.partners(), all, 1, amount);
  }
  const auto found = clusters_of(network, options);
  return kernels::cluster_links(directed, network.partners(), network.to_rows(found.labels),
                                found.clusters, amount);
}

/// What the pass over the links of all firms visits.
std::int64_t links_of(const TradeNetwork& network) {
  return 2 * (network.link_count() + network.partners().entries());
}

/// Named figures of the whole network as name,value, or of each cluster as one row a label.
MeasureResult of_clusters(const MeasureOptions& options,
                          const std::vector<std::pair<std::string, std::vector<double>>>& figures,
                          std::int64_t links) {
  io::Table table;
  if (options.members.empty()) {
    std::vector<std::string> names;
    std::vector<double> values;
    for (const auto& [name, of_label] : figures) {
      names.push_back(name);
      values.push_back(of_label.at(0));
    }
    table.columns = {{"name", names}, {"value", values}};
    return {table, false, {}, {{"links", links}}};
  }
  std::vector<Label> labels(figures.front().second.size());
  for (std::size_t c = 0; c < labels.size(); ++c) labels[c] = static_cast<Label>(c);
  table.columns.push_back({"label", labels});
  for (const auto& [name, of_label] : figures) table.columns.push_back({name, of_label});
  return {table, false, {}, {{"links", links}}};
}

template <class Figures, class Field>
std::vector<double> column(const std::vector<Figures>& figures, Field field) {
  std::vector<double> values;
  for (const auto& f : figures) values.push_back(std::invoke(field, f));
  return values;
}

}  // namespace

MeasureResult assortativity_of_clusters(const Context&, const TradeNetwork& network,
                                        const MeasureOptions& options) {
  using kernels::Assortativity;
  const auto named_figures = [](const std::vector<Assortativity>& figures) {
    return std::vector<std::pair<std::string, std::vector<double>>>{
        {"slope", column(figures, &Assortativity::slope)},
        {"pearson", column(figures, &Assortativity::pearson)},
        {"newman", column(figures, &Assortativity::newman)}};
  };
  if (options.members.empty() && !options.directed) {
    return of_clusters(options, named_figures({kernels::network_assortativity(network.partners())}),
                       network.partners().entries());
  }
  const auto links = inside(network, options);
  auto named = named_figures(kernels::assortativity(links));
  if (options.directed) named.emplace_back("newman_directed", kernels::newman_directed(links));
  return of_clusters(options, named, links_of(network));
}

MeasureResult hierarchy_of_clusters(const Context&, const TradeNetwork& network,
                                    const MeasureOptions& options) {
  using kernels::Hierarchy;
  const auto links = inside(network, options);
  const auto ordinal = kernels::hierarchy(links, kernels::TieRule::ordinal);
  const auto average = kernels::hierarchy(links, kernels::TieRule::average);
  return of_clusters(options,
                     {{"hierarchy", column(ordinal, &Hierarchy::hierarchy)},
                      {"r_squared", column(ordinal, &Hierarchy::r_squared)},
                      {"hierarchy_average_ties", column(average, &Hierarchy::hierarchy)},
                      {"r_squared_average_ties", column(average, &Hierarchy::r_squared)}},
                     links_of(network));
}

MeasureResult reach_of_clusters(const Context& context, const TradeNetwork& network,
                                const MeasureOptions& options) {
  using kernels::ShareReach;
  if (options.members.empty()) {
    log::info(
        "the whole network is one cluster: nothing is outside, so its shares inside are 1; "
        "--members gives them for each cluster");
  }
  const auto links = inside(network, options);
  const auto figures = kernels::share_reach(links);
  const auto sizes = kernels::inclusiveness(links);
  const auto in_distances = [&](const std::vector<kernels::PairsAt>& pairs, auto&& figure) {
    std::vector<double> values;
    for (std::size_t c = 0; c < pairs.size(); ++c)
      values.push_back(figure(pairs[c], sizes[c].nodes));
    return values;
  };
  const auto outside = [](const ShareReach& r) { return kernels::external_reach(r.uniform); };
  std::vector<std::pair<std::string, std::vector<double>>> named{
      {"share_in", column(figures, &ShareReach::uniform)},
      {"share_in_degree", column(figures, &ShareReach::degree)},
      {"share_in_amount", column(figures, &ShareReach::amount)},
      {"external_reach", column(figures, outside)}};
  if (options.distances.empty() || options.distances == "none")
    return of_clusters(options, named, links_of(network));
  const auto pairs =
      kernels::pairs_inside(network.partners(), links.labels, links.clusters, context.progress());
  named.emplace_back("reach_inside", in_distances(pairs, kernels::distance_reach));
  named.emplace_back("compactness", in_distances(pairs, kernels::compactness));
  if (options.distances == "inside") return of_clusters(options, named, links_of(network));
  const auto through = kernels::pairs_through_network(network.partners(), links.labels,
                                                      links.clusters, context.progress());
  named.emplace_back("reach_network", in_distances(through.network, kernels::distance_reach));
  named.emplace_back("reach_outside", in_distances(through.outside, kernels::distance_reach));
  return of_clusters(options, named, links_of(network));
}

MeasureResult clustering_of_clusters(const TradeNetwork& network, const MeasureOptions& options) {
  using kernels::Clustering;
  const auto found = clusters_of(network, options);
  const auto labels = network.to_rows(found.labels);
  const auto firms = kernels::firm_triangles_inside(network.partners(), labels);
  const auto figures = kernels::clustering(firms, labels, found.clusters);
  auto result = of_clusters(options,
                            {{"clustering", column(figures, &Clustering::clustering)},
                             {"transitivity", column(figures, &Clustering::transitivity)}},
                            0);
  std::vector<std::int64_t> triangles;
  for (const auto& one : figures) triangles.push_back(one.triangles);
  result.table.columns.push_back({"triangles", std::move(triangles)});
  result.work = {{"pairs_of_lists", firms.work.links}, {"entries_scanned", firms.work.entries}};
  return result;
}

}  // namespace tradegraph::app
