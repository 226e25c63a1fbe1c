#pragma once
/// Optimal one-to-one assignment on a sparse bipartite graph.
///
/// Rows are added one at a time along shortest augmenting paths (Jonker & Volgenant 1987,
/// doi:10.1007/BF02278710), each found by Dijkstra's algorithm on reduced costs over the candidates
/// only. A row may stay alone at gain 0, so that every matching of candidates is feasible and none
/// is forced on it. Gains are integers: the optimum is exact, and so is what counts as a tie.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

/// A pair that may be matched.
struct Candidate {
  std::int64_t row;
  std::int64_t column;
  std::int64_t gain;  ///< above 0, at most 2^52
};

/// Column of each row, -1 = none, such that no column is taken twice and the sum of gains is
/// largest. Among equally good matchings the choice depends on nothing but the candidates. Rows
/// of different connected components never meet: O(rows of the component x candidates of it x log)
/// for each component. Not collective. Throws `ErrorKind::internal` for a row, column or gain out
/// of range.
[[nodiscard]] std::vector<std::int64_t> best_assignment(std::int64_t rows, std::int64_t columns,
                                                        std::span<const Candidate> candidates);

}  // namespace tradegraph::kernels
