#pragma once
/// Which sources go into one batch.

#include <span>
#include <vector>

#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::kernels {

/// `sources` in an order in which those that stand together reach the network alike: at nearly the
/// same distances and over the same firms, so that one row operation serves many lanes.
///
/// First by how central they are: the number of walks of three links that begin there, by powers of
/// four, the most first. Then by the busiest neighbour, which most of their paths run over, then by
/// walks, then by number, which in breadth-first order of vertices means near each other.
/// O(vertices + arcs + sources log sources).
[[nodiscard]] std::vector<Vertex> batch_order(const WholeGraph& graph,
                                              std::span<const Vertex> sources);

}  // namespace tradegraph::kernels
