#include "kernels/hierarchy.hpp"

#include <cmath>

#include "engine/base/compensated_sum.hpp"
#include "kernels/cluster_tally.hpp"

namespace tradegraph::kernels {

namespace {

std::vector<Tally> degree_counts(const ClusterLinks& links) {
  std::vector<Tally> tallies;
  for (std::int64_t i = 0; i < links.labels.count(); ++i) {
    const auto degree = links.partners_inside[i];
    if (degree > 0) tallies.push_back({links.labels[i], degree, 1, 0});
  }
  return tallies;
}

/// Calls `visit(log rank, log degree, firms)` from rank 1 on; `ascending` holds a cluster's
/// distinct degrees in ascending order.
template <class Visit>
void for_each_rank(std::span<const Tally> ascending, TieRule ties, Visit&& visit) {
  double rank = 0;  // ranks given so far; exact to 2^53
  for (auto run = ascending.rbegin(); run != ascending.rend(); ++run) {
    const auto firms = static_cast<double>(run->count);
    const double log_degree = std::log(static_cast<double>(run->key));
    if (ties == TieRule::average) {
      visit(std::log(rank + (firms + 1) / 2), log_degree, firms);
    } else {
      for (double place = 1; place <= firms; ++place) visit(std::log(rank + place), log_degree, 1);
    }
    rank += firms;
  }
}

struct Means {
  double x;
  double y;
};

Means means(std::span<const Tally> degrees, TieRule ties) {
  CompensatedSum x;
  CompensatedSum y;
  double firms = 0;
  for_each_rank(degrees, ties, [&](double log_rank, double log_degree, double count) {
    x.add(log_rank * count);
    y.add(log_degree * count);
    firms += count;
  });
  return {x.value() / firms, y.value() / firms};
}

Hierarchy fit(std::span<const Tally> degrees, TieRule ties) {
  if (degrees.size() == 1) {  // all equal, or a single firm
    return {degrees.front().count < 2 ? kUndefined : 0.0, kUndefined};
  }
  const auto mean = means(degrees, ties);
  CompensatedSum xx;
  CompensatedSum xy;
  CompensatedSum yy;
  for_each_rank(degrees, ties, [&](double log_rank, double log_degree, double count) {
    const double dx = log_rank - mean.x;
    const double dy = log_degree - mean.y;
    xx.add(dx * dx * count);
    xy.add(dx * dy * count);
    yy.add(dy * dy * count);
  });
  const double slope = xy.value() / xx.value();
  return {-slope, slope * xy.value() / yy.value()};
}

}  // namespace

std::vector<Hierarchy> hierarchy(const ClusterLinks& links, TieRule ties) {
  const auto& group = links.labels.grid().group();
  const auto collected = collect_by_label(group, degree_counts(links));
  return figures_by_label<Hierarchy>(
      group, collected, links.clusters,
      [&](std::span<const Tally> degrees) { return fit(degrees, ties); });
}

}  // namespace tradegraph::kernels
