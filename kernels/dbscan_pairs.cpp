/// Trading pairs near enough to matter.

#include <omp.h>

#include <algorithm>

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

}  // namespace

std::vector<ClosePair> close_pairs(const SpatialGrid& grid, const Pairs& pairs,
                                   const Thresholds& limits) {
  if (pairs.first.empty()) return {};
  const auto position = positions_of_points(grid);
  const auto examine = [&](std::size_t k) {
    const auto a = position[static_cast<std::size_t>(pairs.first[k])];
    const auto b = position[static_cast<std::size_t>(pairs.second[k])];
    const auto [ax, ay] = grid.place(a);
    const auto [bx, by] = grid.place(b);
    return ClosePair{std::min(a, b), std::max(a, b), squared_distance(ax, ay, bx, by)};
  };
  const auto is_close = [&](const ClosePair& pair) {
    return pair.first != pair.second && pair.squared_distance <= limits.stretched_squared;
  };
  std::vector<std::vector<ClosePair>> found(static_cast<std::size_t>(omp_get_max_threads()));
#pragma omp parallel for schedule(static)
  for (std::size_t k = 0; k < pairs.first.size(); ++k) {
    const auto pair = examine(k);
    if (is_close(pair)) found[static_cast<std::size_t>(omp_get_thread_num())].push_back(pair);
  }
  std::vector<ClosePair> close;
  for (const auto& part : found) close.insert(close.end(), part.begin(), part.end());
  std::sort(close.begin(), close.end());
  close.erase(std::unique(close.begin(), close.end()), close.end());
  return close;
}

}  // namespace tradegraph::kernels
