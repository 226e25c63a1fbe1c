/// Border spans: which core a point joins at each level at which it is not core itself.

#include "kernels/border_choice.hpp"
#include "kernels/density_stages.hpp"
#include "kernels/point_scan.hpp"
#include "kernels/surroundings.hpp"

namespace tradegraph::kernels {

namespace {

/// Finds the spans of cells' points; one object a thread.
class SpanFinder {
 public:
  SpanFinder(const SweepRound& round, const CoreLevels& core)
      : round_(round),
        core_(core),
        spans_(core.settings()),
        around_(round),
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
      if (!near_is_known) around_.move_to(c);
      const auto top = static_cast<Level>(settled - 1);
      // Firms of one tower have the same candidates, but for their trade.
      const bool is_known = near_is_known && has_same(point, round_.grid.place(p));
      near_is_known = true;
      if (!is_known) find(c, point, round_.grid.place(p), top);
      for (const auto& [setting, core, first] : choice_.joins()) {
        spans_[setting].push_back({static_cast<std::uint32_t>(point), core, first});
      }
    }
  }

 private:
  /// Whether what was found last holds for this point too.
  [[nodiscard]] bool has_same(std::size_t point, Place place) const {
    return !has_partners_ && round_.partners.of(point).empty() && place.x == place_.x &&
           place.y == place_.y && choice_.has_same_levels(point);
  }

  /// Up to level `top` the point lacks neighbours for the largest min_firms: so it has few.
  void find(std::int64_t cell, std::size_t point, Place place, Level top) {
    place_ = place;
    has_partners_ = !round_.partners.of(point).empty();
    within_.clear();
    const double reach = round_.levels.squared(top);
    if (around_.are_few()) {
      for (const auto& run : around_.runs()) within_.add(round_.grid, run, place, reach);
    } else {
      search(round_.grid.node(cell), reach);
      for (const auto other : around_.cells()) search(round_.grid.node(other), reach);
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
  Surroundings around_;
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
