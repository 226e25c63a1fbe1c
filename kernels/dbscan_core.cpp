/// Which points are core: counting by cells, with early exit.

#include <algorithm>
#include <array>

#include "kernels/adjacent_cells.hpp"
#include "kernels/dbscan_stages.hpp"
#include "kernels/work_count.hpp"

namespace tradegraph::kernels {

namespace {

/// Neighbours that only link stretch gives, by position: trading pairs beyond eps.
std::vector<std::int32_t> stretched_neighbours(const SpatialGrid& grid,
                                               const std::vector<ClosePair>& close,
                                               const Thresholds& limits) {
  if (close.empty()) return {};
  std::vector<std::int32_t> count(static_cast<std::size_t>(grid.points()), 0);
  for (const auto& pair : close) {
    if (pair.squared_distance <= limits.eps_squared) continue;
    ++count[static_cast<std::size_t>(pair.first)];
    ++count[static_cast<std::size_t>(pair.second)];
  }
  return count;
}

/// Counts points within eps of a place, no further than asked.
class NeighbourCounter {
 public:
  NeighbourCounter(const SpatialGrid& grid, double eps_squared)
      : grid_(grid), eps_squared_(eps_squared) {}

  /// Points of `node` within eps of `place`; may stop once it has found `wanted`.
  [[nodiscard]] std::int64_t count(const GridNode& node, Place place, std::int64_t wanted) const {
    if (least_squared_distance(place, node.box) > eps_squared_) return 0;
    if (node.size() > 4 && most_squared_distance(place, node.box) <= eps_squared_) {
      return node.size();
    }
    if (node.is_leaf()) return count_points(node, place);
    const auto left = count(grid_.node(node.left), place, wanted);
    if (left >= wanted) return left;
    return left + count(grid_.node(node.left + 1), place, wanted - left);
  }

 private:
  [[nodiscard]] std::int64_t count_points(const GridNode& node, Place place) const {
    const auto* x = grid_.x();
    const auto* y = grid_.y();
    std::int64_t found = 0;
    distances_computed += node.size();
    for (auto p = node.first; p < node.last; ++p) {
      found += squared_distance(x[p], y[p], place.x, place.y) <= eps_squared_ ? 1 : 0;
    }
    return found;
  }

  const SpatialGrid& grid_;
  double eps_squared_;
};

/// Flags the cores of cells; one object a thread.
class CellMarker {
 public:
  CellMarker(const SpatialGrid& grid, const std::vector<std::int32_t>& extra,
             const Thresholds& limits, std::vector<std::uint8_t>& core)
      : grid_(grid),
        extra_(extra),
        limits_(limits),
        core_(core),
        adjacent_(grid),
        counter_(grid, limits.eps_squared) {}

  void mark(std::int64_t c) {
    const auto& cell = grid_.node(c);
    if (cell.size() >= limits_.min_firms) {
      const auto begin = core_.begin();
      std::fill(begin + cell.first, begin + cell.last, std::uint8_t{1});
      return;
    }
    const auto reachable = find_near(c, cell);
    for (auto p = cell.first; p < cell.last; ++p) {
      const auto stretched = extra_.empty() ? 0 : extra_[static_cast<std::size_t>(p)];
      const auto missing = limits_.min_firms - cell.size() - stretched;
      if (is_core(p, missing, reachable)) core_[static_cast<std::size_t>(p)] = 1;
    }
  }

  /// Takes the flag from cores that are none without their neighbours by trade alone.
  void forget_trade(std::int64_t c) {
    const auto& cell = grid_.node(c);
    if (cell.size() >= limits_.min_firms) return;
    bool near_is_known = false;
    std::int64_t reachable = 0;
    for (auto p = cell.first; p < cell.last; ++p) {
      const auto at = static_cast<std::size_t>(p);
      if (core_[at] == 0 || extra_[at] == 0) continue;
      if (!near_is_known) reachable = find_near(c, cell);
      near_is_known = true;
      core_[at] = is_core(p, limits_.min_firms - cell.size(), reachable) ? 1 : 0;
    }
  }

 private:
  [[nodiscard]] bool is_core(std::int64_t p, std::int64_t missing, std::int64_t reachable) const {
    return missing <= 0 || (missing <= reachable && has_around(grid_.place(p), missing));
  }
  /// Keeps the adjacent cells within eps of the cell's box; returns how many points they hold.
  std::int64_t find_near(std::int64_t c, const GridNode& cell) {
    near_count_ = 0;
    std::int64_t reachable = 0;
    for (const auto other : adjacent_.around(c)) {
      if (least_squared_distance(cell.box, grid_.node(other).box) > limits_.eps_squared) continue;
      near_[near_count_++] = other;
      reachable += grid_.node(other).size();
    }
    return reachable;
  }
  [[nodiscard]] bool has_around(Place place, std::int64_t missing) const {
    for (std::size_t k = 0; k < near_count_ && missing > 0; ++k) {
      missing -= counter_.count(grid_.node(near_[k]), place, missing);
    }
    return missing <= 0;
  }

  const SpatialGrid& grid_;
  const std::vector<std::int32_t>& extra_;
  const Thresholds& limits_;
  std::vector<std::uint8_t>& core_;
  AdjacentCells adjacent_;
  NeighbourCounter counter_;
  std::array<std::int64_t, SpatialGrid::kMostAdjacent> near_ = {};
  std::size_t near_count_ = 0;
};

}  // namespace

std::vector<std::uint8_t> core_flags(const SpatialGrid& grid, const std::vector<ClosePair>& close,
                                     const Thresholds& limits) {
  const auto extra = stretched_neighbours(grid, close, limits);
  std::vector<std::uint8_t> core(static_cast<std::size_t>(grid.points()), 0);
#pragma omp parallel
  {
    CellMarker marker(grid, extra, limits, core);
#pragma omp for schedule(dynamic, 256)
    for (std::int64_t cell = 0; cell < grid.cells(); ++cell) marker.mark(cell);
  }
  return core;
}

std::vector<std::uint8_t> core_flags_without_trade(const SpatialGrid& grid,
                                                   const std::vector<ClosePair>& close,
                                                   std::vector<std::uint8_t> core,
                                                   const Thresholds& limits) {
  if (close.empty()) return core;
  const auto extra = stretched_neighbours(grid, close, limits);
#pragma omp parallel
  {
    CellMarker marker(grid, extra, limits, core);
#pragma omp for schedule(dynamic, 256)
    for (std::int64_t cell = 0; cell < grid.cells(); ++cell) marker.forget_trade(cell);
  }
  return core;
}

}  // namespace tradegraph::kernels
