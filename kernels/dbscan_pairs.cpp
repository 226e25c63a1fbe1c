/// Trading pairs near enough to matter.

#include <omp.h>

#include <algorithm>
#include <bit>

#include "kernels/dbscan_stages.hpp"

namespace tradegraph::kernels {

namespace {

std::vector<std::int64_t> positions_of_points(const SpatialGrid& grid) {
  std::vector<std::int64_t> position(static_cast<std::size_t>(grid.points()));
#pragma omp parallel for schedule(static)
  for (std::int64_t p = 0; p < grid.points(); ++p) {
    position[static_cast<std::size_t>(grid.point(p))] = p;
  }
  return position;
}

/// Keys (smaller position, then larger) of the pairs within reach, with repeats.
class PairFilter {
 public:
  PairFilter(const SpatialGrid& grid, const PointSet& points, double reach_squared)
      : points_(points),
        reach_squared_(reach_squared),
        position_(positions_of_points(grid)),
        bits_(static_cast<int>(std::bit_width(position_.size()))) {}

  [[nodiscard]] std::vector<KeyedPoint> select(const Pairs& pairs) const {
    std::vector<std::vector<KeyedPoint>> found(static_cast<std::size_t>(omp_get_max_threads()));
#pragma omp parallel for schedule(static)
    for (std::size_t k = 0; k < pairs.first.size(); ++k) {
      const auto i = static_cast<std::size_t>(pairs.first[k]);
      const auto j = static_cast<std::size_t>(pairs.second[k]);
      if (i == j || !within_reach(i, j)) continue;
      found[static_cast<std::size_t>(omp_get_thread_num())].push_back({key(i, j), 0});
    }
    std::vector<KeyedPoint> all;
    for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
    return all;
  }
  [[nodiscard]] int key_bits() const { return 2 * bits_; }
  [[nodiscard]] std::int64_t first(std::uint64_t key) const {
    return static_cast<std::int64_t>(key >> bits_);
  }
  [[nodiscard]] std::int64_t second(std::uint64_t key) const {
    return static_cast<std::int64_t>(key & ((std::uint64_t{1} << bits_) - 1));
  }

 private:
  [[nodiscard]] bool within_reach(std::size_t i, std::size_t j) const {
    return squared_distance(points_.x_m[i], points_.y_m[i], points_.x_m[j], points_.y_m[j]) <=
           reach_squared_;
  }
  [[nodiscard]] std::uint64_t key(std::size_t i, std::size_t j) const {
    const auto a = static_cast<std::uint64_t>(position_[i]);
    const auto b = static_cast<std::uint64_t>(position_[j]);
    return std::min(a, b) << bits_ | std::max(a, b);
  }

  const PointSet& points_;
  double reach_squared_;
  std::vector<std::int64_t> position_;
  int bits_;
};

}  // namespace

std::vector<ClosePair> close_pairs(const SpatialGrid& grid, const PointSet& points,
                                   const Pairs& pairs, const Thresholds& limits) {
  if (pairs.first.empty()) return {};
  const PairFilter filter(grid, points, limits.stretched_squared);
  auto keys = filter.select(pairs);
  sort_by_key(keys, filter.key_bits());
  const auto same = [](const KeyedPoint& a, const KeyedPoint& b) { return a.key == b.key; };
  keys.erase(std::unique(keys.begin(), keys.end(), same), keys.end());
  std::vector<ClosePair> close(keys.size());
#pragma omp parallel for schedule(static)
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const auto a = filter.first(keys[k].key);
    const auto b = filter.second(keys[k].key);
    const auto [ax, ay] = grid.place(a);
    const auto [bx, by] = grid.place(b);
    close[k] = {a, b, squared_distance(ax, ay, bx, by)};
  }
  return close;
}

}  // namespace tradegraph::kernels
