#pragma once
/// The network between clusters: W = C' A C, with C the n x (K + 1) membership matrix whose last
/// column is "no cluster", so that the margins of W are the strengths of the clusters.
///
/// Each rank forms Cr' A Cc on its block with GraphBLAS, which has at most as many cells as the
/// block has links; cells are then added up on the rank of their row, and given to all.

#include <cstdint>
#include <vector>

#include "kernels/cluster_links.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

/// A cell of W that is not empty.
struct ClusterFlow {
  Label from = kNoCluster;
  Label to = kNoCluster;
  std::int64_t links = 0;      ///< directed pairs of firms
  double amount = kUndefined;  ///< undefined for networks without amounts
  friend bool operator==(const ClusterFlow&, const ClusterFlow&) = default;
};

/// Cells by (from, to), "no cluster" last; the same on all ranks. `a`, `labels`, `clusters`,
/// `amount` as for `cluster_links`. Amounts are added in fixed point: GraphBLAS multiplies three
/// limbs of 31, 31 and 63 bits as integers, so the result is bit-identical at every grid shape.
/// Cost: O(links / ranks) for each of 1 (4 with amounts) products; memory: 100 bytes a link of the
/// block with amounts, and every cell of W on every rank (48 bytes). Collective; throws
/// `ErrorKind::internal` for labels out of range.
[[nodiscard]] std::vector<ClusterFlow> membership_product(
    const matrix::DistributedMatrix& a, const Labels& labels, std::int64_t clusters,
    const matrix::DistributedMatrix* amount = nullptr);

}  // namespace tradegraph::kernels
