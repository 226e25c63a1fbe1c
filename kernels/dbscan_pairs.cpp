/// Trading pairs near enough to matter.

#include <omp.h>

#include <algorithm>
#include <bit>

#include "engine/base/buffer.hpp"
#include "kernels/dbscan_stages.hpp"

namespace tradegraph::kernels {

namespace {

/// A point's place and its position in the grid's order, in half a cache line.
struct Spot {
  double x;
  double y;
  std::int64_t position;
};

Buffer<Spot> spots_of_points(const SpatialGrid& grid) {
  Buffer<Spot> spots(grid.points());
#pragma omp parallel for schedule(static)
  for (std::int64_t p = 0; p < grid.points(); ++p) {
    const auto [x, y] = grid.place(p);
    spots[grid.point(p)] = {x, y, p};
  }
  return spots;
}

/// So many pairs ahead of the one looked at are fetched: they lie anywhere in memory.
constexpr std::size_t kAhead = 32;

/// Keys (smaller position, then larger) of the pairs within reach, with repeats.
class PairFilter {
 public:
  PairFilter(const SpatialGrid& grid, double reach_squared)
      : reach_squared_(reach_squared),
        spots_(spots_of_points(grid)),
        bits_(static_cast<int>(std::bit_width(spots_.size()))) {}

  [[nodiscard]] std::vector<KeyedPoint> select(const Pairs& pairs) const {
    std::vector<std::vector<KeyedPoint>> found(static_cast<std::size_t>(omp_get_max_threads()));
#pragma omp parallel for schedule(static)
    for (std::size_t k = 0; k < pairs.first.size(); ++k) {
      const auto ahead = std::min(k + kAhead, pairs.first.size() - 1);
      __builtin_prefetch(&spot(pairs.first[ahead]));
      __builtin_prefetch(&spot(pairs.second[ahead]));
      const auto& a = spot(pairs.first[k]);
      const auto& b = spot(pairs.second[k]);
      if (a.position == b.position || !within_reach(a, b)) continue;
      found[static_cast<std::size_t>(omp_get_thread_num())].push_back({key(a, b), 0});
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
  [[nodiscard]] const Spot& spot(std::int64_t point) const { return spots_[point]; }
  [[nodiscard]] bool within_reach(const Spot& a, const Spot& b) const {
    return squared_distance(a.x, a.y, b.x, b.y) <= reach_squared_;
  }
  [[nodiscard]] std::uint64_t key(const Spot& a, const Spot& b) const {
    const auto first = static_cast<std::uint64_t>(std::min(a.position, b.position));
    return first << bits_ | static_cast<std::uint64_t>(std::max(a.position, b.position));
  }

  double reach_squared_;
  Buffer<Spot> spots_;
  int bits_;
};

}  // namespace

std::vector<ClosePair> close_pairs(const SpatialGrid& grid, const Pairs& pairs,
                                   const Thresholds& limits) {
  if (pairs.first.empty()) return {};
  const PairFilter filter(grid, limits.stretched_squared);
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
