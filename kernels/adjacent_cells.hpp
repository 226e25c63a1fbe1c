#pragma once
/// Which cells of a grid, and which points, can hold the neighbours of a cell's points.

#include <array>
#include <cstdint>
#include <span>

#include "kernels/spatial_grid.hpp"

namespace tradegraph::kernels {

/// Positions [first, last) of the grid's order.
struct PointRun {
  std::int64_t first;
  std::int64_t last;
};

[[nodiscard]] inline std::int64_t points_of(std::span<const PointRun> runs) {
  std::int64_t points = 0;
  for (const auto& run : runs) points += run.last - run.first;
  return points;
}

/// The cells that can hold neighbours of a cell's points, found by walking along the columns beside
/// it. Fast when cells are visited in ascending order; one cursor a thread.
class AdjacentCells {
 public:
  explicit AdjacentCells(const SpatialGrid& grid) : grid_(grid), reach_(grid.reach()) {}

  /// Cells other than `cell` at most the grid's reach away.
  [[nodiscard]] std::span<const std::int64_t> around(std::int64_t cell) {
    return find(cell, -reach_);
  }
  /// Those of them that come after `cell`: each pair of adjacent cells is met once.
  [[nodiscard]] std::span<const std::int64_t> after(std::int64_t cell) { return find(cell, 0); }
  /// The points of `cell` and of the cells around it: a run for each column that has some.
  [[nodiscard]] std::span<const PointRun> runs(std::int64_t cell);

 private:
  /// Cells [first, last) of a column: those within reach begin at `first`, or after it for rows
  /// that ascend.
  struct Column {
    std::int64_t first;
    std::int64_t last;
    std::int64_t past_run;  ///< past the cells that `runs` found lately
  };

  std::span<const std::int64_t> find(std::int64_t cell, std::int64_t first_step);
  /// Makes each column begin with the first cell within reach.
  void move_to(const CellPlace& place);
  void restart(const CellPlace& place);

  [[nodiscard]] Column& column(std::int64_t step) {
    return columns_[static_cast<std::size_t>(step + reach_)];
  }

  const SpatialGrid& grid_;
  std::int64_t reach_;
  CellPlace previous_{-1, 0};
  std::array<Column, 2 * SpatialGrid::kMostReach + 1> columns_ = {};
  std::array<std::int64_t, SpatialGrid::kMostAdjacent> found_ = {};
  std::array<PointRun, 2 * SpatialGrid::kMostReach + 1> runs_ = {};
};

}  // namespace tradegraph::kernels
