#pragma once
/// A network prepared for betweenness: its 2-core to search, and the way back to all firms.

#include <span>
#include <vector>

#include "kernels/traversal/arc_lengths.hpp"
#include "kernels/traversal/folded_trees.hpp"
#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

/// The 2-core in an order in which neighbours stand together, and the mass of its vertices.
struct Core {
  std::vector<Vertex> firm;  ///< of each vertex
  WholeGraph arcs;
  std::vector<std::uint64_t> lengths;  ///< one an arc, or none
  std::vector<double> sources;
  std::vector<double> targets;
  std::vector<std::uint32_t> labels{};  ///< as in `PathGraph`, or none
  std::size_t label_count = 0;
};

/// `graph` may be without lengths. O(vertices + arcs).
[[nodiscard]] Core core_of(WeightedGraph graph, const FoldedTrees& trees);

/// Gives the vertices the labels of their firms, kNoCluster (nobody's) the last.
void label(Core& core, std::span<const Label> labels);

/// Undirected: all vertices of a component reach each other, so `sums.beyond_*` need no search.
void reach_of_components(const Core& core, PathSums& sums);

/// Betweenness of all firms in ordered pairs: what the searches found in the core, and the closed
/// form of the trees; with `endpoints`, paths count for their ends as well.
[[nodiscard]] std::vector<double> whole_scores(const Core& core, const PathSums& sums,
                                               const FoldedTrees& trees, const PathEnds& ends,
                                               bool endpoints);

/// Betweenness of all arcs of `whole`, in its order, in ordered pairs: what the searches found in
/// the core, and for the links of trees what lies on their two sides.
[[nodiscard]] std::vector<double> whole_link_scores(const WholeGraph& whole, const Core& core,
                                                    const PathSums& sums, const FoldedTrees& trees);

}  // namespace tradegraph::kernels
