#pragma once
/// A network without its trees. Firms of degree 1 are taken off again and again; what is left, the
/// 2-core, carries their mass as weights, and their own share of betweenness has a closed form
/// (Baglioni et al. 2012, doi:10.1109/ASONAM.2012.48; Sariyüce et al. 2013,
/// doi:10.1137/1.9781611972832.76). In trade networks it is about half of the firms with partners.
///
/// Directed as undirected: a tree hangs on partners in either direction, and each of its branches
/// says whether mass flows up it, down it, or both. Let c be a child of p:
///   sources(p) = [p is a source] + sum over c with a link c -> p of sources(c),
///   targets(p) = [p is a target] + sum over c with a link p -> c of targets(c).

#include <cstdint>
#include <vector>

#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::kernels {

/// A firm that is taken off, with the firm that it hangs on.
struct FoldedFirm {
  static constexpr Vertex kNoParent = ~Vertex{0};
  Vertex firm;
  Vertex parent;  ///< or `kNoParent`: the last of a component that is a tree
  bool up;        ///< a link from the firm to its parent
  bool down;      ///< a link from the parent to the firm
};

struct FoldedTrees {
  std::vector<FoldedFirm> folded;  ///< in the order they are taken off: children before parents
  std::vector<Vertex> core;        ///< firms that remain, ascending
  std::vector<double> sources;     ///< of each firm's subtree, itself included; one a firm
  std::vector<double> targets;     ///< likewise
  /// Ordered pairs between different children's subtrees of each firm: they meet in the firm.
  std::vector<double> pairs_below;
};

/// Whose paths count: those from the sources to the targets; 0 or 1 a firm each.
struct PathEnds {
  std::vector<char> sources;
  std::vector<char> targets;
};

/// `graph`: without loops. O(vertices + arcs).
[[nodiscard]] FoldedTrees fold_trees(const WholeGraph& graph, const PathEnds& ends);

/// No trees are folded: the core is all firms with partners. For what trees have no closed form
/// for, since their firms' mass is not one number.
[[nodiscard]] FoldedTrees without_folding(const WholeGraph& graph, const PathEnds& ends);

/// What lies beyond each firm's own subtree: targets it reaches, sources that reach it.
struct Beyond {
  std::vector<double> targets;
  std::vector<double> sources;
};

/// Completes `beyond`, given for the core, for the folded firms, from the parents down.
void unfold(const FoldedTrees& trees, Beyond& beyond);

/// Shortest paths through each firm that begin or end in its subtree, as ordered pairs:
/// pairs_below + (sources - own) * beyond.targets + beyond.sources * (targets - own).
[[nodiscard]] std::vector<double> tree_betweenness(const FoldedTrees& trees, const Beyond& beyond,
                                                   const PathEnds& ends);

}  // namespace tradegraph::kernels
