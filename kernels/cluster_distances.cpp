#include "kernels/cluster_distances.hpp"

#include <omp.h>

#include <algorithm>
#include <numeric>
#include <span>

#include "engine/comm/collectives.hpp"
#include "kernels/traversal/distance_search.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using Labels = matrix::DistributedVector<Label>;

/// Pairs by cluster and distance, of one thread.
class PairTable {
 public:
  explicit PairTable(std::int64_t clusters) : pairs_(static_cast<std::size_t>(clusters)) {}

  void add(Label label, std::size_t level, std::int64_t count) {
    auto& pairs = pairs_[static_cast<std::size_t>(label)];
    if (pairs.size() <= level) pairs.resize(level + 1, 0);
    pairs[level] += count;
  }

  void add(const PairTable& other) {
    for (std::size_t c = 0; c < pairs_.size(); ++c) {
      const auto& pairs = other.pairs_[c];
      for (std::size_t d = 0; d < pairs.size(); ++d) add(static_cast<Label>(c), d, pairs[d]);
    }
  }

  /// Sums over ranks; distances beyond the last pair are cut off. Collective.
  [[nodiscard]] std::vector<PairsAt> total(const comm::Communicator& world) const {
    std::vector<std::int64_t> lengths;
    for (const auto& pairs : pairs_) lengths.push_back(static_cast<std::int64_t>(pairs.size()));
    comm::all_reduce_in_place(world, std::span(lengths), comm::ReduceOp::max);
    std::vector<std::int64_t> flat;
    for (std::size_t c = 0; c < pairs_.size(); ++c) {
      flat.insert(flat.end(), pairs_[c].begin(), pairs_[c].end());
      flat.resize(flat.size() + static_cast<std::size_t>(lengths[c]) - pairs_[c].size(), 0);
    }
    comm::all_reduce_in_place(world, std::span(flat), comm::ReduceOp::sum);
    std::vector<PairsAt> result;
    auto at = flat.begin();
    for (const auto length : lengths) {
      auto& pairs = result.emplace_back(at, at + length);
      while (!pairs.empty() && pairs.back() == 0) pairs.pop_back();
      at += length;
    }
    return result;
  }

 private:
  std::vector<PairsAt> pairs_;
};

struct Tables {
  PairTable same;
  PairTable other;
};

/// Pairs from every vertex of `sources` in the graph, by the source's label.
Tables count_pairs(const comm::Communicator& world, const OrderedGraph& graph,
                   std::span<const Vertex> sources, std::span<const Label> labels,
                   std::int64_t clusters, ProgressSink& progress) {
  std::vector<Tables> tables(static_cast<std::size_t>(omp_get_max_threads()),
                             {PairTable(clusters), PairTable(clusters)});
  const DistanceSearch search{
      graph.arcs, sources, labels, clusters,
      [&](std::span<const Vertex> lanes, std::span<const DistanceLevel> levels, int thread) {
        auto& mine = tables[static_cast<std::size_t>(thread)];
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
          const auto label = labels[lanes[lane]];
          for (std::size_t d = 0; d < levels.size(); ++d) {
            const auto same = levels[d].same_label[lane];
            mine.same.add(label, d, same);
            mine.other.add(label, d, levels[d].all[lane] - same);
          }
        }
      }};
  search_distances(world, search, 0, progress, nullptr);
  for (std::size_t t = 1; t < tables.size(); ++t) {
    tables[0].same.add(tables[t].same);
    tables[0].other.add(tables[t].other);
  }
  return std::move(tables[0]);
}

struct LabelledGraph {
  OrderedGraph graph;
  std::vector<Label> labels;
  std::vector<Vertex> members;  ///< with a label and a link
};

/// Collective.
LabelledGraph gather_labelled(const DistributedMatrix& u, const Labels& labels) {
  LabelledGraph result{in_breadth_first_order(gather_whole(u)), {}, {}};
  const auto of_firm = matrix::gather_all(labels);
  for (Vertex v = 0; v < static_cast<Vertex>(result.graph.firm.size()); ++v) {
    const auto label = of_firm[result.graph.firm[v]];
    result.labels.push_back(label);
    if (label != kNoCluster && result.graph.arcs.degree(v) > 0) result.members.push_back(v);
  }
  return result;
}

}  // namespace

std::vector<PairsAt> pairs_inside(const DistributedMatrix& u, const Labels& labels,
                                  std::int64_t clusters, ProgressSink& progress) {
  const auto inside = gather_labelled(u.select_same_label(labels), labels);
  const auto& world = u.grid().world();
  return count_pairs(world, inside.graph, inside.members, inside.labels, clusters, progress)
      .same.total(world);
}

PairsThroughNetwork pairs_through_network(const DistributedMatrix& u, const Labels& labels,
                                          std::int64_t clusters, ProgressSink& progress) {
  const auto whole = gather_labelled(u, labels);
  const auto& world = u.grid().world();
  const auto tables =
      count_pairs(world, whole.graph, whole.members, whole.labels, clusters, progress);
  return {tables.same.total(world), tables.other.total(world)};
}

double connected_share(const PairsAt& pairs, std::int64_t nodes, std::size_t steps) {
  if (nodes < 2) return kUndefined;
  const auto within = std::span(pairs).first(std::min(steps, pairs.size()));
  const auto joined = std::accumulate(within.begin(), within.end(), std::int64_t{0});
  return static_cast<double>(joined) /
         (static_cast<double>(nodes) * static_cast<double>(nodes - 1));
}

double distance_reach(const PairsAt& pairs, std::int64_t nodes) {
  if (nodes < 1) return kUndefined;
  double sum = 0;
  for (std::size_t d = 0; d < pairs.size(); ++d) {
    sum += static_cast<double>(pairs[d]) / static_cast<double>(d + 1);
  }
  return sum / static_cast<double>(nodes);
}

double compactness(const PairsAt& pairs, std::int64_t nodes) {
  if (nodes < 2) return kUndefined;
  return distance_reach(pairs, nodes) / static_cast<double>(nodes - 1);
}

}  // namespace tradegraph::kernels
