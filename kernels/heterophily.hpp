#pragma once
/// Attribute heterophily: how much of a cluster's trade joins firms of different kinds.
///
///   heterophily = links inside between firms of different class / links inside of known class,
/// links directed pairs with both ends in the cluster, of known class where both ends have one.
/// Undefined where there is no such link. For several attributes (industry group, size, age) and
/// all clusters in one pass. (The complement of the E-I index's internal share: Krackhardt & Stern
/// 1988, doi:10.2307/2786835.)

#include <cstdint>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/cluster_sums.hpp"

namespace tradegraph::kernels {

struct Heterophily {
  std::int64_t links = 0;      ///< inside, both ends of known class
  std::int64_t different = 0;  ///< of these, between different classes

  [[nodiscard]] double share() const;
};

/// One vector an attribute with one entry a cluster, the same on all ranks. `a`: directed links;
/// `classes`: a class a firm and attribute, -1 = unknown; both and `labels` in the row layout.
/// Cost: O(links / ranks) by all threads, two expands a vector, one all-reduce of 2 integers a
/// cluster and attribute. Collective; throws `ErrorKind::internal` for another layout or labels out
/// of range.
[[nodiscard]] std::vector<std::vector<Heterophily>> heterophily(
    const matrix::DistributedMatrix& a, const Labels& labels, std::int64_t clusters,
    const std::vector<matrix::DistributedVector<std::int32_t>>& classes);

}  // namespace tradegraph::kernels
