#include "kernels/traversal/arc_lengths.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::kernels {

/// A link on its way.
struct ValuedArc {
  std::uint64_t arc;  ///< row in the upper half, column in the lower
  double value;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::ValuedArc> : std::true_type {};

namespace tradegraph::kernels {

namespace {

constexpr double kLongestPath = 4611686018427387904.0;  // 2^62

std::vector<ValuedArc> values_of(const matrix::DistributedMatrix& a) {
  const auto mine = a.global_triples();
  return comm::collectively(a.grid().group(), [&] {
    std::vector<ValuedArc> arcs(mine.size());
    for (std::size_t i = 0; i < arcs.size(); ++i) {
      const double value = mine.real[i];
      require(std::isfinite(value) && value > 0, ErrorKind::bad_input,
              "shortest paths need links with a weight above 0; one has " + std::to_string(value));
      arcs[i] = {static_cast<std::uint64_t>(mine.row[i]) << 32 |
                     static_cast<std::uint64_t>(mine.column[i]),
                 value};
    }
    return arcs;
  });
}

/// Largest length of a link at S = 1.
double longest(std::span<const ValuedArc> arcs, LinkValue meaning) {
  double result = 0;
  for (const auto& [arc, value] : arcs) {
    result = std::max(result, meaning == LinkValue::length ? value : 1 / value);
  }
  return result;
}

double chosen_scale(std::span<const ValuedArc> arcs, LinkValue meaning, std::int64_t firms) {
  const bool whole =
      std::ranges::all_of(arcs, [](const ValuedArc& a) { return a.value == std::floor(a.value); });
  if (arcs.empty() || (meaning == LinkValue::length && whole)) return 1;
  const double room = kLongestPath / static_cast<double>(firms) - 1;
  return std::exp2(std::floor(std::log2(room / longest(arcs, meaning))));
}

/// Ascending; `offsets` become those of the rows.
void sort_by_row(std::vector<ValuedArc>& arcs, std::int64_t rows,
                 std::vector<std::uint64_t>& offsets) {
  offsets.assign(static_cast<std::size_t>(rows) + 1, 0);
  for (const auto& [arc, value] : arcs) ++offsets[(arc >> 32) + 1];
  std::partial_sum(offsets.begin(), offsets.end(), offsets.begin());
  std::vector<ValuedArc> sorted(arcs.size());
  auto next = offsets;
  for (const auto& one : arcs) sorted[next[one.arc >> 32]++] = one;
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t v = 0; v < rows; ++v) {
    const auto at = static_cast<std::size_t>(v);
    std::ranges::sort(sorted.begin() + static_cast<std::ptrdiff_t>(offsets[at]),
                      sorted.begin() + static_cast<std::ptrdiff_t>(offsets[at + 1]), {},
                      &ValuedArc::arc);
  }
  arcs = std::move(sorted);
}

std::uint64_t length_of(double value, LinkValue meaning, double scale) {
  const double length = meaning == LinkValue::length ? scale * value : scale / value;
  return static_cast<std::uint64_t>(std::max<long long>(1, std::llround(length)));
}

}  // namespace

WeightedGraph gather_lengths(const matrix::DistributedMatrix& a, LinkValue meaning, double scale) {
  require(a.type() == matrix::ValueType::real, ErrorKind::internal, "lengths need real values");
  require(a.rows() < std::numeric_limits<Vertex>::max(), ErrorKind::memory,
          "a whole network on one rank has fewer than 2^32 firms");
  auto arcs = comm::all_gather_v(a.grid().group(), std::span<const ValuedArc>(values_of(a))).values;
  WeightedGraph graph;
  graph.scale = scale > 0 ? scale : chosen_scale(arcs, meaning, a.rows());
  const double bound = (longest(arcs, meaning) * graph.scale + 1) * static_cast<double>(a.rows());
  require(bound <= kLongestPath, ErrorKind::bad_input,
          "paths could be longer than 2^62 units: choose a smaller scale");
  sort_by_row(arcs, a.rows(), graph.arcs.offsets);
  graph.arcs.neighbours.resize(arcs.size());
  graph.lengths.resize(arcs.size());
#pragma omp parallel for
  for (std::size_t i = 0; i < arcs.size(); ++i) {
    graph.arcs.neighbours[i] = static_cast<Vertex>(arcs[i].arc);
    graph.lengths[i] = length_of(arcs[i].value, meaning, graph.scale);
  }
  return graph;
}

WeightedGraph relabelled(const WeightedGraph& graph, std::span<const Vertex> order) {
  WeightedGraph result{relabelled(graph.arcs, order), {}, graph.scale};
  result.lengths.resize(result.arcs.neighbours.size());
  // The old arc to a new neighbour is found by bisection: neighbours are in ascending order.
#pragma omp parallel for schedule(dynamic, 1024)
  for (std::size_t v = 0; v < order.size(); ++v) {
    auto at = result.arcs.offsets[v];
    for (const auto w : result.arcs.of(static_cast<Vertex>(v))) {
      result.lengths[at++] = graph.lengths[graph.arcs.arc(order[v], order[w])];
    }
  }
  return result;
}

}  // namespace tradegraph::kernels
