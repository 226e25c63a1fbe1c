#pragma once
/// Exact sums over the firms of each cluster, for all clusters in one pass.

#include <omp.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <functional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/exact_sum.hpp"
#include "engine/base/types.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "engine/matrix/distributed_vector.hpp"

namespace tradegraph::kernels {

using Labels = matrix::DistributedVector<Label>;

/// Throws `ErrorKind::internal` unless all labels are clusters' or `kNoCluster`. Not collective.
void require_labels(std::span<const Label> labels, std::int64_t clusters);

/// How many threads may add to sums of their own: no more memory than the firms themselves take.
[[nodiscard]] int threads_for_sums(std::int64_t firms, std::int64_t clusters);

/// One `Sums` a cluster, the same on all ranks: `add(position, sums)` is called for each of this
/// rank's firms that has a cluster, by many threads, and adds to its members. `Sums` is a struct of
/// `Int128` members only (integers, or units of a `FixedPointScale`), so that the result does not
/// depend on how firms are spread over threads and ranks. Cost: the firms of this rank and one
/// all-reduce of `clusters` structs. Collective; throws `ErrorKind::internal` on all ranks for a
/// label out of range on any.
template <class Sums, std::invocable<std::int64_t, Sums&> Add>
[[nodiscard]] std::vector<Sums> cluster_sums(const Labels& labels, std::int64_t clusters,
                                             Add&& add) {
  static_assert(std::is_trivially_copyable_v<Sums> && alignof(Sums) == alignof(Int128));
  constexpr auto kMembers = sizeof(Sums) / sizeof(Int128);
  const auto& group = labels.grid().group();
  const auto size = static_cast<std::size_t>(clusters);
  const int threads = threads_for_sums(labels.count(), clusters);
  auto of_thread = comm::collectively(group, [&] {
    require_labels(labels.values(), clusters);
    return std::vector<std::vector<Sums>>(static_cast<std::size_t>(threads),
                                          std::vector<Sums>(size, Sums{}));
  });
#pragma omp parallel num_threads(threads)
  {
    auto& mine = of_thread[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(static)
    for (std::int64_t i = 0; i < labels.count(); ++i) {
      if (labels[i] != kNoCluster) add(i, mine[static_cast<std::size_t>(labels[i])]);
    }
  }
  const auto members = [&](std::vector<Sums>& sums) {
    return std::span(reinterpret_cast<Int128*>(sums.data()), size * kMembers);
  };
  auto& sums = of_thread.front();
  for (std::size_t t = 1; t < of_thread.size(); ++t) {
    std::ranges::transform(members(sums), members(of_thread[t]), members(sums).begin(),
                           std::plus<>());
  }
  comm::all_reduce_in_place(group, members(sums), comm::ReduceOp::sum);
  return std::move(sums);
}

}  // namespace tradegraph::kernels
