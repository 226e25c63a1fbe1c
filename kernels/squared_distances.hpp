#pragma once
/// Squared Euclidean distances between all rows of a small table.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

struct SquaredDistances {
  std::size_t rows = 0;
  std::vector<double> values;  ///< rows x rows, symmetric

  [[nodiscard]] std::span<const double> operator[](std::size_t row) const {
    return std::span(values).subspan(row * rows, rows);
  }
};

/// Sum over columns in their order; the same bits on every rank.
[[nodiscard]] inline double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

/// `values`: rows x columns, row by row. O(rows^2 x columns), 8 rows^2 bytes. Not collective.
[[nodiscard]] SquaredDistances squared_distances(std::span<const double> values,
                                                 std::size_t columns);

}  // namespace tradegraph::kernels
