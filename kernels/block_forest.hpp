#pragma once
/// The components of one rank's block: which of its rows and columns its own entries join.
///
/// A concurrent union-find over the block's CSR arrays (Afforest: Sutton, Ben-Nun & Barak 2018,
/// doi:10.1109/IPDPS.2018.00012). Firms hook on lower ones by compare-and-swap. Two entries of
/// each row are taken first: they join most of the giant component, so that nearly all others are
/// found joined already, at the price of one read. This loop is by hand because GraphBLAS has no
/// union-find; the plain GraphBLAS form stands beside it in `components.cpp`.

#include <cstdint>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

/// The joints of a block: rows are 0 .. rows-1, columns follow; a column whose firm has a row here
/// is the same as that row.
struct BlockForest {
  std::vector<std::int64_t> root_of_row;     ///< lowest joint that the row is joined with
  std::vector<std::int64_t> root_of_column;  ///< likewise
};

/// `a` is square. O(entries) work, by all threads; 12 bytes a row and column. Not collective.
[[nodiscard]] BlockForest block_forest(const matrix::DistributedMatrix& a);

}  // namespace tradegraph::kernels
