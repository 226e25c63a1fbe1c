#pragma once
/// The stages of `density_forests` for one grid: core levels, border spans, edges of the forest.

#include <cstdint>
#include <vector>

#include "kernels/density_forest.hpp"
#include "kernels/level_forest.hpp"
#include "kernels/spatial_grid.hpp"
#include "kernels/trade_partners.hpp"

namespace tradegraph::kernels {

/// First level at which each point is core, for each min_firms; `levels.count()` = at none.
class CoreLevels {
 public:
  CoreLevels(std::size_t points, std::size_t settings, Level never)
      : settings_(settings), level_(points * settings, never) {}

  [[nodiscard]] std::size_t settings() const { return settings_; }
  /// Of all settings, min_firms ascending: so levels ascend too.
  [[nodiscard]] Level* of(std::size_t point) { return &level_[point * settings_]; }
  [[nodiscard]] const Level* of(std::size_t point) const { return &level_[point * settings_]; }
  [[nodiscard]] std::vector<Level> column(std::size_t setting) const;

 private:
  std::size_t settings_;
  std::vector<Level> level_;
};

/// What all stages read. A round treats levels first..last with one grid, whose points are numbers
/// in `points`.
struct SweepRound {
  const DensityForest::Points& points;
  const EpsLevels& levels;
  const std::vector<std::int64_t>& min_firms;
  const TradePartners& partners;
  const SpatialGrid& grid;
  Level first;
  Level last;

  [[nodiscard]] bool is_final() const { return last + 1 == levels.count(); }
  [[nodiscard]] std::int64_t count() const { return last - first + 1; }
};

/// Around a cell with so few points all are looked at, without the tests that spare some of many.
inline constexpr std::int64_t kFewPoints = 256;

/// Core levels first..last of points that have none yet. O(points * max(min_firms)) distances for
/// bounded density; large cells are counted by their boxes.
void find_core_levels(const SweepRound& round, CoreLevels& core);

/// Appends, by setting, the spans of points for which this round found the last core level, or none
/// if it is the final round. Each point is treated once in a sweep. Needs the round's core levels.
void find_border_spans(const SweepRound& round, const CoreLevels& core,
                       std::vector<std::vector<BorderSpan>>& spans);

/// Joins cores at levels first..last, for each setting. Needs the round's core levels.
class ForestBuilder {
 public:
  ForestBuilder(std::size_t points, std::size_t settings)
      : forests_(settings, LevelForest(points)) {}
  void grow(const SweepRound& round, const CoreLevels& core);
  [[nodiscard]] LevelForest& forest(std::size_t setting) { return forests_[setting]; }

 private:
  std::vector<LevelForest> forests_;
};

}  // namespace tradegraph::kernels
