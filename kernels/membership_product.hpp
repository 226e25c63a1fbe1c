#pragma once
/// The network between clusters: W = C' A C, with C the n x (K + 1) membership matrix whose last
/// column is "no cluster", so that the margins of W are the strengths of the clusters.
///
/// Each rank forms Cr' A Cc on its block, which has at most as many cells as the block has links:
/// the rows of a cluster are visited together and their links counted by the cluster of the column,
/// on one pad of K + 1 counters a thread (Gustavson's way, one row of W at a time). Cells are then
/// added up on the rank of their row, and given to all. The two products in GraphBLAS stand in
/// `cluster_products.hpp`.

#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/cluster_links.hpp"
#include "kernels/cluster_tally.hpp"
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
/// `amount` as for `cluster_links`. Amounts are added in fixed point, so the result is
/// bit-identical at every grid shape. Cost: O(links / ranks), twice with amounts; memory: 16 bytes
/// a row of the block, 32 bytes a cluster and thread, and every cell of W on every rank (48 bytes).
/// Collective; throws `ErrorKind::internal` for labels out of range.
[[nodiscard]] std::vector<ClusterFlow> membership_product(
    const matrix::DistributedMatrix& a, const Labels& labels, std::int64_t clusters,
    const matrix::DistributedMatrix* amount = nullptr);

/// The cells of all ranks by (from, to), added up: tallies of links (`count`) and amounts (`weight`
/// in units of `scale`) by class of supplier (`label`) and buyer (`key`), of which number
/// `clusters` is "no cluster". Collective.
[[nodiscard]] std::vector<ClusterFlow> collect_flows(const comm::Communicator& group,
                                                     std::vector<Tally> tallies,
                                                     std::int64_t clusters,
                                                     const std::optional<FixedPointScale>& scale);

}  // namespace tradegraph::kernels
