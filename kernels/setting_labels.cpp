#include "kernels/setting_labels.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "kernels/absorb.hpp"

namespace tradegraph::kernels {

namespace {

void measure_clusters(const WholeNation& nation, SettingLabels& labels) {
  for (auto& cluster : labels.clusters) {
    cluster.firms = 0;
    cluster.smallest_row = std::numeric_limits<std::int64_t>::max();
  }
  for (std::size_t i = 0; i < labels.label.size(); ++i) {
    if (labels.label[i] < 0) continue;
    auto& cluster = labels.clusters[static_cast<std::size_t>(labels.label[i])];
    ++cluster.firms;
    cluster.smallest_row = std::min(cluster.smallest_row, nation.row[i]);
  }
}

/// Sorts by size descending, then smallest row. Returns the new labels.
std::vector<std::int32_t> number_clusters(std::vector<SettingCluster>& clusters) {
  std::vector<std::size_t> order(clusters.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    return std::tuple(-clusters[a].firms, clusters[a].smallest_row) <
           std::tuple(-clusters[b].firms, clusters[b].smallest_row);
  });
  std::vector<std::int32_t> renumbered(order.size());
  std::vector<SettingCluster> sorted;
  for (const auto i : order) {
    renumbered[i] = static_cast<std::int32_t>(sorted.size());
    sorted.push_back(clusters[i]);
  }
  clusters = std::move(sorted);
  return renumbered;
}

}  // namespace

LabelSeries::LabelSeries(const WholeNation& nation, const std::vector<GroupForest>& forests,
                         Absorb absorb, double absorb_radius_m)
    : nation_(nation),
      absorb_(absorb),
      absorb_radius_m_(absorb_radius_m),
      in_one_group_(forests.size() == 1 &&
                    static_cast<std::int64_t>(forests.front().firm.size()) == nation.placed) {
  for (const auto& of : forests) groups_.push_back({of, ForestCut(*of.forest)});
}

/// Appends the clusters of a group.
void LabelSeries::measure(const GroupCut& group, SettingLabels& labels) const {
  const auto base = labels.clusters.size();
  labels.clusters.resize(base + static_cast<std::size_t>(group.cut.clusters()),
                         {0, std::numeric_limits<std::int64_t>::max(), group.of.group});
  const auto& row = group.of.forest->points().row;
  const auto& cluster_of = group.cut.cluster();
  for (std::size_t p = 0; p < row.size();) {  // points that follow each other are mostly of one
    const auto first = p;
    const auto at = cluster_of[first];
    auto smallest_row = row[first];
    for (; p < row.size() && cluster_of[p] == at; ++p) {
      smallest_row = std::min(smallest_row, row[p]);
    }
    if (at < 0) continue;
    auto& cluster = labels.clusters[base + static_cast<std::size_t>(at)];
    cluster.firms += static_cast<std::int64_t>(p - first);
    cluster.smallest_row = std::min(cluster.smallest_row, smallest_row);
  }
}

SettingLabels LabelSeries::next(Level level, double eps_m) {
  SettingLabels labels;
  for (auto& group : groups_) {
    group.cut.rise_to(level);
    measure(group, labels);
  }
  const auto number = number_clusters(labels.clusters);
  const bool absorbs = can_absorb(absorb_, in_one_group_, absorb_radius_m_, eps_m);
  labels.label.assign(nation_.firms(), -1);
  if (absorbs) labels.is_core.assign(nation_.firms(), 0);
  const auto* of_group = number.data();
  for (const auto& [of, cut] : groups_) {
    for (std::size_t p = 0; p < of.firm.size(); ++p) {
      if (cut.cluster()[p] < 0) continue;
      labels.label[of.firm[p]] = of_group[cut.cluster()[p]];
      if (absorbs) labels.is_core[of.firm[p]] = of.forest->is_core(p, level) ? 1 : 0;
    }
    of_group += cut.clusters();
  }
  if (!absorbs) return labels;
  absorb_locally(nation_, labels, eps_m, absorb_, absorb_radius_m_);
  measure_clusters(nation_, labels);
  const auto renumbered = number_clusters(labels.clusters);
  for (auto& label : labels.label) {
    if (label >= 0) label = renumbered[static_cast<std::size_t>(label)];
  }
  return labels;
}

}  // namespace tradegraph::kernels
