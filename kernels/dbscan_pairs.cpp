/// Trading pairs near enough to matter.

#include <omp.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/base/buffer.hpp"
#include "kernels/dbscan_stages.hpp"
#include "kernels/rough_places.hpp"

namespace tradegraph::kernels {

namespace {

/// Where each point stands in the grid's order.
Buffer<std::int32_t> positions_of_points(const SpatialGrid& grid) {
  Buffer<std::int32_t> position(grid.points());
#pragma omp parallel for schedule(static)
  for (std::int64_t p = 0; p < grid.points(); ++p) {
    position[grid.point(p)] = static_cast<std::int32_t>(p);
  }
  return position;
}

Box box_of(const SpatialGrid& grid) {
  Box all;
  for (std::int64_t cell = 0; cell < grid.cells(); ++cell) all.include(grid.node(cell).box);
  return all;
}

/// So many pairs ahead of the one looked at are fetched: they lie anywhere in memory.
constexpr std::size_t kAhead = 32;

/// Pairs of positions as keys: the smaller, then the larger.
class PairKeys {
 public:
  explicit PairKeys(const SpatialGrid& grid)
      : bits_(static_cast<int>(std::bit_width(static_cast<std::size_t>(grid.points())))) {}

  [[nodiscard]] Key key(std::int32_t a, std::int32_t b) const {
    const auto [first, second] = std::minmax(a, b);
    return {static_cast<std::uint64_t>(first) << bits_ | static_cast<std::uint64_t>(second)};
  }
  [[nodiscard]] int bits() const { return 2 * bits_; }
  [[nodiscard]] std::int64_t first(Key key) const {
    return static_cast<std::int64_t>(key.key >> bits_);
  }
  [[nodiscard]] std::int64_t second(Key key) const {
    return static_cast<std::int64_t>(key.key & ((std::uint64_t{1} << bits_) - 1));
  }

 private:
  int bits_;
};

/// Keys of the pairs within reach, with repeats.
class PairFilter {
 public:
  PairFilter(const SpatialGrid& grid, const PointSet& points, const Thresholds& limits)
      : points_(points),
        reach_squared_(limits.stretched_squared),
        reach_(box_of(grid), std::sqrt(limits.stretched_squared)),
        places_(grid.points()),
        position_(positions_of_points(grid)),
        keys_(grid) {
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < places_.size(); ++i) {
      places_[i] = reach_.place(points.x_m[i], points.y_m[i]);
    }
  }

  [[nodiscard]] std::vector<Key> select(const Pairs& pairs) const {
    std::vector<std::vector<Key>> found(static_cast<std::size_t>(omp_get_max_threads()));
#pragma omp parallel
    {
      std::vector<Key> mine;
#pragma omp for schedule(static)
      for (std::size_t k = 0; k < pairs.first.size(); ++k) {
        const auto ahead = std::min(k + kAhead, pairs.first.size() - 1);
        __builtin_prefetch(&places_[pairs.first[ahead]]);
        __builtin_prefetch(&places_[pairs.second[ahead]]);
        const auto a = pairs.first[k];
        const auto b = pairs.second[k];
        if (!reach_.may_be_close(places_[a], places_[b])) continue;
        if (a != b && within_reach(a, b)) mine.push_back(keys_.key(position_[a], position_[b]));
      }
      found[static_cast<std::size_t>(omp_get_thread_num())] = std::move(mine);
    }
    std::vector<Key> all;
    for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
    return all;
  }

 private:
  [[nodiscard]] bool within_reach(std::int64_t a, std::int64_t b) const {
    const auto i = static_cast<std::size_t>(a);
    const auto j = static_cast<std::size_t>(b);
    return squared_distance(points_.x_m[i], points_.y_m[i], points_.x_m[j], points_.y_m[j]) <=
           reach_squared_;
  }
  const PointSet& points_;
  double reach_squared_;
  RoughReach reach_;
  Buffer<RoughPlace> places_;
  Buffer<std::int32_t> position_;
  PairKeys keys_;
};

}  // namespace

std::vector<Key> close_keys(const SpatialGrid& grid, const PointSet& points, const Pairs& pairs,
                            const Thresholds& limits) {
  if (pairs.first.empty()) return {};
  return PairFilter(grid, points, limits).select(pairs);
}

std::vector<ClosePair> pairs_of_keys(const SpatialGrid& grid, std::vector<Key> keys) {
  const PairKeys pairs(grid);
  sort_by_key<Key>(keys, pairs.bits());
  const auto same = [](Key a, Key b) { return a.key == b.key; };
  keys.erase(std::unique(keys.begin(), keys.end(), same), keys.end());
  std::vector<ClosePair> close(keys.size());
#pragma omp parallel for schedule(static)
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const auto a = pairs.first(keys[k]);
    const auto b = pairs.second(keys[k]);
    const auto [ax, ay] = grid.place(a);
    const auto [bx, by] = grid.place(b);
    close[k] = {a, b, squared_distance(ax, ay, bx, by)};
  }
  return close;
}

std::vector<ClosePair> close_pairs(const SpatialGrid& grid, const PointSet& points,
                                   const Pairs& pairs, const Thresholds& limits) {
  return pairs_of_keys(grid, close_keys(grid, points, pairs, limits));
}

}  // namespace tradegraph::kernels
