#include "kernels/traversal/folded_trees.hpp"

namespace tradegraph::kernels {

namespace {

/// Partners in either direction: the union of the rows of a graph and its reverse, one at a time.
class Partners {
 public:
  explicit Partners(const WholeGraph& graph) : out_(graph), in_(reversed(graph)) {}

  /// Calls visit(partner, link to it, link from it) for each partner, ascending.
  template <class Visit>
  void of(Vertex v, Visit&& visit) const {
    const auto to = out_.of(v);
    const auto from = in_.of(v);
    std::size_t i = 0;
    std::size_t k = 0;
    while (i < to.size() || k < from.size()) {
      const bool has_to = i < to.size() && (k == from.size() || to[i] <= from[k]);
      const bool has_from = k < from.size() && (i == to.size() || from[k] <= to[i]);
      visit(has_to ? to[i] : from[k], has_to, has_from);
      i += has_to ? 1 : 0;
      k += has_from ? 1 : 0;
    }
  }

  [[nodiscard]] std::uint64_t count(Vertex v) const {
    std::uint64_t partners = 0;
    of(v, [&](Vertex, bool, bool) { ++partners; });
    return partners;
  }

 private:
  const WholeGraph& out_;
  WholeGraph in_;
};

class Folding {
 public:
  Folding(const WholeGraph& graph, FoldedTrees& result) : partners_(graph), result_(result) {
    const auto n = static_cast<Vertex>(graph.vertices());
    gone_.assign(n, 0);
    degree_.resize(n);
    for (Vertex v = 0; v < n; ++v) degree_[v] = partners_.count(v);
  }

  void run() {
    const auto n = static_cast<Vertex>(degree_.size());
    for (Vertex v = 0; v < n; ++v) take_off_from(v);
    for (Vertex v = 0; v < n; ++v) {
      if (gone_[v] == 0) result_.core.push_back(v);
    }
  }

 private:
  /// Takes off `v` if it is a leaf, then its parent if that has become one, and so on.
  void take_off_from(Vertex v) {
    while (v != FoldedFirm::kNoParent && gone_[v] == 0 && degree_[v] <= 1) v = take_off(v);
  }

  Vertex take_off(Vertex v) {
    gone_[v] = 1;
    FoldedFirm folded{v, FoldedFirm::kNoParent, false, false};
    partners_.of(v, [&](Vertex partner, bool to, bool from) {
      if (gone_[partner] == 0) folded = {v, partner, to, from};
    });
    result_.folded.push_back(folded);
    if (folded.parent != FoldedFirm::kNoParent) --degree_[folded.parent];
    return folded.parent;
  }

  Partners partners_;
  FoldedTrees& result_;
  std::vector<char> gone_;
  std::vector<std::uint64_t> degree_;
};

FoldedTrees with_own_mass(const PathEnds& ends) {
  FoldedTrees trees;
  trees.sources.assign(ends.sources.begin(), ends.sources.end());
  trees.targets.assign(ends.targets.begin(), ends.targets.end());
  trees.pairs_below.assign(ends.sources.size(), 0);
  return trees;
}

}  // namespace

FoldedTrees fold_trees(const WholeGraph& graph, const PathEnds& ends) {
  auto trees = with_own_mass(ends);
  Folding(graph, trees).run();
  for (const auto& [firm, parent, up, down] : trees.folded) {
    if (parent == FoldedFirm::kNoParent) continue;
    const double sources = up ? trees.sources[firm] : 0;
    const double targets = down ? trees.targets[firm] : 0;
    const double other_sources = trees.sources[parent] - ends.sources[parent];
    const double other_targets = trees.targets[parent] - ends.targets[parent];
    trees.pairs_below[parent] += sources * other_targets + other_sources * targets;
    trees.sources[parent] += sources;
    trees.targets[parent] += targets;
  }
  return trees;
}

FoldedTrees without_folding(const WholeGraph& graph, const PathEnds& ends) {
  auto trees = with_own_mass(ends);
  const auto n = static_cast<Vertex>(graph.vertices());
  std::vector<char> linked(n, 0);
  for (Vertex v = 0; v < n; ++v) {
    if (graph.degree(v) > 0) linked[v] = 1;
    for (const auto w : graph.of(v)) linked[w] = 1;
  }
  for (Vertex v = 0; v < n; ++v) {
    if (linked[v] != 0) trees.core.push_back(v);
  }
  return trees;
}

void unfold(const FoldedTrees& trees, Beyond& beyond) {
  for (auto it = trees.folded.rbegin(); it != trees.folded.rend(); ++it) {
    const auto& [firm, parent, up, down] = *it;
    beyond.targets[firm] = beyond.sources[firm] = 0;
    if (parent == FoldedFirm::kNoParent) continue;
    if (up) {
      beyond.targets[firm] =
          beyond.targets[parent] + trees.targets[parent] - (down ? trees.targets[firm] : 0);
    }
    if (down) {
      beyond.sources[firm] =
          beyond.sources[parent] + trees.sources[parent] - (up ? trees.sources[firm] : 0);
    }
  }
}

std::vector<double> tree_betweenness(const FoldedTrees& trees, const Beyond& beyond,
                                     const PathEnds& ends) {
  std::vector<double> score(trees.pairs_below);
  for (std::size_t v = 0; v < score.size(); ++v) {
    score[v] += (trees.sources[v] - ends.sources[v]) * beyond.targets[v] +
                beyond.sources[v] * (trees.targets[v] - ends.targets[v]);
  }
  return score;
}

}  // namespace tradegraph::kernels
