#include "kernels/traversal/source_order.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace tradegraph::kernels {

namespace {

/// Walks one link longer: the sum over the neighbours.
std::vector<double> longer(const WholeGraph& graph, const std::vector<double>& walks) {
  std::vector<double> sums(walks.size(), 0.0);
#pragma omp parallel for schedule(dynamic, 1024)
  for (std::size_t v = 0; v < walks.size(); ++v) {
    for (const auto w : graph.of(static_cast<Vertex>(v))) sums[v] += walks[w];
  }
  return sums;
}

Vertex busiest_neighbour(const WholeGraph& graph, Vertex v) {
  const auto neighbours = graph.of(v);
  const auto best =
      std::ranges::max_element(neighbours, {}, [&](Vertex w) { return graph.degree(w); });
  return best == neighbours.end() ? v : *best;
}

struct Key {
  double band;
  Vertex hub;
  double walks;
  Vertex source;

  [[nodiscard]] auto tie() const { return std::make_tuple(-band, hub, -walks, source); }
};

}  // namespace

std::vector<Vertex> batch_order(const WholeGraph& graph, std::span<const Vertex> sources) {
  std::vector<double> walks(static_cast<std::size_t>(graph.vertices()), 1.0);
  for (int links = 0; links < 3; ++links) walks = longer(graph, walks);
  std::vector<Key> keys;
  keys.reserve(sources.size());
  for (const auto v : sources) {
    const double band = std::floor(std::log2(walks[v] + 1) / 2);
    keys.push_back({band, busiest_neighbour(graph, v), walks[v], v});
  }
  std::ranges::sort(keys, {}, &Key::tie);
  std::vector<Vertex> order;
  order.reserve(keys.size());
  for (const auto& key : keys) order.push_back(key.source);
  return order;
}

}  // namespace tradegraph::kernels
