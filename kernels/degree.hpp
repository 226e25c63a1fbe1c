#pragma once
/// Degree and strength of every firm.
///
/// Definition, for the n x n matrix A with A[i,j] the link "i supplies j":
///   out(i) = entries of row i, in(i) = entries of column i, all(i) = in(i) + out(i).
/// Strength replaces "number of entries" by "sum of the values" (pattern: 1 each). Loops count as
/// stored, twice in `all`; drop them first with `simple_pattern`. For a symmetric (undirected)
/// matrix the degree is `out`.
///
/// Algebra: out = A 1, in = A' 1. Entries are counted from the CSR arrays of the block, values
/// added by a GraphBLAS product with a vector of ones. Complexity: O(links / ranks + n / R + n / C)
/// a rank, memory O(n / R + n / C) on an R x C grid. Collective: one product a direction; `in` and
/// `all` also redistribute one vector. Failure: `ErrorKind::internal` unless A is square.

#include <cstdint>

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

enum class DegreeMode { in, out, all };

/// Number of links, in the row layout of `a`.
[[nodiscard]] matrix::DistributedVector<std::int64_t> degree(const matrix::DistributedMatrix& a,
                                                             DegreeMode mode);

/// Sum of the links' values, in the row layout of `a`.
[[nodiscard]] matrix::DistributedVector<double> strength(const matrix::DistributedMatrix& a,
                                                         DegreeMode mode);

}  // namespace tradegraph::kernels
