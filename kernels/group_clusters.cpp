#include "kernels/group_clusters.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "kernels/group_checks.hpp"
#include "kernels/piece_clusters.hpp"

namespace tradegraph::kernels {

/// What a home tells a keeper of a firm, in few bytes: the label, and whether it is core.
struct Joined {
  std::int64_t code = -1;  ///< negative = noise

  Joined() = default;
  Joined(std::int64_t label, bool is_core) : code(2 * label + (is_core ? 1 : 0)) {}
  [[nodiscard]] std::int64_t label() const { return code / 2; }
  [[nodiscard]] bool is_core() const { return code >= 0 && code % 2 == 1; }
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Joined> : std::true_type {};

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

std::vector<Joined> find_joined(const LocalInput& input, const PieceClusters& found,
                                const std::vector<std::int64_t>& label) {
  std::vector<Joined> joined(input.home.received().size());
  for (std::size_t i = 0; i < joined.size(); ++i) {
    const auto& [group, point] = input.groups.own(i);
    const auto component = found.component[group][point];
    if (component < 0) continue;
    joined[i] = {label[static_cast<std::size_t>(component)], found.is_core[group][point] != 0};
  }
  return joined;
}

/// Ordered by label.
std::vector<CoreMember> core_members(const std::vector<PlacedFirm>& firms,
                                     const std::vector<Joined>& joined, std::size_t clusters) {
  std::vector<std::size_t> next(clusters + 1, 0);
  for (const auto& at : joined) {
    if (at.is_core()) ++next[static_cast<std::size_t>(at.label()) + 1];
  }
  std::partial_sum(next.begin(), next.end(), next.begin());
  std::vector<CoreMember> cores(next.back());
  for (std::size_t i = 0; i < firms.size(); ++i) {
    if (!joined[i].is_core()) continue;
    cores[next[static_cast<std::size_t>(joined[i].label())]++] = {
        joined[i].label(), {firms[i].x, firms[i].y}, firms[i].region};
  }
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
  const auto joined = find_joined(input, found, numbered.label);
  if (config.absorbs()) {
    result.cores = core_members(input.home.received(), joined, result.clusters.size());
  }
  const auto at_keeper = input.home.answer(std::span<const Joined>(joined));
  for (std::size_t k = 0; k < input.kept_at.size(); ++k) {
    if (at_keeper[k].code < 0) continue;
    auto& state = directory.states()[input.kept_at[k]];
    state.label = at_keeper[k].label();
    state.role = static_cast<std::int64_t>(at_keeper[k].is_core() ? Role::core : Role::border);
  }
  if (config.verify || config.k_distance) {
    result.violations = check_groups(comm, directory, trade, config);
  }
  return result;
}

}  // namespace tradegraph::kernels
