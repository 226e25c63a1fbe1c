#pragma once
/// The stages of `dbscan`, in order: close trading pairs, core flags, components, border. All work
/// on positions in the grid's order, and all decisions on squared distances in double.

#include <cstdint>
#include <vector>

#include "kernels/dbscan.hpp"
#include "kernels/radix_sort.hpp"
#include "kernels/spatial_grid.hpp"
#include "kernels/union_find.hpp"

namespace tradegraph::kernels {

/// Thresholds that the definition compares with, computed once.
struct Thresholds {
  double eps_squared;        ///< fl(eps^2)
  double stretched_squared;  ///< fl(fl(stretch*eps)^2)
  double stretch_squared;    ///< fl(stretch^2)
  std::int64_t min_firms;

  explicit Thresholds(const DbscanConfig& config);
};

/// Throws what `dbscan` says of points and pairs.
void check_points(const PointSet& points, const Pairs& pairs);

/// Two trading firms within stretch*eps of each other, by position; first < second.
struct ClosePair {
  std::int64_t first;
  std::int64_t second;
  double squared_distance;
};

/// The distinct close pairs, by position; at most 2^31 points, those of the grid. Every pair is
/// looked at. O(pairs) work; memory: 12 bytes a point, and O(close pairs).
[[nodiscard]] std::vector<ClosePair> close_pairs(const SpatialGrid& grid, const PointSet& points,
                                                 const Pairs& pairs, const Thresholds& limits);
/// The two halves of that: keys of pairs in any order and with repeats, which may be brought
/// together from several lists of pairs, and the distinct pairs of keys.
[[nodiscard]] std::vector<Key> close_keys(const SpatialGrid& grid, const PointSet& points,
                                          const Pairs& pairs, const Thresholds& limits);
[[nodiscard]] std::vector<ClosePair> pairs_of_keys(const SpatialGrid& grid, std::vector<Key> keys);

/// 1 for each position whose point is core, else 0. Cells of min_firms points are core as a whole;
/// the points of others count their surroundings until min_firms is reached.
[[nodiscard]] std::vector<std::uint8_t> core_flags(const SpatialGrid& grid,
                                                   const std::vector<ClosePair>& close,
                                                   const Thresholds& limits);

/// The flags that stretch = 1 gives, from those of these pairs: only points with neighbours by
/// trade alone are counted again.
[[nodiscard]] std::vector<std::uint8_t> core_flags_without_trade(
    const SpatialGrid& grid, const std::vector<ClosePair>& close, std::vector<std::uint8_t> core,
    const Thresholds& limits);

/// Joins cells that hold core points of one component; cells without cores stay alone. Needs
/// `grid.mark_cores`.
[[nodiscard]] UnionFind core_components(const SpatialGrid& grid,
                                        const std::vector<std::uint8_t>& core,
                                        const std::vector<ClosePair>& close,
                                        const Thresholds& limits);

/// By position: the cell of the core that a border point joins, -1 for noise, the own cell for a
/// core. Needs `grid.mark_cores`.
[[nodiscard]] std::vector<std::int64_t> cells_joined(const SpatialGrid& grid,
                                                     const std::vector<std::uint8_t>& core,
                                                     const std::vector<ClosePair>& close,
                                                     std::span<const std::int64_t> row,
                                                     const Thresholds& limits);

}  // namespace tradegraph::kernels
