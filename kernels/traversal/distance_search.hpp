#pragma once
/// Distances from many sources over all threads of all ranks: what harmonic closeness and the
/// reach of clusters sum up.

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/base/checkpoint.hpp"
#include "engine/base/progress.hpp"
#include "engine/comm/communicator.hpp"
#include "kernels/traversal/distance_batch.hpp"

namespace tradegraph::kernels {

/// A whole network in breadth-first order, so that neighbours stand together in memory and in
/// batches.
struct OrderedGraph {
  std::vector<Vertex> firm;  ///< global index of each vertex
  WholeGraph arcs;
};

[[nodiscard]] OrderedGraph in_breadth_first_order(const WholeGraph& graph);

struct DistanceSearch {
  const WholeGraph& arcs;
  std::span<const Vertex> sources;     ///< neighbours next to each other
  std::span<const Label> labels = {};  ///< one a vertex, or none
  std::int64_t clusters = 0;
  /// Takes the distances from `sources` (at most 64, lane by lane) on a thread of this rank.
  /// Threads call it at the same time.
  std::function<void(std::span<const Vertex> sources, std::span<const DistanceLevel> levels,
                     int thread)>
      visit;
  /// What has been summed up by all ranks, for a checkpoint. Collective.
  std::function<PartialWork()> gather_sums = {};
};

/// Visits every source once, on some rank, from batch `first` on. Returns the arcs scanned by all.
/// Collective over `world`.
std::int64_t search_distances(const comm::Communicator& world, const DistanceSearch& search,
                              std::int64_t first, ProgressSink& progress, Checkpoint* checkpoint);

}  // namespace tradegraph::kernels
