#pragma once
/// Shortest paths by length, one source after the other: Dijkstra's search (1959) with a radix
/// heap, then Brandes's accumulation (2001, doi:10.1080/0022250X.2001.9990249), which finds the
/// successors again by their distances instead of storing them.
///
/// Path counts are double, and of any size where they exceed it. Memory: 40 bytes a vertex, 96 more
/// once counts of any size were needed.

#include <memory>
#include <span>

#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

/// `lengths`: one an arc of `graph`, 1 or more. Both must outlive the batch.
[[nodiscard]] std::unique_ptr<PathBatch> make_length_batch(const PathGraph& graph,
                                                           std::span<const std::uint64_t> lengths);

}  // namespace tradegraph::kernels
