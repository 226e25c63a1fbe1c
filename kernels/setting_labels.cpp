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

/// Renumbers by size descending, then smallest row.
void number_clusters(SettingLabels& labels) {
  auto& clusters = labels.clusters;
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
  for (auto& label : labels.label) {
    if (label >= 0) label = renumbered[static_cast<std::size_t>(label)];
  }
}

bool in_one_group(const WholeNation& nation, const std::vector<GroupForest>& forests) {
  return forests.size() == 1 &&
         static_cast<std::int64_t>(forests.front().firm.size()) == nation.placed;
}

}  // namespace

SettingLabels label_setting(const WholeNation& nation, const std::vector<GroupForest>& forests,
                            Level level, double eps_m, Absorb absorb, double absorb_radius_m) {
  SettingLabels labels;
  labels.label.assign(nation.firms(), -1);
  const bool absorbs = can_absorb(absorb, in_one_group(nation, forests), absorb_radius_m, eps_m);
  if (absorbs) labels.is_core.assign(nation.firms(), 0);
  ForestCut cut;
  for (const auto& [group, forest, firm] : forests) {
    forest->cut(level, cut);
    const auto base = static_cast<std::int32_t>(labels.clusters.size());
    labels.clusters.resize(labels.clusters.size() + static_cast<std::size_t>(cut.clusters),
                           {0, 0, group});
    for (std::size_t p = 0; p < firm.size(); ++p) {
      if (cut.cluster[p] < 0) continue;
      labels.label[firm[p]] = base + cut.cluster[p];
      if (absorbs) labels.is_core[firm[p]] = forest->is_core(p, level) ? 1 : 0;
    }
  }
  measure_clusters(nation, labels);
  number_clusters(labels);
  if (!absorbs) return labels;
  absorb_locally(nation, labels, eps_m, absorb, absorb_radius_m);
  measure_clusters(nation, labels);
  number_clusters(labels);
  return labels;
}

}  // namespace tradegraph::kernels
