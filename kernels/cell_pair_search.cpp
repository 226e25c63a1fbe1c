#include "kernels/cell_pair_search.hpp"

#include <algorithm>

#include "kernels/work_count.hpp"

namespace tradegraph::kernels {

namespace {

/// Fills in the cells; threads work on cells of their own.
class CoreSummary {
 public:
  CoreSummary(const SweepRound& round, const CoreLevels& core,
              std::span<const std::size_t> settings, CellCores& cells)
      : round_(round), core_(core), settings_(settings), cells_(cells) {}

  void summarise(std::int64_t cell) {
    visit(cell);
    const auto earliest = cells_.earliest(cell);
    const auto first = cells_.member(cell);
    for (std::size_t k = 0; k < first.size(); ++k) {
      const auto is_first = [&](std::uint32_t point) {
        return core_.of(point)[settings_[k]] == earliest[k];
      };
      // If it can be that of the setting before: one point's sets lie together.
      if (k > 0 && is_first(first[k - 1])) {
        first[k] = first[k - 1];
        continue;
      }
      auto p = round_.grid.node(cell).first;
      while (!is_first(static_cast<std::uint32_t>(round_.grid.point(p)))) ++p;
      first[k] = static_cast<std::uint32_t>(round_.grid.point(p));
    }
  }

 private:
  void visit(std::int64_t i) {
    const auto& node = round_.grid.node(i);
    const auto earliest = cells_.earliest(i);
    std::fill(earliest.begin(), earliest.end(), round_.levels.count());
    if (node.is_leaf()) return visit_points(node, earliest);
    for (auto child : {node.left, node.left + 1}) {
      visit(child);
      const auto inside = cells_.earliest(child);
      for (std::size_t k = 0; k < earliest.size(); ++k) {
        earliest[k] = std::min(earliest[k], inside[k]);
      }
    }
  }
  void visit_points(const GridNode& node, std::span<Level> earliest) {
    for (auto p = node.first; p < node.last; ++p) {
      const auto* core = core_.of(static_cast<std::size_t>(round_.grid.point(p)));
      for (std::size_t k = 0; k < earliest.size(); ++k) {
        earliest[k] = std::min(earliest[k], core[settings_[k]]);
      }
    }
  }

  const SweepRound& round_;
  const CoreLevels& core_;
  std::span<const std::size_t> settings_;
  CellCores& cells_;
};

}  // namespace

CellCores summarise_cores(const SweepRound& round, const CoreLevels& core,
                          std::span<const std::size_t> settings) {
  CellCores cells(round.grid, settings.size());
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
