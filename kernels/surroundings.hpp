#pragma once
/// Where the neighbours of a cell's points can be, in a round of a sweep.

#include <array>
#include <cstdint>
#include <span>

#include "kernels/adjacent_cells.hpp"
#include "kernels/density_stages.hpp"
#include "kernels/point_scan.hpp"

namespace tradegraph::kernels {

/// Fast when cells are visited in ascending order; one a thread.
class Surroundings {
 public:
  explicit Surroundings(const SweepRound& round) : round_(round), adjacent_(round.grid) {}

  void move_to(std::int64_t cell) {
    const auto& node = round_.grid.node(cell);
    runs_ = adjacent_.runs(cell);
    const auto points = points_of(runs_);
    are_few_ = points <= kFewPoints;
    others_ = points - node.size();
    count_ = 0;
    if (are_few_) return;
    others_ = 0;
    for (const auto other : adjacent_.around(cell)) {
      const auto& its_node = round_.grid.node(other);
      const double least = least_squared_distance(node.box, its_node.box);
      if (least > round_.levels.squared(round_.last)) continue;
      cells_[count_++] = other;
      others_ += its_node.size();
    }
  }

  /// Whether there are so few points that all of `runs()` are to be looked at.
  [[nodiscard]] bool are_few() const { return are_few_; }
  /// All points of the cell and of those around it.
  [[nodiscard]] std::span<const PointRun> runs() const { return runs_; }
  /// If they are not few: the cells around it that are near enough.
  [[nodiscard]] std::span<const std::int64_t> cells() const { return {cells_.data(), count_}; }
  /// Points of those, or all around the cell if they are few.
  [[nodiscard]] std::int64_t others() const { return others_; }

 private:
  const SweepRound& round_;
  AdjacentCells adjacent_;
  std::span<const PointRun> runs_;
  std::array<std::int64_t, SpatialGrid::kMostAdjacent> cells_ = {};
  std::size_t count_ = 0;
  std::int64_t others_ = 0;
  bool are_few_ = false;
};

}  // namespace tradegraph::kernels
