#pragma once
/// What becomes of each baseline cluster at another setting.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/partition_similarity.hpp"

namespace tradegraph::kernels {

/// Of a baseline cluster b. Its best cluster is the one with the largest Jaccard coefficient
/// |b and c| / |b or c| (tie: the smaller label).
struct Stability {
  std::int64_t firms = 0;       ///< of b
  std::int32_t best = -1;       ///< label of the best cluster; -1: all of b is noise
  std::int64_t best_firms = 0;  ///< of the best cluster
  std::int64_t shared = 0;      ///< firms of b in it
  double jaccard = 0;
  bool survives = false;   ///< jaccard >= 1/2
  std::int64_t parts = 0;  ///< clusters that hold 25 % of b or more
  bool splits = false;     ///< two or more parts
  bool merges = false;     ///< its best cluster is also best for another baseline cluster
  std::int64_t noise = 0;  ///< firms of b without a cluster
};

/// One a baseline cluster. `table` holds the overlaps of baseline (a) and setting (b), labels from
/// 0, -1 = noise; `baseline` and `setting` the clusters' sizes.
[[nodiscard]] std::vector<Stability> stability(std::span<const Overlap> table,
                                               std::span<const std::int64_t> baseline,
                                               std::span<const std::int64_t> setting);

}  // namespace tradegraph::kernels
