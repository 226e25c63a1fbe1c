/// Components of core points: a graph of cells, whose edges are searched only between cells that
/// are not connected yet.

#include "kernels/adjacent_cells.hpp"
#include "kernels/dbscan_stages.hpp"
#include "kernels/work_count.hpp"

namespace tradegraph::kernels {

namespace {

/// Is there a pair of cores, one in each of two nodes, within eps? A dual-tree search that stops
/// at the first pair (the bichromatic closest pair of Gunawan and of Gan & Tao, as a decision).
class CorePairSearch {
 public:
  CorePairSearch(const SpatialGrid& grid, const std::vector<std::uint8_t>& core, double eps_squared)
      : grid_(grid), core_(core), eps_squared_(eps_squared) {}

  [[nodiscard]] bool exists(const GridNode& a, const GridNode& b) const {
    if (!a.has_core() || !b.has_core()) return false;
    if (least_squared_distance(a.box, b.box) > eps_squared_) return false;
    if (most_squared_distance(a.box, b.box) <= eps_squared_) return true;
    if (a.is_leaf() && b.is_leaf()) return exists_among_points(a, b);
    if (b.is_leaf() || (!a.is_leaf() && a.size() >= b.size())) return exists_in_halves(a, b);
    return exists_in_halves(b, a);
  }

 private:
  /// The half nearer to `other` first: a pair is likelier there.
  [[nodiscard]] bool exists_in_halves(const GridNode& node, const GridNode& other) const {
    const auto* near = &grid_.node(node.left);
    const auto* far = &grid_.node(node.left + 1);
    if (least_squared_distance(far->box, other.box) <
        least_squared_distance(near->box, other.box)) {
      std::swap(near, far);
    }
    return exists(*near, other) || exists(*far, other);
  }
  [[nodiscard]] bool exists_among_points(const GridNode& a, const GridNode& b) const {
    for (auto p = a.first; p < a.last; ++p) {
      if (!is_core(p)) continue;
      const auto place = grid_.place(p);
      if (least_squared_distance(place, b.box) > eps_squared_) continue;
      distances_computed += b.size();
      for (auto q = b.first; q < b.last; ++q) {
        const auto [x, y] = grid_.place(q);
        if (squared_distance(place.x, place.y, x, y) <= eps_squared_ && is_core(q)) return true;
      }
    }
    return false;
  }
  [[nodiscard]] bool is_core(std::int64_t p) const {
    return core_[static_cast<std::size_t>(p)] != 0;
  }

  const SpatialGrid& grid_;
  const std::vector<std::uint8_t>& core_;
  double eps_squared_;
};

void join_adjacent(const SpatialGrid& grid, const CorePairSearch& search, double eps_squared,
                   UnionFind& sets) {
#pragma omp parallel
  {
    AdjacentCells adjacent(grid);
#pragma omp for schedule(dynamic, 256)
    for (std::int64_t cell = 0; cell < grid.cells(); ++cell) {
      const auto& node = grid.node(cell);
      if (!node.has_core()) continue;
      for (const auto other : adjacent.after(cell)) {
        const auto& there = grid.node(other);
        if (!there.has_core() || least_squared_distance(node.box, there.box) > eps_squared)
          continue;
        if (sets.find(cell) != sets.find(other) && search.exists(node, there)) {
          sets.join(cell, other);
        }
      }
    }
  }
}

void join_trading(const SpatialGrid& grid, const std::vector<std::uint8_t>& core,
                  const std::vector<ClosePair>& close, const Thresholds& limits, UnionFind& sets) {
#pragma omp parallel for schedule(static)
  for (std::size_t k = 0; k < close.size(); ++k) {
    const auto& pair = close[k];
    if (pair.squared_distance <= limits.eps_squared) continue;  // neighbours without trade, too
    if (core[static_cast<std::size_t>(pair.first)] == 0) continue;
    if (core[static_cast<std::size_t>(pair.second)] == 0) continue;
    sets.join(grid.cell_at(pair.first), grid.cell_at(pair.second));
  }
}

}  // namespace

UnionFind core_components(const SpatialGrid& grid, const std::vector<std::uint8_t>& core,
                          const std::vector<ClosePair>& close, const Thresholds& limits) {
  UnionFind sets(grid.cells());
  join_trading(grid, core, close, limits, sets);
  join_adjacent(grid, CorePairSearch(grid, core, limits.eps_squared), limits.eps_squared, sets);
  return sets;
}

}  // namespace tradegraph::kernels
