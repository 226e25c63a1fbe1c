#pragma once
/// The stages of `density_forests` for one grid: core levels, border spans, edges of the forest.

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/base/chunked_list.hpp"
#include "kernels/cell_dealer.hpp"
#include "kernels/density_forest.hpp"
#include "kernels/level_forest.hpp"
#include "kernels/spatial_grid.hpp"
#include "kernels/trade_partners.hpp"

namespace tradegraph::kernels {

/// First level at which each point is core, for each min_firms; `levels.count()` = at none.
class CoreLevels {
 public:
  /// The levels of a point may be read in blocks of so many, of which the last ends in others'.
  static constexpr std::size_t kBlock = 8;

  CoreLevels(std::size_t points, std::size_t settings, Level never)
      : settings_(settings), level_(static_cast<std::int64_t>(points * settings + kBlock), never) {}

  [[nodiscard]] std::size_t settings() const { return settings_; }
  /// Of all settings, min_firms ascending: so levels ascend too.
  [[nodiscard]] Level* of(std::size_t point) { return &level_[point * settings_]; }
  [[nodiscard]] const Level* of(std::size_t point) const { return &level_[point * settings_]; }
  [[nodiscard]] Buffer<Level> column(std::size_t setting) const;

 private:
  std::size_t settings_;
  Buffer<Level> level_;
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

/// Core levels first..last of points that have none yet, in the cells dealt to this rank; returns
/// the points that got one. O(points * max(min_firms)) distances for bounded density; large cells
/// are counted by their boxes.
[[nodiscard]] std::vector<std::uint32_t> find_core_levels(const SweepRound& round,
                                                          CellDealer& cells, CoreLevels& core);

/// From level `first` on the point is border and joins `core`: until its next span, or until it is
/// core, in the same cluster.
struct BorderSpan {
  std::uint32_t point;
  std::uint32_t core;
  std::uint32_t first;  ///< widened so that the record has no padding
};

/// Border spans in lists as threads find them, by setting.
using SpanLists = std::vector<std::vector<ChunkedList<BorderSpan>>>;

/// Appends the spans of points, in the cells dealt to this rank, that are core for all min_firms
/// one level after a level of this round, or never if it is the final round: so that the grid suits
/// the levels at which they are border last. Each point is treated once in a sweep. Needs the core
/// levels of all points in this round and the next.
void find_border_spans(const SweepRound& round, CellDealer& cells, const CoreLevels& core,
                       SpanLists& spans);

/// Joins cores at levels first..last, for each of some settings, ascending. Needs the round's core
/// levels of all points; those of later rounds may be there already.
class ForestBuilder {
 public:
  ForestBuilder(std::size_t points, std::vector<std::size_t> settings)
      : settings_(std::move(settings)), forests_(points, settings_.size()) {}
  void grow(const SweepRound& round, const CoreLevels& core);
  /// The links of one of its settings, which grows no more.
  [[nodiscard]] LevelForests::Links take(std::size_t setting);

 private:
  std::vector<std::size_t> settings_;
  LevelForests forests_;
};

}  // namespace tradegraph::kernels
