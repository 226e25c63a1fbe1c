#include "kernels/traversal/betweenness_core.hpp"

#include <algorithm>
#include <utility>

namespace tradegraph::kernels {

namespace {

/// What lies beyond the subtree of every firm, from what the searches met in the core.
Beyond beyond_of_all(const Core& core, const PathSums& sums, const FoldedTrees& trees) {
  const auto n = trees.sources.size();
  Beyond beyond{std::vector<double>(n, 0.0), std::vector<double>(n, 0.0)};
  for (std::size_t v = 0; v < core.firm.size(); ++v) {
    beyond.targets[core.firm[v]] = sums.beyond_targets[v];
    beyond.sources[core.firm[v]] = sums.beyond_sources[v];
  }
  unfold(trees, beyond);
  return beyond;
}

}  // namespace

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

void label(Core& core, std::span<const Label> labels) {
  if (labels.empty()) return;
  const auto clusters = static_cast<std::uint32_t>(std::ranges::max(labels) + 1);
  core.label_count = std::size_t{clusters} + 1;
  for (const auto firm : core.firm) {
    const auto own = labels[firm];
    core.labels.push_back(own == kNoCluster ? clusters : static_cast<std::uint32_t>(own));
  }
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
                                 const PathEnds& ends, bool endpoints) {
  const auto beyond = beyond_of_all(core, sums, trees);
  auto score = tree_betweenness(trees, beyond, ends);
  for (std::size_t v = 0; v < core.firm.size(); ++v) score[core.firm[v]] += sums.dependency[v];
  if (!endpoints) return score;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (ends.sources[i] != 0) score[i] += trees.targets[i] - ends.targets[i] + beyond.targets[i];
    if (ends.targets[i] != 0) score[i] += trees.sources[i] - ends.sources[i] + beyond.sources[i];
  }
  return score;
}

std::vector<double> whole_link_scores(const WholeGraph& whole, const Core& core,
                                      const PathSums& sums, const FoldedTrees& trees) {
  std::vector<double> score(whole.neighbours.size(), 0.0);
  for (Vertex v = 0; v < static_cast<Vertex>(core.firm.size()); ++v) {
    for (auto k = core.arcs.offsets[v]; k < core.arcs.offsets[v + 1]; ++k) {
      const auto w = core.arcs.neighbours[k];
      score[whole.arc(core.firm[v], core.firm[w])] = sums.crossing[k];
    }
  }
  const auto beyond = beyond_of_all(core, sums, trees);
  for (const auto& [firm, parent, up, down] : trees.folded) {
    if (up) score[whole.arc(firm, parent)] = trees.sources[firm] * beyond.targets[firm];
    if (down) score[whole.arc(parent, firm)] = beyond.sources[firm] * trees.targets[firm];
  }
  return score;
}

}  // namespace tradegraph::kernels
