#include "app/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "app/cluster_measures.hpp"
#include "app/file_checkpoint.hpp"
#include "app/link_table.hpp"
#include "app/members.hpp"
#include "app/output.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/text.hpp"
#include "kernels/clustering.hpp"
#include "kernels/components.hpp"
#include "kernels/core_number.hpp"
#include "kernels/degree.hpp"
#include "kernels/harmonic.hpp"
#include "kernels/harmonic_estimate.hpp"
#include "kernels/pagerank.hpp"
#include "kernels/strong_components.hpp"
#include "kernels/traversal/cardinality.hpp"

namespace tradegraph::app {

namespace {

using kernels::DegreeMode;

/// In an undirected network every link is seen from both ends: its rows are all there is.
DegreeMode mode_of(const MeasureOptions& options) {
  if (!options.directed || options.mode == "out") return DegreeMode::out;
  return options.mode == "in" ? DegreeMode::in : DegreeMode::all;
}

/// id,value in input order.
template <class T>
MeasureResult of_nodes(const TradeNetwork& network, const matrix::DistributedVector<T>& values) {
  const TimeAdder arranging(network.times().arranging_s);
  io::Table table;
  table.columns.push_back({"id", strings(network.order_of_table().apply(network.table().id))});
  table.columns.push_back({"value", network.order_of_rows().apply(values.values())});
  return {std::move(table), true};
}

MeasureResult degree(const Context&, const TradeNetwork& network, const MeasureOptions& options) {
  const auto a = network.form(options.directed, Weight::none);
  const auto mode = mode_of(options);
  auto result = of_nodes(network, kernels::degree(a, mode));
  // Out-degrees come from the rows' bounds alone.
  result.work = {{"links", mode == DegreeMode::out ? 0 : a.entries()}};
  return result;
}

MeasureResult strength(const Context&, const TradeNetwork& network, const MeasureOptions& options) {
  const auto a = network.form(options.directed, options.weight);
  auto result = of_nodes(network, kernels::strength(a, mode_of(options)));
  result.work = {{"links", a.entries()}};
  return result;
}

/// Where links have no direction, strong components are the weak ones.
MeasureResult components(const Context&, const TradeNetwork& network,
                         const MeasureOptions& options) {
  const bool strong = options.strong && options.directed && network.directed_by_file();
  const auto found = strong ? kernels::strong_components(network.links(), network.input_row())
                            : kernels::components(network.links(), network.input_row());
  auto result = of_nodes(network, found.label);
  const auto all = kernels::summary(found);
  result.summary =
      fmt::format("{} {} components; the largest has {} firms, {} have one\n", all.count,
                  options.strong ? "strong" : "weak", all.largest, all.single);
  result.work = {{"links", network.link_count()}};
  return result;
}

/// Of U unless a direction is asked for.
MeasureResult core_number(const Context&, const TradeNetwork& network,
                          const MeasureOptions& options) {
  const bool both = options.mode.empty() || options.mode == "all" || !options.directed ||
                    !network.directed_by_file();
  const auto compute = [&] {
    if (both) return kernels::core_number(network.partners());
    if (options.mode == "in") return kernels::in_core_number(network.links());
    return kernels::in_core_number(network.reversed_links());
  };
  const auto core = compute();
  auto result = of_nodes(network, core);
  const auto& group = network.grid().group();
  std::int64_t largest = 0;
  for (const auto k : core.values()) largest = std::max(largest, k);
  largest = comm::all_reduce(group, largest, comm::ReduceOp::max);
  const auto in_it = comm::all_reduce<std::int64_t>(
      group, std::ranges::count(core.values(), largest), comm::ReduceOp::sum);
  result.summary = fmt::format("the largest core number is {}, of {} firms\n", largest, in_it);
  result.work = {{"links", (both ? network.partners() : network.links()).entries()}};
  return result;
}

/// Each iteration leaves at most d of the change, which is 2 at first; twice as many as that needs.
std::int64_t enough_iterations(const kernels::PageRankConfig& config) {
  if (config.damping <= 0) return config.max_iterations;
  const double needed = std::log(config.tolerance / 2) / std::log(config.damping);
  return std::max(config.max_iterations, static_cast<std::int64_t>(std::min(2 * needed, 1e15)));
}

MeasureResult pagerank(const Context&, const TradeNetwork& network, const MeasureOptions& options) {
  kernels::PageRankConfig config{.damping = options.damping.value_or(0.85),
                                 .symmetric = !options.directed};
  config.max_iterations = enough_iterations(config);
  const auto a = [&] {
    if (!options.directed) return network.form(false, options.weight);
    if (options.weight == Weight::none && network.directed_by_file()) {
      return network.reversed_links();
    }
    const auto weighed = network.form(true, options.weight);
    const TimeAdder forming(network.times().forming_s);
    return weighed.transpose();
  }();
  const auto found = kernels::pagerank(a, config);
  auto result = of_nodes(network, found.rank);
  result.work = {{"iterations", found.iterations}, {"links", found.iterations * a.entries()}};
  return result;
}

/// Without any, a file of ends of paths would ask for nothing.
std::vector<std::int64_t> read_some_nodes(const TradeNetwork& network, const std::string& path) {
  auto nodes = read_nodes(network, path);
  require(!nodes.empty(), ErrorKind::bad_input, path + ": names no node");
  return nodes;
}

MeasureResult betweenness(const Context& context, const TradeNetwork& network,
                          const MeasureOptions& options) {
  BetweennessTask task;
  task.directed = options.directed;
  task.normalised = options.normalised;
  task.weight = options.weight;
  if (!options.sources.empty()) task.sources = read_some_nodes(network, options.sources);
  if (!options.targets.empty()) task.targets = read_some_nodes(network, options.targets);
  if (!options.members.empty()) {
    task.clusters =
        matrix::gather_all(network.to_rows(read_clusters(network, options.members).labels));
  }
  task.checkpoint = options.output + ".checkpoint.h5";
  task.input = options.network;
  if (options.betweenness.edges) {
    auto found = measure_link_betweenness(context, network, task, options.betweenness);
    return {link_table(network, found.links, found.score, options.directed), true, found.summary,
            std::move(found.work)};
  }
  auto found = measure_betweenness(context, network, task, options.betweenness);
  if (found.top) return {*found.top, false, found.summary, std::move(found.work)};
  auto result = of_nodes(network, found.score);
  result.summary = found.summary;
  result.work = std::move(found.work);
  return result;
}

/// id, value, standard_error.
MeasureResult harmonic_estimate(const Context& context, const TradeNetwork& network,
                                const MeasureOptions& options) {
  kernels::HarmonicEstimateConfig config;
  config.directed = options.directed;
  config.normalised = options.normalised;
  config.seed = static_cast<std::uint64_t>(context.options().seed);
  if (options.betweenness.epsilon != 0) config.error = options.betweenness.epsilon;
  const auto found = kernels::estimate_harmonic(network.form(options.directed, Weight::none),
                                                config, context.progress());
  auto result = of_nodes(network, found.score);
  result.table.columns.push_back(
      {"standard_error", network.order_of_rows().apply(found.standard_error.values())});
  result.summary = fmt::format(
      "estimated (HyperBall): {} runs with 64 registers a firm; relative standard error about "
      "{:.3g}; {} counters joined\n",
      config.runs(), kernels::kCounterError / std::sqrt(static_cast<double>(config.runs())),
      found.counters_joined);
  result.work = {{"counters_joined", found.counters_joined}};
  return result;
}

MeasureResult harmonic(const Context& context, const TradeNetwork& network,
                       const MeasureOptions& options) {
  if (options.betweenness.approximate) return harmonic_estimate(context, network, options);
  const auto a = network.form(options.directed, Weight::none);
  const kernels::HarmonicConfig config{options.directed, options.normalised};
  FileCheckpoint checkpoint(
      context, options.output + ".checkpoint.h5",
      work_on(context, options.network, options.directed ? "harmonic directed" : "harmonic"),
      options.betweenness.checkpoint_minutes * 60);
  const auto found = kernels::harmonic(a, config, context.progress(), &checkpoint);
  auto result = of_nodes(network, found.score);
  result.summary =
      fmt::format("exact: {} searches, {} links scanned\n", found.sources, found.arcs_scanned);
  result.work = {{"searches", found.sources}, {"links_scanned", found.arcs_scanned}};
  return result;
}

std::string share(double value) {
  return std::isnan(value) ? "not defined" : fmt::format("{:.6g}", value);
}

/// Of each firm among its partners in either direction, whatever the direction asked for.
MeasureResult clustering(const Context&, const TradeNetwork& network,
                         const MeasureOptions& options) {
  if (!options.members.empty()) return clustering_of_clusters(network, options);
  const auto firms = kernels::firm_triangles(network.partners());
  auto result = options.kernel == "triangles" ? of_nodes(network, firms.triangles)
                                              : of_nodes(network, kernels::local_clustering(firms));
  const kernels::Labels all(network.grid(), network.rows(), 0);
  const auto whole = kernels::clustering(firms, all, 1).at(0);
  result.summary = fmt::format("{} triangles, mean local clustering {}, transitivity {}\n",
                               whole.triangles, share(whole.clustering), share(whole.transitivity));
  result.work = {{"pairs_of_lists", firms.work.links}, {"entries_scanned", firms.work.entries}};
  return result;
}

using Measure = MeasureResult (*)(const Context&, const TradeNetwork&, const MeasureOptions&);

const std::map<std::string, Measure>& measures() {
  static const std::map<std::string, Measure> all{{"assortativity", assortativity_of_clusters},
                                                  {"betweenness", betweenness},
                                                  {"clustering", clustering},
                                                  {"components", components},
                                                  {"core_number", core_number},
                                                  {"degree", degree},
                                                  {"harmonic", harmonic},
                                                  {"hierarchy", hierarchy_of_clusters},
                                                  {"pagerank", pagerank},
                                                  {"reach", reach_of_clusters},
                                                  {"strength", strength},
                                                  {"triangles", clustering}};
  return all;
}

}  // namespace

std::vector<std::string> measure_kernels() {
  std::vector<std::string> names;
  for (const auto& [name, measure] : measures()) names.push_back(name);
  return names;
}

void check_options(const MeasureOptions& options) {
  const auto goes_with = [&](bool given, const std::string& names,
                             std::initializer_list<const char*> kernels) {
    std::string list;
    for (const char* kernel : kernels) {
      if (!given || options.kernel == kernel) return;
      list += (list.empty() ? "" : ", ") + std::string(kernel);
    }
    throw Error(ErrorKind::usage, names + " goes with " + list + ", not with " + options.kernel);
  };
  goes_with(!options.mode.empty(), "--mode", {"degree", "strength", "core_number"});
  goes_with(options.strong, "--strong", {"components"});
  goes_with(options.weight != Weight::none, "--weight", {"strength", "pagerank", "betweenness"});
  goes_with(options.damping.has_value(), "--damping", {"pagerank"});
  goes_with(!options.sources.empty(), "--sources", {"betweenness"});
  goes_with(!options.targets.empty(), "--targets", {"betweenness"});
  goes_with(options.normalised, "--normalised", {"betweenness", "harmonic"});
  goes_with(!options.distances.empty(), "--distances", {"reach"});
  goes_with(!options.members.empty(), "--members",
            {"assortativity", "betweenness", "clustering", "hierarchy", "reach", "triangles"});
  goes_with(options.betweenness.any_given(),
            "--edges, --endpoints, --method, --weight-is, --scale, --delta, --top",
            {"betweenness"});
  goes_with(options.betweenness.approximate || options.betweenness.epsilon != 0,
            "--approximate, --epsilon", {"betweenness", "harmonic"});
  check_betweenness_options(options.betweenness,
                            {options.weight != Weight::none, !options.sources.empty(),
                             !options.targets.empty(), !options.members.empty()});
  const double damping = options.damping.value_or(0);
  require(damping >= 0 && damping < 1, ErrorKind::usage,
          "--damping must be at least 0 and below 1, not " + to_text(damping));
}

MeasureResult compute_measure(const Context& context, const TradeNetwork& network,
                              const MeasureOptions& options) {
  return measures().at(options.kernel)(context, network, options);
}

}  // namespace tradegraph::app
