#include "kernels/betweenness.hpp"

#include <omp.h>

#include <algorithm>

#include "engine/comm/collectives.hpp"
#include "kernels/betweenness_products.hpp"
#include "kernels/degree.hpp"
#include "kernels/traversal/betweenness_core.hpp"
#include "kernels/traversal/core_search.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;

/// Firms that are named, or all; with clusters, only those in one.
std::vector<char> flags(std::int64_t firms, const std::vector<std::int64_t>& named,
                        const std::vector<Label>& clusters) {
  std::vector<char> result(static_cast<std::size_t>(firms), named.empty() ? 1 : 0);
  for (const auto firm : named) result[static_cast<std::size_t>(firm)] = 1;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (clusters[i] == kNoCluster) result[i] = 0;
  }
  return result;
}

PathEnds path_ends(std::int64_t firms, const BetweennessConfig& config) {
  return {flags(firms, config.sources, config.clusters),
          flags(firms, config.targets, config.clusters)};
}

/// The network as it is searched, and what leads back from there to its firms and links.
struct Prepared {
  WholeGraph whole;  ///< kept only for the scores of links
  PathEnds ends;
  FoldedTrees trees;
  Core core;
  double length_scale = 1;
};

Prepared prepare(const DistributedMatrix& a, const BetweennessConfig& config, bool keep_whole) {
  Prepared result;
  auto graph = config.weighted ? gather_lengths(a, config.value, config.scale)
                               : WeightedGraph{gather_whole(a), {}, 1};
  if (keep_whole) result.whole = graph.arcs;
  result.length_scale = graph.scale;
  result.ends = path_ends(a.rows(), config);
  // The firms of a tree have clusters of their own: their mass is not one number.
  result.trees = config.clusters.empty() ? fold_trees(graph.arcs, result.ends)
                                         : without_folding(graph.arcs, result.ends);
  result.core = core_of(std::move(graph), result.trees);
  label(result.core, config.clusters);
  return result;
}

PathSums search(const Prepared& network, const DistributedMatrix& a,
                const BetweennessConfig& config, int threads, bool count_links,
                ProgressSink& progress, Checkpoint* checkpoint) {
  const CoreSearch how{threads, config.directed && config.clusters.empty(), count_links};
  auto sums = search_core(network.core, a.grid().world(), how, progress, checkpoint);
  if (!config.directed) reach_of_components(network.core, sums);
  return sums;
}

Betweenness by_batches(const DistributedMatrix& a, const BetweennessConfig& config, int threads,
                       ProgressSink& progress, Checkpoint* checkpoint) {
  const auto network = prepare(a, config, false);
  const auto sums = search(network, a, config, threads, false, progress, checkpoint);
  const auto score =
      whole_scores(network.core, sums, network.trees, network.ends, config.endpoints);
  matrix::DistributedVector<double> mine(a.grid(), a.row_layout(), 0.0);
  const double scale = betweenness_scale(config, a.rows());
  const auto firms = a.row_layout().globals_of(a.grid().group().rank());
  for (std::size_t i = 0; i < firms.size(); ++i) {
    mine.values()[i] = score[static_cast<std::size_t>(firms[i])] * scale;
  }
  return {std::move(mine), sums.work, BetweennessMethod::batches, network.length_scale};
}

/// Both directions of an undirected link get the sum of them.
std::vector<double> of_both_directions(const WholeGraph& links, const std::vector<double>& score) {
  std::vector<double> result(score.size());
  for (Vertex v = 0; v < static_cast<Vertex>(links.vertices()); ++v) {
    for (auto k = links.offsets[v]; k < links.offsets[v + 1]; ++k) {
      result[k] = score[k] + score[links.arc(links.neighbours[k], v)];
    }
  }
  return result;
}

/// Threads that fit into the memory allowed; 0 = not even one.
int threads_that_fit(const DistributedMatrix& a, const BetweennessConfig& config, bool of_links) {
  int threads = omp_get_max_threads();
  if (config.memory_bytes == 0) return threads;
  const auto crossing = of_links ? 8 * a.entries() : 0;
  const auto needed = [&] {
    return betweenness_bytes(a, threads, config.clusters.empty()) + threads * crossing;
  };
  while (threads > 0 && needed() > config.memory_bytes) --threads;
  return comm::all_reduce(a.grid().world(), std::int32_t{threads}, comm::ReduceOp::min);
}

}  // namespace

void BetweennessConfig::validate(std::int64_t firms) const {
  require(batch_size > 0, ErrorKind::usage, "betweenness needs a batch of at least one source");
  const auto inside = [=](std::int64_t firm) { return firm >= 0 && firm < firms; };
  require(std::ranges::all_of(sources, inside), ErrorKind::usage,
          "betweenness: a source is not a firm of the network");
  require(std::ranges::all_of(targets, inside), ErrorKind::usage,
          "betweenness: a target is not a firm of the network");
  require(clusters.empty() || std::ssize(clusters) == firms, ErrorKind::usage,
          "betweenness between clusters needs a label for each firm");
  require(clusters.empty() || !endpoints, ErrorKind::usage,
          "betweenness between clusters does not count endpoints");
}

double betweenness_scale(const BetweennessConfig& config, std::int64_t firms) {
  const auto n = static_cast<double>(firms);
  const double pairs = config.endpoints ? n * (n - 1) : (n - 1) * (n - 2);
  // Halving each sum and halving the number of pairs cancel.
  if (config.normalised) return pairs > 0 ? 1 / pairs : kUndefined;
  return config.directed ? 1 : 0.5;
}

std::int64_t betweenness_bytes(const DistributedMatrix& a, int threads, bool folded) {
  const auto links = a.entries();
  const auto partners = degree(a, DegreeMode::all);
  const std::int64_t few = folded ? 1 : 0;
  std::int64_t mine = 0;
  for (const auto count : partners.values()) mine += count > few ? 1 : 0;
  const auto core = comm::all_reduce(a.grid().group(), mine, comm::ReduceOp::sum);
  return 24 * links + 60 * a.rows() + threads * (360 * core + 16 * links);
}

Betweenness betweenness(const DistributedMatrix& a, const BetweennessConfig& config,
                        ProgressSink& progress, Checkpoint* checkpoint) {
  config.validate(a.rows());
  int threads = omp_get_max_threads();
  if (config.method == BetweennessMethod::automatic) threads = threads_that_fit(a, config, false);
  const bool products = config.method == BetweennessMethod::products || threads == 0;
  const bool plain = !config.weighted && config.targets.empty() && config.clusters.empty();
  require(!products || plain, ErrorKind::memory,
          "shortest paths by length, to some targets or between clusters need the whole network on "
          "each rank: more memory");
  if (products) return betweenness_by_products(a, config, progress);
  return by_batches(a, config, threads, progress, checkpoint);
}

LinkBetweenness link_betweenness(const DistributedMatrix& a, const BetweennessConfig& config,
                                 ProgressSink& progress, Checkpoint* checkpoint) {
  config.validate(a.rows());
  require(!config.endpoints && config.method != BetweennessMethod::products, ErrorKind::usage,
          "betweenness of links has neither endpoints nor products");
  const int threads = threads_that_fit(a, config, true);
  require(threads > 0, ErrorKind::memory,
          "betweenness of links needs the whole network on each rank: more memory");
  auto network = prepare(a, config, true);
  const auto sums = search(network, a, config, threads, true, progress, checkpoint);
  auto score = whole_link_scores(network.whole, network.core, sums, network.trees);
  if (!config.directed) score = of_both_directions(network.whole, score);
  // A path between any two firms may run over a link: the pairs are those with endpoints.
  auto pairs = config;
  pairs.endpoints = true;
  const double scale = betweenness_scale(pairs, a.rows());
  for (auto& value : score) value *= scale;
  return {std::move(network.whole), std::move(score), sums.work, network.length_scale};
}

}  // namespace tradegraph::kernels
