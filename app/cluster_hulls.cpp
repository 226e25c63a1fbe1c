#include "app/cluster_hulls.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tradegraph::app {

using io::LonLat;

namespace {

std::pair<double, double> pair(const LonLat& p) { return {p.longitude, p.latitude}; }

/// Twice the signed area of the triangle a, b, c.
double turn(const LonLat& a, const LonLat& b, const LonLat& c) {
  return (b.longitude - a.longitude) * (c.latitude - a.latitude) -
         (b.latitude - a.latitude) * (c.longitude - a.longitude);
}

/// Extends the chain that starts at `start` by each point in turn, dropping what is not convex.
template <class Range>
void extend(std::vector<LonLat>& chain, std::size_t start, const Range& points) {
  for (const auto& p : points) {
    while (chain.size() >= start + 2 && turn(chain[chain.size() - 2], chain.back(), p) <= 0) {
      chain.pop_back();
    }
    chain.push_back(p);
  }
}

}  // namespace

std::vector<LonLat> convex_hull(std::vector<LonLat> points) {
  std::sort(points.begin(), points.end(),
            [](const LonLat& a, const LonLat& b) { return pair(a) < pair(b); });
  const auto repeats = std::unique(points.begin(), points.end(),
                                   [](const auto& a, const auto& b) { return pair(a) == pair(b); });
  points.erase(repeats, points.end());
  if (points.size() < 3) return points;
  std::vector<LonLat> hull;
  extend(hull, 0, points);
  const auto lower = hull.size();
  std::reverse(points.begin(), points.end());
  points.erase(points.begin());  // the last of the lower chain starts the upper one
  extend(hull, lower - 1, points);
  hull.pop_back();
  return hull;
}

std::vector<std::vector<LonLat>> cluster_hulls(const TradeNetwork& network,
                                               const std::vector<Label>& labels,
                                               std::int64_t clusters) {
  const auto& table = network.table();
  std::vector<std::vector<LonLat>> points(static_cast<std::size_t>(clusters));
  for (std::size_t i = 0; i < table.longitude.size(); ++i) {
    if (labels[i] == kNoCluster || std::isnan(table.longitude[i])) continue;
    points[static_cast<std::size_t>(labels[i])].push_back({table.longitude[i], table.latitude[i]});
  }
  std::vector<Label> corner_label;
  std::vector<double> corners;
  for (std::size_t c = 0; c < points.size(); ++c) {
    for (const auto& p : convex_hull(std::move(points[c]))) {
      corner_label.push_back(static_cast<Label>(c));
      corners.insert(corners.end(), {p.longitude, p.latitude});
    }
  }
  const auto& group = network.grid().group();
  const auto all_labels = comm::all_gather_v(group, std::span<const Label>(corner_label)).values;
  const auto all = comm::all_gather_v(group, std::span<const double>(corners)).values;
  std::vector<std::vector<LonLat>> hulls(static_cast<std::size_t>(clusters));
  for (std::size_t i = 0; i < all_labels.size(); ++i) {
    hulls[static_cast<std::size_t>(all_labels[i])].push_back({all[2 * i], all[2 * i + 1]});
  }
  for (auto& hull : hulls) hull = convex_hull(std::move(hull));
  return hulls;
}

}  // namespace tradegraph::app
