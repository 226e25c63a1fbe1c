#include "kernels/group_clusters.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "kernels/group_checks.hpp"
#include "kernels/piece_clusters.hpp"

namespace tradegraph::kernels {

namespace {

/// The clusters that components belong to, and the label of each component.
struct NumberedClusters {
  std::vector<Cluster> clusters;    ///< by size descending, then smallest row
  std::vector<std::int64_t> label;  ///< by component
};

/// By number of component; empty where it does not stand for a cluster.
std::vector<Cluster> merge_components(const PieceClusters& found) {
  std::vector<Cluster> clusters(found.components.size(),
                                {0, std::numeric_limits<std::int64_t>::max(), 0, kNoGroup, {}});
  for (std::size_t c = 0; c < found.components.size(); ++c) {
    const auto& component = found.components[c];
    auto& cluster = clusters[static_cast<std::size_t>(found.cluster[c])];
    cluster.size += component.firms;
    cluster.smallest_row = std::min(cluster.smallest_row, component.smallest_row);
    if (component.has_own_core == 0) continue;
    cluster.eps_m = component.eps_m;
    cluster.group = component.group;
    const bool is_new = cluster.ranks.empty() || cluster.ranks.back() != found.rank[c];
    if (is_new) cluster.ranks.push_back(found.rank[c]);  // components come by rank
  }
  return clusters;
}

NumberedClusters number(const PieceClusters& found) {
  auto merged = merge_components(found);
  std::vector<std::size_t> order;
  for (std::size_t c = 0; c < merged.size(); ++c) {
    if (found.cluster[c] == static_cast<std::int64_t>(c)) order.push_back(c);
  }
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    return std::tuple(-merged[a].size, merged[a].smallest_row) <
           std::tuple(-merged[b].size, merged[b].smallest_row);
  });
  NumberedClusters result;
  std::vector<std::int64_t> of_cluster(merged.size());
  for (const auto c : order) {
    of_cluster[c] = static_cast<std::int64_t>(result.clusters.size());
    result.clusters.push_back(std::move(merged[c]));
  }
  for (const auto cluster : found.cluster) {
    result.label.push_back(of_cluster[static_cast<std::size_t>(cluster)]);
  }
  return result;
}

std::vector<FirmState> states_of(const LocalInput& input, const PieceClusters& found,
                                 const std::vector<std::int64_t>& label) {
  std::vector<FirmState> states(input.home.received().size());
  for (std::size_t i = 0; i < states.size(); ++i) {
    const auto& [group, point] = input.groups.own(i);
    const auto component = found.component[group][point];
    if (component < 0) continue;
    states[i].label = label[static_cast<std::size_t>(component)];
    const bool is_core = found.is_core[group][point] != 0;
    states[i].role = static_cast<std::int64_t>(is_core ? Role::core : Role::border);
  }
  return states;
}

std::vector<CoreMember> core_members(const std::vector<PlacedFirm>& firms,
                                     const std::vector<FirmState>& states) {
  std::vector<CoreMember> cores;
  for (std::size_t i = 0; i < firms.size(); ++i) {
    if (states[i].role_of() != Role::core) continue;
    cores.push_back({states[i].label, {firms[i].x, firms[i].y}, firms[i].region});
  }
  std::sort(cores.begin(), cores.end(),
            [](const auto& a, const auto& b) { return a.label < b.label; });
  return cores;
}

bool uses_stretch(const IdentifyConfig& config) {
  return config.dbscan.stretch > 1 ||
         std::any_of(config.per_group.begin(), config.per_group.end(),
                     [](const auto& entry) { return entry.second.stretch > 1; });
}

}  // namespace

GroupClusters cluster_groups(const comm::Communicator& comm, FirmDirectory& directory,
                             const TradePairs& trade, const IdentifyConfig& config) {
  const GroupPieces pieces(comm, directory.firms(), config);
  const auto input = distribute(comm, directory, trade, config, pieces);
  PieceSolver solver(comm, input.groups, pieces, config);
  const auto found = solver.solve();
  auto numbered = number(found);

  GroupClusters result;
  result.clusters = std::move(numbered.clusters);
  result.clusters_without_stretch = uses_stretch(config)
                                        ? solver.count_without_stretch()
                                        : static_cast<std::int64_t>(result.clusters.size());
  const auto states = states_of(input, found, numbered.label);
  if (config.absorb != Absorb::none) result.cores = core_members(input.home.received(), states);
  const auto at_keeper = input.home.answer(std::span<const FirmState>(states));
  for (std::size_t k = 0; k < input.kept_at.size(); ++k) {
    directory.states()[input.kept_at[k]] = at_keeper[k];
  }
  if (config.verify || config.k_distance) {
    result.violations = check_groups(comm, directory, trade, config);
  }
  return result;
}

}  // namespace tradegraph::kernels
