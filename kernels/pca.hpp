#pragma once
/// First principal component of a small table, from its correlation matrix.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

/// `size` x `size` numbers, row by row.
struct SymmetricEigen {
  std::vector<double> values;   ///< descending
  std::vector<double> vectors;  ///< row k = unit vector of values[k]
};

/// Eigenvalues and vectors of a small symmetric matrix, by cyclic Jacobi rotations (Golub & Van
/// Loan 2013, section 8.5): slow, and accurate to the last digits. O(size^3) a sweep, few sweeps.
[[nodiscard]] SymmetricEigen symmetric_eigen(std::vector<double> matrix, std::size_t size);

struct PrincipalComponent {
  std::vector<double> loadings;  ///< a column; unit length, the largest in size positive
  double explained = 0;          ///< share of the variance of all columns, 0 .. 1
  std::vector<double> scores;    ///< a row: sum of loading * (value - mean) / standard deviation
};

/// `values`: rows x columns, row by row, all defined. Standard deviations are the sample's. A table
/// of fewer than two rows, or with a column that does not vary, has no component: undefined
/// loadings and scores. Ties of the largest loading: the first column. Serial, the same input gives
/// the same bits. Not collective.
[[nodiscard]] PrincipalComponent first_component(std::span<const double> values,
                                                 std::size_t columns);

}  // namespace tradegraph::kernels
