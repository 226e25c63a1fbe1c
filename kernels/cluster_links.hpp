#pragma once
/// What each firm has inside its cluster and altogether: the pass over the network on which the
/// indicators of all clusters rest.
///
/// With [c(i) = c(j)] keeping the links between firms of the same label (labels.select_same_label),
///   k     = U 1                partners (undirected degree)
///   k_in  = U_in 1             partners inside
///   S     = U_in k_in          sum of the inside degrees of the partners inside
///   out   = A_in 1             buyers inside
///   in    = A_in' 1            suppliers inside
///   T     = A_in in            sum of the inside in-degrees of the buyers inside
/// all of them integers, hence the same at every rank count and grid shape. The whole network is
/// the case of label 0 for all firms and one cluster.
///
/// Loops over the blocks' rows that compare the labels of both ends as they go: nothing is selected
/// or copied, which is several times faster than the products above in GraphBLAS
/// (`cluster_products.hpp`, which tests and benchmarks compare with).

#include <cstdint>
#include <optional>

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/cluster_sums.hpp"
#include "kernels/firm_amounts.hpp"

namespace tradegraph::kernels {

using FirmCounts = matrix::DistributedVector<std::int64_t>;

/// One value a firm, in the row layout of the network. Inside values are 0 for firms without a
/// cluster.
struct ClusterLinks {
  Labels labels;
  std::int64_t clusters;
  FirmCounts partners;                ///< k
  FirmCounts partners_inside;         ///< k_in
  FirmCounts partner_degrees_inside;  ///< S
  FirmCounts buyers_inside;           ///< out
  FirmCounts suppliers_inside;        ///< in
  FirmCounts buyer_degrees_inside;    ///< T
  std::optional<FirmAmounts> amounts;
};

/// `a`: directed links, `u`: the same in either direction (`undirected_pattern`), `amount`: n x n
/// values of type real, or none; none of them with a diagonal. `labels`: one a firm in the row
/// layout, below `clusters`, or `kNoCluster`. Cost: four passes over the rank's links (one more
/// with amounts), four expands and eight folds of n/R or n/C values a rank; amounts 16 bytes each.
/// Memory: no links, 10 values a row and column of the block. Collective; throws
/// `ErrorKind::internal` for labels out of range or in another layout, or amounts that are not
/// finite, `usage` from 2^32 firms on.
[[nodiscard]] ClusterLinks cluster_links(const matrix::DistributedMatrix& a,
                                         const matrix::DistributedMatrix& u, const Labels& labels,
                                         std::int64_t clusters,
                                         const matrix::DistributedMatrix* amount = nullptr);

}  // namespace tradegraph::kernels
