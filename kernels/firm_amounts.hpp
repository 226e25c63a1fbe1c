#pragma once
/// Amounts that firms trade, as exact sums.

#include "engine/base/exact_sum.hpp"
#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/cluster_sums.hpp"

namespace tradegraph::kernels {

using FirmUnits = matrix::DistributedVector<Int128>;

/// Amounts sold and bought, in units of `scale`: sums of links rounded once each, so that they do
/// not depend on the order of addition.
struct FirmAmounts {
  FixedPointScale scale;
  FirmUnits total;   ///< with any firm
  FirmUnits inside;  ///< with firms of the same cluster; 0 for firms without one
};

/// `amount`: n x n values of type real, without a diagonal; `labels` in its row layout. Cost:
/// O(links / ranks), and per firm of the rank's row and column parts 32 bytes to fold. Collective;
/// throws as `amount_scale`.
[[nodiscard]] FirmAmounts firm_amounts(const matrix::DistributedMatrix& amount,
                                       const Labels& labels);

/// Finest scale that holds the sum of all amounts, twice over. Collective; throws
/// `ErrorKind::internal` if an amount is not finite or the matrix is not real.
[[nodiscard]] FixedPointScale amount_scale(const matrix::DistributedMatrix& amount);

}  // namespace tradegraph::kernels
