/// Border spans: which core a point joins at each level at which it is not core itself.

#include <algorithm>
#include <array>

#include "kernels/adjacent_cells.hpp"
#include "kernels/border_choice.hpp"
#include "kernels/density_stages.hpp"
#include "kernels/point_scan.hpp"

namespace tradegraph::kernels {

namespace {

/// Finds the spans of cells' points; one object a thread.
class SpanFinder {
 public:
  SpanFinder(const SweepRound& round, const CoreLevels& core)
      : round_(round),
        core_(core),
        spans_(core.settings()),
        adjacent_(round.grid),
        choice_(core, {round.points.row.data(), round.points.row.size()}) {}

  /// Of the cells treated, by setting.
  [[nodiscard]] std::vector<ChunkedList<BorderSpan>>& spans() { return spans_; }

  void treat(std::int64_t c) {
    const auto& cell = round_.grid.node(c);
    bool near_is_known = false;
    for (auto p = cell.first; p < cell.last; ++p) {
      const auto point = static_cast<std::size_t>(round_.grid.point(p));
      const auto settled = core_.of(point)[core_.settings() - 1];
      if (settled <= round_.first || settled > round_.last + 1) continue;
      if (!near_is_known) find_near(c, cell);
      const auto top = static_cast<Level>(settled - 1);
      // Firms of one tower have the same candidates, but for their trade.
      const bool is_known = near_is_known && has_same(point, round_.grid.place(p));
      near_is_known = true;
      if (!is_known) find(point, round_.grid.place(p), top);
      for (const auto& [setting, core, first] : choice_.joins()) {
        spans_[setting].push_back({static_cast<std::uint32_t>(point), core, first});
      }
    }
  }

 private:
  void find_near(std::int64_t c, const GridNode& cell) {
    runs_ = adjacent_.runs(c);
    is_small_ = points_of(runs_) <= kFewPoints;
    near_count_ = 0;
    if (is_small_) return;
    near_[near_count_++] = c;
    for (const auto other : adjacent_.around(c)) {
      const auto& node = round_.grid.node(other);
      if (least_squared_distance(cell.box, node.box) > round_.levels.squared(round_.last)) continue;
      near_[near_count_++] = other;
    }
  }

  /// Whether what was found last holds for this point too.
  [[nodiscard]] bool has_same(std::size_t point, Place place) const {
    return !has_partners_ && round_.partners.of(point).empty() && place.x == place_.x &&
           place.y == place_.y && choice_.has_same_levels(point);
  }

  /// Up to level `top` the point lacks neighbours for the largest min_firms: so it has few.
  void find(std::size_t point, Place place, Level top) {
    place_ = place;
    has_partners_ = !round_.partners.of(point).empty();
    within_.clear();
    const double reach = round_.levels.squared(top);
    if (is_small_) {
      for (const auto& run : runs_) within_.add(round_.grid, run, place, reach);
    } else {
      for (std::size_t k = 0; k < near_count_; ++k) search(round_.grid.node(near_[k]), reach);
    }
    choice_.start(point, within_.count() + round_.partners.of(point).size());
    for (std::size_t i = 0; i < within_.count(); ++i) {
      const auto squared = within_.squared_distance(i);
      choice_.offer({squared, static_cast<std::uint32_t>(round_.grid.point(within_.position(i))),
                     round_.levels.of(squared)});
    }
    for (const auto& partner : round_.partners.of(point)) {
      if (partner.trade <= top) choice_.offer({partner.ratio, partner.point, partner.trade});
    }
    choice_.decide();
  }

  void search(const GridNode& node, double reach) {
    if (least_squared_distance(place_, node.box) > reach) return;
    if (node.is_leaf()) return within_.add(round_.grid, {node.first, node.last}, place_, reach);
    search(round_.grid.node(node.left), reach);
    search(round_.grid.node(node.left + 1), reach);
  }

  const SweepRound& round_;
  const CoreLevels& core_;
  std::vector<ChunkedList<BorderSpan>> spans_;
  AdjacentCells adjacent_;
  std::span<const PointRun> runs_;  ///< all points of the cell and of those around it
  bool is_small_ = false;           ///< so few that all are looked at
  std::array<std::int64_t, SpatialGrid::kMostAdjacent> near_ = {};
  std::size_t near_count_ = 0;
  // Of the point looked at last:
  Place place_ = {};
  bool has_partners_ = false;
  PointsWithin within_;
  BorderChoice choice_;
};

}  // namespace

void find_border_spans(const SweepRound& round, CellDealer& cells, const CoreLevels& core,
                       SpanLists& spans) {
#pragma omp parallel
  {
    SpanFinder finder(round, core);
    cells.deal(round.grid.cells(), [&](std::int64_t cell) { finder.treat(cell); });
#pragma omp critical
    for (std::size_t setting = 0; setting < spans.size(); ++setting) {
      spans[setting].push_back(std::move(finder.spans()[setting]));
    }
  }
}

}  // namespace tradegraph::kernels
