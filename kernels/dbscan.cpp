#include "kernels/dbscan.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/base/error.hpp"
#include "engine/base/text.hpp"
#include "kernels/dbscan_stages.hpp"
#include "kernels/thread_limit.hpp"

namespace tradegraph::kernels {

const char* name(Role role) {
  switch (role) {
    case Role::noise: return "noise";
    case Role::border: return "border";
    case Role::core: return "core";
    case Role::absorbed: return "absorbed";
  }
  return "unknown";
}

void DbscanConfig::validate() const {
  require(eps_m >= 1e-100 && eps_m <= 1e100, ErrorKind::usage,
          "eps must be above 0 (1e-100 to 1e100 m), not " + to_text(eps_m));
  require(min_firms >= 1, ErrorKind::usage,
          "min_firms must be at least 1, not " + std::to_string(min_firms));
  require(stretch >= 1 && std::isfinite(stretch), ErrorKind::usage,
          "stretch must be a number of at least 1, not " + to_text(stretch));
}

Thresholds::Thresholds(const DbscanConfig& config)
    : eps_squared(config.eps_m * config.eps_m),
      stretched_squared((config.stretch * config.eps_m) * (config.stretch * config.eps_m)),
      stretch_squared(config.stretch * config.stretch),
      min_firms(config.min_firms) {}

void check_points(const PointSet& points, const Pairs& pairs) {
  const auto n = points.row.size();
  require(
      points.x_m.size() == n && points.y_m.size() == n && pairs.first.size() == pairs.second.size(),
      ErrorKind::internal, "dbscan: spans of unequal length");
  require(n < std::size_t{1} << 31, ErrorKind::usage, "dbscan takes fewer than 2^31 firms a group");
  bool finite = true;
#pragma omp parallel for reduction(&& : finite)
  for (std::size_t i = 0; i < n; ++i) {
    finite = finite && std::isfinite(points.x_m[i]) && std::isfinite(points.y_m[i]);
  }
  require(finite, ErrorKind::bad_input, "a place is not finite");
  const auto limit = static_cast<std::int64_t>(n);
  const auto inside = [limit](std::int64_t i) { return 0 <= i && i < limit; };
  bool known = true;
#pragma omp parallel for reduction(&& : known)
  for (std::size_t k = 0; k < pairs.first.size(); ++k) {
    known = known && inside(pairs.first[k]) && inside(pairs.second[k]);
  }
  require(known, ErrorKind::internal, "dbscan: a pair names a point that is not there");
}

namespace {

/// Cluster of each cell, numbered by smallest core row; -1 for cells without cores.
std::vector<std::int64_t> cluster_of_cells(const SpatialGrid& grid, UnionFind& sets) {
  std::vector<std::int64_t> smallest(static_cast<std::size_t>(grid.cells()), kNoRow);
  for (std::int64_t cell = 0; cell < grid.cells(); ++cell) {
    auto& row = smallest[static_cast<std::size_t>(sets.find(cell))];
    row = std::min(row, grid.node(cell).smallest_core_row);
  }
  std::vector<std::int64_t> roots;
  for (std::int64_t cell = 0; cell < grid.cells(); ++cell) {
    if (smallest[static_cast<std::size_t>(cell)] != kNoRow) roots.push_back(cell);
  }
  std::sort(roots.begin(), roots.end(), [&](std::int64_t a, std::int64_t b) {
    return smallest[static_cast<std::size_t>(a)] < smallest[static_cast<std::size_t>(b)];
  });
  std::vector<std::int64_t> cluster(smallest.size(), -1);
  for (std::size_t k = 0; k < roots.size(); ++k) {
    cluster[static_cast<std::size_t>(roots[k])] = static_cast<std::int64_t>(k);
  }
  for (std::int64_t cell = 0; cell < grid.cells(); ++cell) {
    const auto root = sets.find(cell);
    cluster[static_cast<std::size_t>(cell)] = cluster[static_cast<std::size_t>(root)];
  }
  return cluster;
}

}  // namespace

DbscanResult dbscan(const PointSet& points, const Pairs& pairs, const DbscanConfig& config) {
  config.validate();
  const ThreadLimit thread_limit(points.row.size());
  check_points(points, pairs);
  const Thresholds limits(config);
  SpatialGrid grid(points, config.eps_m);
  // Without stretch, trade changes neither distances nor ties.
  const bool trade_matters = config.stretch > 1;
  const auto close = close_pairs(grid, points, trade_matters ? pairs : Pairs{}, limits);
  const auto core = core_flags(grid, close, limits);
  grid.mark_cores(core, points.row);
  auto sets = core_components(grid, core, close, limits);
  const auto cluster_of_cell = cluster_of_cells(grid, sets);
  const auto joined = cells_joined(grid, core, close, points.row, limits);

  DbscanResult result{std::vector<std::int64_t>(core.size()), std::vector<Role>(core.size())};
#pragma omp parallel for schedule(static)
  for (std::size_t p = 0; p < core.size(); ++p) {
    const auto i = static_cast<std::size_t>(grid.point(static_cast<std::int64_t>(p)));
    const auto cell = joined[p];
    result.cluster[i] = cell < 0 ? -1 : cluster_of_cell[static_cast<std::size_t>(cell)];
    result.role[i] = core[p] != 0 ? Role::core : cell < 0 ? Role::noise : Role::border;
  }
  return result;
}

}  // namespace tradegraph::kernels
