#include "kernels/cell_pair_search.hpp"

#include <algorithm>

#include "kernels/work_count.hpp"

namespace tradegraph::kernels {

namespace {

/// Fills in the cells; threads work on cells of their own.
class CoreSummary {
 public:
  CoreSummary(const SweepRound& round, const CoreLevels& core,
              std::span<const std::size_t> settings, std::vector<CellCores>& cells)
      : round_(round), core_(core), settings_(settings), cells_(cells) {}

  void summarise(std::int64_t c) {
    visit(c);
    const auto& node = round_.grid.node(c);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      auto& cells = cells_[i];
      const auto cell = static_cast<std::size_t>(c);
      for (auto p = node.first; p < node.last; ++p) {
        const auto point = static_cast<std::size_t>(round_.grid.point(p));
        if (core_.of(point)[settings_[i]] != cells.earliest[cell]) continue;
        cells.first[cell] = static_cast<std::uint32_t>(point);
        break;
      }
    }
  }

 private:
  void visit(std::int64_t i) {
    const auto& node = round_.grid.node(i);
    const auto at = static_cast<std::size_t>(i);
    for (auto& cells : cells_) cells.earliest[at] = round_.levels.count();
    if (node.is_leaf()) return visit_points(node, at);
    for (auto child : {node.left, node.left + 1}) {
      visit(child);
      for (auto& cells : cells_) {
        cells.earliest[at] =
            std::min(cells.earliest[at], cells.earliest[static_cast<std::size_t>(child)]);
      }
    }
  }
  void visit_points(const GridNode& node, std::size_t at) {
    for (auto p = node.first; p < node.last; ++p) {
      const auto* core = core_.of(static_cast<std::size_t>(round_.grid.point(p)));
      for (std::size_t i = 0; i < cells_.size(); ++i) {
        auto& earliest = cells_[i].earliest[at];
        earliest = std::min(earliest, core[settings_[i]]);
      }
    }
  }

  const SweepRound& round_;
  const CoreLevels& core_;
  std::span<const std::size_t> settings_;
  std::vector<CellCores>& cells_;
};

}  // namespace

std::vector<CellCores> summarise_cores(const SweepRound& round, const CoreLevels& core,
                                       std::span<const std::size_t> settings) {
  std::vector<CellCores> cells(settings.size());
  for (auto& of_setting : cells) {
    of_setting.earliest.resize(static_cast<std::size_t>(round.grid.nodes()));
    of_setting.first.resize(static_cast<std::size_t>(round.grid.cells()));
  }
  CoreSummary summary(round, core, settings, cells);
#pragma omp parallel for schedule(dynamic, 512)
  for (std::int64_t cell = 0; cell < round.grid.cells(); ++cell) summary.summarise(cell);
  return cells;
}

Level CellPairSearch::bound(std::int64_t a, std::int64_t b) const {
  const double least = least_squared_distance(round_.grid.node(a).box, round_.grid.node(b).box);
  return std::max({earliest(a), earliest(b), round_.levels.of(least), round_.first});
}

Level CellPairSearch::level(std::int64_t a, std::int64_t b, Level limit) const {
  Best best{limit, bound(a, b)};
  search(a, b, best);
  return best.level;
}

void CellPairSearch::search(std::int64_t i, std::int64_t j, Best& best) const {
  if (best.is_final() || bound(i, j) >= best.level) return;
  offer_boxes(i, j, best);
  if (best.is_final() || bound(i, j) >= best.level) return;
  const auto& a = round_.grid.node(i);
  const auto& b = round_.grid.node(j);
  if (a.is_leaf() && b.is_leaf()) return search_points(a, j, best);
  if (b.is_leaf() || (!a.is_leaf() && a.size() >= b.size())) return search_halves(a, j, best);
  search_halves(b, i, best);
}

/// The earliest core of one box and that of the other are no further apart than the boxes allow.
void CellPairSearch::offer_boxes(std::int64_t i, std::int64_t j, Best& best) const {
  const double most = most_squared_distance(round_.grid.node(i).box, round_.grid.node(j).box);
  best.level = std::min(best.level,
                        std::max({earliest(i), earliest(j), round_.levels.of(most), round_.first}));
}

/// The nearer half first: a pair is likelier there.
void CellPairSearch::search_halves(const GridNode& node, std::int64_t other, Best& best) const {
  auto near = node.left;
  auto far = node.left + 1;
  const auto& box = round_.grid.node(other).box;
  if (least_squared_distance(round_.grid.node(far).box, box) <
      least_squared_distance(round_.grid.node(near).box, box)) {
    std::swap(near, far);
  }
  search(near, other, best);
  search(far, other, best);
}

void CellPairSearch::search_points(const GridNode& a, std::int64_t j, Best& best) const {
  const auto& b = round_.grid.node(j);
  for (auto p = a.first; p < a.last; ++p) {
    const auto core = core_level(p);
    if (core >= best.level) continue;
    const auto place = round_.grid.place(p);
    if (least_squared_distance(place, b.box) > round_.levels.squared(best.level - 1U)) continue;
    distances_computed += b.size();
    for (auto q = b.first; q < b.last && core < best.level; ++q) {
      const auto [x, y] = round_.grid.place(q);
      const double squared = squared_distance(place.x, place.y, x, y);
      if (squared > round_.levels.squared(best.level - 1U) || core_level(q) >= best.level) continue;
      best.level = std::max({core, core_level(q), round_.levels.of(squared), round_.first});
      if (best.is_final()) return;
    }
  }
}

}  // namespace tradegraph::kernels
