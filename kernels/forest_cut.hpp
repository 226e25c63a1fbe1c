#pragma once
/// The clusters of a density forest at ascending levels, each made from those of the level before.

#include <cstdint>
#include <vector>

#include "kernels/density_forest.hpp"

namespace tradegraph::kernels {

class ForestCut {
 public:
  /// Below all levels: no clusters. The forest must outlive the cut.
  explicit ForestCut(const DensityForest& forest);

  /// Goes on to a level, which must not be below the last. One pass over the points, and the
  /// arrivals, mergers and spans since. Memory: 4 bytes a point and 8 a cluster. Throws
  /// `ErrorKind::internal` for a lower level.
  void rise_to(Level level);

  /// By point of the forest; -1 = noise. Numbered in no particular order.
  [[nodiscard]] const std::vector<std::int32_t>& cluster() const { return cluster_; }
  [[nodiscard]] std::int32_t clusters() const { return clusters_; }

 private:
  [[nodiscard]] std::int32_t find(std::int32_t cluster);
  void arrive(Level level);
  void merge(Level level);
  void renumber();

  const DensityForest* forest_;
  int next_ = 0;  ///< level
  std::vector<std::int32_t> cluster_;
  std::int32_t clusters_ = 0;
  std::vector<std::int32_t> into_;  ///< while rising: by cluster, one that it merged into
};

}  // namespace tradegraph::kernels
