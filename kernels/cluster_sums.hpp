#pragma once
/// Exact sums over the firms of each cluster, for all clusters in one pass.

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/base/exact_sum.hpp"
#include "engine/base/types.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "engine/matrix/distributed_vector.hpp"

namespace tradegraph::kernels {

using Labels = matrix::DistributedVector<Label>;

/// Throws `ErrorKind::internal` unless `label` is a cluster's or `kNoCluster`. Not collective.
inline void require_label(Label label, std::int64_t clusters) {
  require(label >= kNoCluster && label < clusters, ErrorKind::internal,
          "label " + std::to_string(label) + " outside 0.." + std::to_string(clusters - 1));
}

/// One `Sums` a cluster, the same on all ranks: `add(position, sums)` is called for each of this
/// rank's firms that has a cluster, and adds to its members. `Sums` is a struct of `Int128` members
/// only (integers, or units of a `FixedPointScale`), so that the result does not depend on how
/// firms are spread. Cost: the firms of this rank and one all-reduce of `clusters` structs.
/// Collective; throws `ErrorKind::internal` on all ranks for a label out of range on any.
template <class Sums, std::invocable<std::int64_t, Sums&> Add>
[[nodiscard]] std::vector<Sums> cluster_sums(const Labels& labels, std::int64_t clusters,
                                             Add&& add) {
  static_assert(std::is_trivially_copyable_v<Sums> && alignof(Sums) == alignof(Int128));
  const auto& group = labels.grid().group();
  std::vector<Sums> sums(static_cast<std::size_t>(clusters), Sums{});
  comm::collectively(group, [&] {
    for (std::int64_t i = 0; i < labels.count(); ++i) {
      require_label(labels[i], clusters);
      if (labels[i] != kNoCluster) add(i, sums[static_cast<std::size_t>(labels[i])]);
    }
  });
  constexpr auto kMembers = sizeof(Sums) / sizeof(Int128);
  auto* members = reinterpret_cast<Int128*>(sums.data());
  comm::all_reduce_in_place(group, std::span(members, sums.size() * kMembers), comm::ReduceOp::sum);
  return sums;
}

}  // namespace tradegraph::kernels
