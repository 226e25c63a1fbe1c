#pragma once
/// Lengths of links in fixed point, so that paths of equal length are exactly equal: from strengths
/// (a strong link is short) or as given.

#include <cstdint>
#include <vector>

#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::kernels {

/// What the value of a link says.
enum class LinkValue {
  strength,  ///< length = max(1, round(S / strength))
  length     ///< length = max(1, round(S * length))
};

struct WeightedGraph {
  WholeGraph arcs;
  std::vector<std::uint64_t> lengths;  ///< one an arc, 1 or more
  double scale = 1;                    ///< S
};

/// The links of `a` (values real) on every rank. `scale` 0: given lengths that are all whole keep
/// S = 1; otherwise S is the largest power of two with which no path of n links exceeds 2^62.
/// Collective over the replica group; sends 16 bytes a link to each rank. Throws
/// `ErrorKind::bad_input` on all ranks for values that are not positive and finite, and for a scale
/// with which paths could exceed 2^62.
[[nodiscard]] WeightedGraph gather_lengths(const matrix::DistributedMatrix& a, LinkValue meaning,
                                           double scale);

/// As `relabelled(arcs, order)`, the lengths along with their arcs.
[[nodiscard]] WeightedGraph relabelled(const WeightedGraph& graph, std::span<const Vertex> order);

}  // namespace tradegraph::kernels
