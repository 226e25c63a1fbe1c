#include "kernels/hierarchy.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/base/compensated_sum.hpp"
#include "kernels/label_tally.hpp"

namespace tradegraph::kernels {

namespace {

std::int64_t largest(const FirmCounts& counts) {
  std::int64_t most = 0;
#pragma omp parallel for schedule(static) reduction(max : most)
  for (std::int64_t i = 0; i < counts.count(); ++i) most = std::max(most, counts[i]);
  return most;
}

/// How many of this rank's firms of each cluster have each degree above 0.
std::vector<Tally> degree_counts(const ClusterLinks& links) {
  const auto& degree = links.partners_inside;
  const LabelGroups groups(links.labels.values(), links.clusters);
  return tally_by_label(groups, largest(degree) + 1, [&](std::int64_t firm, TallyPad& pad) {
    if (degree[firm] > 0) pad.add(degree[firm], 1, 0);
  });
}

/// log 1, log 2, ... as far as the largest cluster needs them; every cluster's ranks start at 1.
class Logarithms {
 public:
  explicit Logarithms(std::span<const Tally> tallies) : log_(most_firms(tallies) + 1) {
#pragma omp parallel for schedule(static)
    for (std::int64_t k = 0; k < log_.ssize(); ++k) log_[k] = std::log(static_cast<double>(k));
  }
  [[nodiscard]] double operator[](std::int64_t k) const { return log_[k]; }

 private:
  static std::int64_t most_firms(std::span<const Tally> tallies) {
    Int128 most = 0;
    for_each_label(tallies, [&](Label, std::span<const Tally> run) {
      Int128 firms = 0;
      for (const auto& tally : run) firms += tally.count;
      most = std::max(most, firms);
    });
    return static_cast<std::int64_t>(most);
  }

  Buffer<double> log_;
};

/// Calls `visit(log rank, log degree, firms)` from rank 1 on; `ascending` holds a cluster's
/// distinct degrees in ascending order.
template <class Visit>
void for_each_rank(std::span<const Tally> ascending, TieRule ties, const Logarithms& log,
                   Visit&& visit) {
  std::int64_t rank = 0;  // ranks given so far
  for (auto run = ascending.rbegin(); run != ascending.rend(); ++run) {
    const auto firms = static_cast<std::int64_t>(run->count);
    const double log_degree = std::log(static_cast<double>(run->key));
    if (ties == TieRule::average) {
      const double mean_rank = static_cast<double>(rank) + static_cast<double>(firms + 1) / 2;
      visit(std::log(mean_rank), log_degree, static_cast<double>(firms));
    } else {
      for (std::int64_t place = 1; place <= firms; ++place) visit(log[rank + place], log_degree, 1);
    }
    rank += firms;
  }
}

struct Means {
  double x;
  double y;
};

Means means(std::span<const Tally> degrees, TieRule ties, const Logarithms& log) {
  CompensatedSum x;
  CompensatedSum y;
  double firms = 0;
  for_each_rank(degrees, ties, log, [&](double log_rank, double log_degree, double count) {
    x.add(log_rank * count);
    y.add(log_degree * count);
    firms += count;
  });
  return {x.value() / firms, y.value() / firms};
}

Hierarchy fit(std::span<const Tally> degrees, TieRule ties, const Logarithms& log) {
  if (degrees.size() == 1) {  // all equal, or a single firm
    return {degrees.front().count < 2 ? kUndefined : 0.0, kUndefined};
  }
  const auto mean = means(degrees, ties, log);
  CompensatedSum xx;
  CompensatedSum xy;
  CompensatedSum yy;
  for_each_rank(degrees, ties, log, [&](double log_rank, double log_degree, double count) {
    const double dx = log_rank - mean.x;
    const double dy = log_degree - mean.y;
    xx.add(dx * dx * count);
    xy.add(dx * dy * count);
    yy.add(dy * dy * count);
  });
  const double slope = xy.value() / xx.value();
  // Points on one line, as any two distinct degrees at average ranks are, may round to above 1.
  return {-slope, std::min(slope * xy.value() / yy.value(), 1.0)};
}

}  // namespace

std::vector<Hierarchy> hierarchy(const ClusterLinks& links, TieRule ties) {
  const auto& group = links.labels.grid().group();
  auto mine = comm::collectively(group, [&] { return degree_counts(links); });
  const auto collected = collect_by_label(group, std::move(mine));
  const auto log = comm::collectively(group, [&] { return Logarithms(collected); });
  return figures_by_label<Hierarchy>(
      group, collected, links.clusters,
      [&](std::span<const Tally> degrees) { return fit(degrees, ties, log); });
}

Hierarchy hierarchy_of(std::span<const Tally> degrees) {
  if (degrees.empty()) return {};
  return fit(degrees, TieRule::ordinal, Logarithms(degrees));
}

}  // namespace tradegraph::kernels
