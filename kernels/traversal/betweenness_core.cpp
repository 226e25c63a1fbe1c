#include "kernels/traversal/betweenness_core.hpp"

#include <utility>

namespace tradegraph::kernels {

Core core_of(WeightedGraph graph, const FoldedTrees& trees) {
  Core core;
  const auto arcs = relabelled(graph.arcs, trees.core);
  for (const auto v : breadth_first_order(arcs, arcs.busiest())) {
    core.firm.push_back(trees.core[v]);
  }
  if (graph.lengths.empty()) {
    core.arcs = relabelled(graph.arcs, core.firm);
  } else {
    auto in_order = relabelled(graph, core.firm);
    core.arcs = std::move(in_order.arcs);
    core.lengths = std::move(in_order.lengths);
  }
  for (const auto firm : core.firm) {
    core.sources.push_back(trees.sources[firm]);
    core.targets.push_back(trees.targets[firm]);
  }
  return core;
}

void reach_of_components(const Core& core, PathSums& sums) {
  const auto n = static_cast<std::size_t>(core.arcs.vertices());
  const auto order = breadth_first_order(core.arcs, 0);
  std::vector<char> seen(n, 0);
  // In breadth-first order a component is contiguous, and begins with a vertex nobody has seen.
  for (std::size_t begin = 0, end = 0; begin < n; begin = end) {
    double targets = 0;
    double sources = 0;
    seen[order[begin]] = 1;
    for (end = begin; end < n && seen[order[end]] != 0; ++end) {
      targets += core.targets[order[end]];
      sources += core.sources[order[end]];
      for (const auto w : core.arcs.of(order[end])) seen[w] = 1;
    }
    for (auto i = begin; i < end; ++i) {
      sums.beyond_targets[order[i]] = targets - core.targets[order[i]];
      sums.beyond_sources[order[i]] = sources - core.sources[order[i]];
    }
  }
}

std::vector<double> whole_scores(const Core& core, const PathSums& sums, const FoldedTrees& trees,
                                 std::span<const char> is_source, bool endpoints) {
  const auto n = is_source.size();
  Beyond beyond{std::vector<double>(n, 0.0), std::vector<double>(n, 0.0)};
  for (std::size_t v = 0; v < core.firm.size(); ++v) {
    beyond.targets[core.firm[v]] = sums.beyond_targets[v];
    beyond.sources[core.firm[v]] = sums.beyond_sources[v];
  }
  unfold(trees, beyond);
  auto score = tree_betweenness(trees, beyond, is_source);
  for (std::size_t v = 0; v < core.firm.size(); ++v) score[core.firm[v]] += sums.dependency[v];
  if (!endpoints) return score;
  for (std::size_t i = 0; i < n; ++i) {
    if (is_source[i] != 0) score[i] += trees.targets[i] - 1 + beyond.targets[i];
    score[i] += trees.sources[i] - is_source[i] + beyond.sources[i];
  }
  return score;
}

}  // namespace tradegraph::kernels
