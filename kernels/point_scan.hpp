#pragma once
/// Scans of points that lie side by side, in loops that the compiler vectorises: what they cost is
/// known beforehand, which beats clever searches among a few thousand points.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/adjacent_cells.hpp"

namespace tradegraph::kernels {

/// Around a cell with so few points all are looked at, without the tests that spare some of many.
inline constexpr std::int64_t kFewPoints = 4096;

/// How many points of `runs` are within reach of `place`.
[[nodiscard]] std::int64_t count_within(const SpatialGrid& grid, std::span<const PointRun> runs,
                                        Place place, double reach_squared);

/// The points within reach of a place.
class PointsWithin {
 public:
  void clear() { count_ = 0; }
  void add(const SpatialGrid& grid, PointRun run, Place place, double reach_squared);

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] double squared_distance(std::size_t i) const { return squared_distance_[i]; }
  [[nodiscard]] std::int64_t position(std::size_t i) const { return position_[i]; }

 private:
  // With room for the points of a run, and for those of a register, beyond those found.
  std::vector<double> squared_distance_;
  std::vector<std::int64_t> position_;
  std::size_t count_ = 0;
};

}  // namespace tradegraph::kernels
