#include "kernels/traversal/whole_graph.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "engine/comm/collectives.hpp"

namespace tradegraph::kernels {

namespace {

constexpr Vertex kLeftOut = std::numeric_limits<Vertex>::max();

/// An arc in 8 bytes, as it is sent.
std::uint64_t packed(std::int64_t row, std::int64_t column) {
  return static_cast<std::uint64_t>(row) << 32 | static_cast<std::uint64_t>(column);
}

WholeGraph from_arcs(std::int64_t vertices, std::span<const std::uint64_t> arcs) {
  WholeGraph graph;
  graph.offsets.assign(static_cast<std::size_t>(vertices) + 1, 0);
  for (const auto arc : arcs) ++graph.offsets[(arc >> 32) + 1];
  std::partial_sum(graph.offsets.begin(), graph.offsets.end(), graph.offsets.begin());
  graph.neighbours.resize(arcs.size());
  auto next = graph.offsets;
  for (const auto arc : arcs) graph.neighbours[next[arc >> 32]++] = static_cast<Vertex>(arc);
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t v = 0; v < vertices; ++v) {
    const auto at = static_cast<std::size_t>(v);
    std::sort(graph.neighbours.begin() + static_cast<std::ptrdiff_t>(graph.offsets[at]),
              graph.neighbours.begin() + static_cast<std::ptrdiff_t>(graph.offsets[at + 1]));
  }
  return graph;
}

}  // namespace

Vertex WholeGraph::busiest() const {
  Vertex best = 0;
  for (Vertex v = 0; v < static_cast<Vertex>(vertices()); ++v) {
    if (degree(v) > degree(best)) best = v;
  }
  return best;
}

std::size_t WholeGraph::arc(Vertex v, Vertex w) const {
  const auto row = of(v);
  return offsets[v] + static_cast<std::size_t>(std::ranges::lower_bound(row, w) - row.begin());
}

WholeGraph gather_whole(const matrix::DistributedMatrix& a) {
  require(a.rows() < static_cast<std::int64_t>(kLeftOut) && a.columns() <= a.rows(),
          ErrorKind::memory, "a whole network on one rank has fewer than 2^32 firms");
  const auto mine = a.global_triples();
  std::vector<std::uint64_t> arcs(mine.size());
  for (std::size_t i = 0; i < arcs.size(); ++i) arcs[i] = packed(mine.row[i], mine.column[i]);
  const auto all = comm::all_gather_v(a.grid().group(), std::span<const std::uint64_t>(arcs));
  return from_arcs(a.rows(), all.values);
}

WholeGraph reversed(const WholeGraph& graph) {
  WholeGraph result;
  const auto n = static_cast<Vertex>(graph.vertices());
  result.offsets.assign(graph.offsets.size(), 0);
  for (const auto v : graph.neighbours) ++result.offsets[v + std::size_t{1}];
  std::partial_sum(result.offsets.begin(), result.offsets.end(), result.offsets.begin());
  result.neighbours.resize(graph.neighbours.size());
  auto next = result.offsets;
  for (Vertex v = 0; v < n; ++v) {
    for (const auto w : graph.of(v)) result.neighbours[next[w]++] = v;
  }
  return result;
}

WholeGraph relabelled(const WholeGraph& graph, std::span<const Vertex> order) {
  std::vector<Vertex> name(static_cast<std::size_t>(graph.vertices()), kLeftOut);
  for (std::size_t i = 0; i < order.size(); ++i) name[order[i]] = static_cast<Vertex>(i);
  WholeGraph result;
  result.offsets.assign(order.size() + 1, 0);
  const auto is_kept = [&](Vertex w) { return name[w] != kLeftOut; };
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto kept = std::ranges::count_if(graph.of(order[i]), is_kept);
    result.offsets[i + 1] = static_cast<std::uint64_t>(kept);
  }
  std::partial_sum(result.offsets.begin(), result.offsets.end(), result.offsets.begin());
  result.neighbours.resize(result.offsets.back());
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto begin = result.neighbours.begin() + static_cast<std::ptrdiff_t>(result.offsets[i]);
    auto end = begin;
    for (const auto w : graph.of(order[i])) {
      if (is_kept(w)) *end++ = name[w];
    }
    std::sort(begin, end);
  }
  return result;
}

std::vector<Vertex> breadth_first_order(const WholeGraph& graph, Vertex first) {
  const auto n = static_cast<std::size_t>(graph.vertices());
  std::vector<Vertex> order;
  order.reserve(n);
  std::vector<char> seen(n, 0);
  const auto reach = [&](Vertex v) {
    if (seen[v] == 0) order.push_back(v);
    seen[v] = 1;
  };
  std::size_t done = 0;
  const auto search_from = [&](Vertex v) {
    for (reach(v); done < order.size(); ++done) {
      for (const auto w : graph.of(order[done])) reach(w);
    }
  };
  if (n > 0) search_from(first);
  for (std::size_t v = 0; v < n; ++v) search_from(static_cast<Vertex>(v));
  return order;
}

}  // namespace tradegraph::kernels
