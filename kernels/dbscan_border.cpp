/// Which cluster a border point joins.

#include <algorithm>
#include <array>
#include <limits>

#include "kernels/adjacent_cells.hpp"
#include "kernels/dbscan_stages.hpp"
#include "kernels/work_count.hpp"

namespace tradegraph::kernels {

namespace {

/// The best core so far: least d^2/s^2, then smallest row.
struct Choice {
  double ratio = std::numeric_limits<double>::infinity();
  std::int64_t row = kNoRow;
  std::int64_t cell = -1;

  void offer(double other_ratio, std::int64_t other_row, std::int64_t other_cell) {
    if (other_ratio > ratio || (other_ratio == ratio && other_row >= row)) return;
    *this = {other_ratio, other_row, other_cell};
  }
};

/// A core that trades with a border point and is near enough.
struct TradingCore {
  std::int64_t border;
  std::int64_t core;
  double ratio;
};

std::vector<TradingCore> trading_cores(const std::vector<std::uint8_t>& core,
                                       const std::vector<ClosePair>& close,
                                       const Thresholds& limits) {
  std::vector<TradingCore> result;
  for (const auto& pair : close) {
    const bool first_is_core = core[static_cast<std::size_t>(pair.first)] != 0;
    const bool second_is_core = core[static_cast<std::size_t>(pair.second)] != 0;
    const double ratio = pair.squared_distance / limits.stretch_squared;
    if (first_is_core && !second_is_core) result.push_back({pair.second, pair.first, ratio});
    if (second_is_core && !first_is_core) result.push_back({pair.first, pair.second, ratio});
  }
  std::sort(result.begin(), result.end(),
            [](const auto& a, const auto& b) { return a.border < b.border; });
  return result;
}

/// Finds the core that each point without core flag joins; one object a thread.
class BorderSearch {
 public:
  BorderSearch(const SpatialGrid& grid, const std::vector<std::uint8_t>& core,
               const std::vector<TradingCore>& trading, std::span<const std::int64_t> row,
               double eps_squared)
      : grid_(grid),
        core_(core),
        trading_(trading),
        row_(row),
        eps_squared_(eps_squared),
        adjacent_(grid) {}

  void assign(std::int64_t c, std::vector<std::int64_t>& joined) {
    const auto& cell = grid_.node(c);
    bool near_is_known = false;
    for (auto p = cell.first; p < cell.last; ++p) {
      auto& answer = joined[static_cast<std::size_t>(p)];
      answer = c;
      if (core_[static_cast<std::size_t>(p)] != 0) continue;
      if (!near_is_known) find_near(c, cell);
      near_is_known = true;
      answer = choose(p).cell;
    }
  }

 private:
  /// Keeps the cells with cores, the own one included, within eps of the cell's box.
  void find_near(std::int64_t c, const GridNode& cell) {
    near_count_ = 0;
    if (cell.has_core()) near_[near_count_++] = c;
    for (const auto other : adjacent_.around(c)) {
      const auto& node = grid_.node(other);
      if (!node.has_core() || least_squared_distance(cell.box, node.box) > eps_squared_) continue;
      near_[near_count_++] = other;
    }
  }

  [[nodiscard]] Choice choose(std::int64_t p) const {
    Choice best;
    const auto place = grid_.place(p);
    for (std::size_t k = 0; k < near_count_; ++k) {
      search(grid_.node(near_[k]), near_[k], place, best);
    }
    auto claim = std::lower_bound(trading_.begin(), trading_.end(), p,
                                  [](const auto& a, std::int64_t b) { return a.border < b; });
    for (; claim != trading_.end() && claim->border == p; ++claim) {
      best.offer(claim->ratio, row_of(claim->core), grid_.cell_at(claim->core));
    }
    return best;
  }

  void search(const GridNode& node, std::int64_t cell, Place place, Choice& best) const {
    if (!node.has_core()) return;
    const double least = least_squared_distance(place, node.box);
    if (least > eps_squared_ || least > best.ratio) return;
    if (node.box.is_point()) return best.offer(least, node.smallest_core_row, cell);
    if (node.is_leaf()) return search_points(node, cell, place, best);
    search(grid_.node(node.left), cell, place, best);
    search(grid_.node(node.left + 1), cell, place, best);
  }

  void search_points(const GridNode& node, std::int64_t cell, Place place, Choice& best) const {
    distances_computed += node.size();
    for (auto q = node.first; q < node.last; ++q) {
      if (core_[static_cast<std::size_t>(q)] == 0) continue;
      const auto [x, y] = grid_.place(q);
      const double squared = squared_distance(place.x, place.y, x, y);
      if (squared <= eps_squared_) best.offer(squared, row_of(q), cell);
    }
  }

  [[nodiscard]] std::int64_t row_of(std::int64_t p) const {
    return row_[static_cast<std::size_t>(grid_.point(p))];
  }

  const SpatialGrid& grid_;
  const std::vector<std::uint8_t>& core_;
  const std::vector<TradingCore>& trading_;
  std::span<const std::int64_t> row_;
  double eps_squared_;
  AdjacentCells adjacent_;
  std::array<std::int64_t, SpatialGrid::kMostAdjacent> near_ = {};
  std::size_t near_count_ = 0;
};

}  // namespace

std::vector<std::int64_t> cells_joined(const SpatialGrid& grid,
                                       const std::vector<std::uint8_t>& core,
                                       const std::vector<ClosePair>& close,
                                       std::span<const std::int64_t> row,
                                       const Thresholds& limits) {
  const auto trading = trading_cores(core, close, limits);
  std::vector<std::int64_t> joined(static_cast<std::size_t>(grid.points()));
#pragma omp parallel
  {
    BorderSearch search(grid, core, trading, row, limits.eps_squared);
#pragma omp for schedule(dynamic, 256)
    for (std::int64_t cell = 0; cell < grid.cells(); ++cell) search.assign(cell, joined);
  }
  return joined;
}

}  // namespace tradegraph::kernels
