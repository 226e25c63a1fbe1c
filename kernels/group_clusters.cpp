#include "kernels/group_clusters.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <sstream>
#include <tuple>

#include "engine/comm/agreement.hpp"
#include "kernels/dbscan_verify.hpp"
#include "kernels/group_table.hpp"
#include "kernels/k_distance.hpp"

namespace tradegraph::kernels {

namespace {

bool uses_trade(const IdentifyConfig& config) {
  return config.dbscan.stretch > 1 ||
         std::any_of(config.per_group.begin(), config.per_group.end(),
                     [](const auto& entry) { return entry.second.stretch > 1; });
}

std::map<std::int32_t, std::int64_t> group_sizes(const comm::Communicator& comm,
                                                 const FirmDirectory& directory,
                                                 const IdentifyConfig& config) {
  std::map<std::int32_t, std::int64_t> mine;
  for (const auto& firm : directory.firms()) ++mine[group_of(firm, config)];
  mine.erase(kNoGroup);
  std::vector<std::int64_t> flat;
  for (const auto& [group, size] : mine) flat.insert(flat.end(), {group, size});
  const auto all = comm::all_gather_v(comm, std::span<const std::int64_t>(flat)).values;
  std::map<std::int32_t, std::int64_t> sizes;
  for (std::size_t i = 0; i < all.size(); i += 2) {
    sizes[static_cast<std::int32_t>(all[i])] += all[i + 1];
  }
  return sizes;
}

/// What the groups of one rank come to; labels count the rank's clusters from 0.
struct LocalClusters {
  std::vector<FirmState> states;  ///< parallel to the firms received
  std::vector<Cluster> clusters;
  std::int64_t clusters_without_stretch = 0;
  std::string violations;  ///< one a line
};

class GroupSolver {
 public:
  GroupSolver(const GroupTable& table, const IdentifyConfig& config, std::int32_t rank,
              std::size_t firms)
      : table_(table), config_(config), rank_(rank) {
    result_.states.resize(firms);
  }

  LocalClusters run() {
    for (const auto& group : table_.groups()) solve(group);
    return std::move(result_);
  }

 private:
  void solve(const GroupTable::Group& group) {
    const auto& settings = config_.settings_of(group.code);
    const auto points = table_.points(group);
    const Pairs pairs{group.pair_first, group.pair_second};
    const auto [found, clusters_without_stretch] = dbscan_both_ways(points, pairs, settings);
    result_.clusters_without_stretch += clusters_without_stretch;
    if (config_.verify) verify(group, points, pairs, found);
    record(group, points, settings, found);
    if (config_.k_distance) measure(group, points, settings.min_firms - 1);
  }

  void record(const GroupTable::Group& group, const PointSet& points, const DbscanConfig& settings,
              const DbscanResult& found) {
    const auto base = static_cast<std::int64_t>(result_.clusters.size());
    const auto count = cluster_count(found);
    result_.clusters.resize(
        static_cast<std::size_t>(base + count),
        {0, std::numeric_limits<std::int64_t>::max(), settings.eps_m, group.code, rank_});
    for (std::size_t i = 0; i < found.cluster.size(); ++i) {
      auto& state = state_of(group, i);
      state.role = static_cast<std::int64_t>(found.role[i]);
      if (found.cluster[i] < 0) continue;
      state.label = base + found.cluster[i];
      auto& cluster = result_.clusters[static_cast<std::size_t>(state.label)];
      ++cluster.size;
      cluster.smallest_row = std::min(cluster.smallest_row, points.row[i]);
    }
  }

  void verify(const GroupTable::Group& group, const PointSet& points, const Pairs& pairs,
              const DbscanResult& found) {
    for (const auto& line : verify_dbscan(points, pairs, config_.settings_of(group.code), found)) {
      result_.violations += "group " + std::to_string(group.code) + ": " + line + "\n";
    }
  }

  void measure(const GroupTable::Group& group, const PointSet& points, std::int64_t k) {
    const auto distance =
        k > 0 ? k_distance(points, k) : std::vector<double>(points.row.size(), 0.0);
    for (std::size_t i = 0; i < distance.size(); ++i) state_of(group, i).k_distance_m = distance[i];
  }

  [[nodiscard]] static std::int64_t cluster_count(const DbscanResult& found) {
    std::int64_t count = 0;
    for (const auto cluster : found.cluster) count = std::max(count, cluster + 1);
    return count;
  }
  FirmState& state_of(const GroupTable::Group& group, std::size_t i) {
    return result_.states[table_.received_at(group, i)];
  }

  const GroupTable& table_;
  const IdentifyConfig& config_;
  std::int32_t rank_;
  LocalClusters result_;
};

/// Sends each link to the rank that solves its supplier's group, by way of the supplier's keeper.
std::vector<Link> links_for_groups(const comm::Communicator& comm, const FirmDirectory& directory,
                                   const TradePairs& trade, const IdentifyConfig& config,
                                   const std::map<std::int32_t, std::int32_t>& rank_of_group) {
  std::vector<Link> links(trade.supplier.size());
  std::vector<std::int32_t> destination(links.size());
  for (std::size_t k = 0; k < links.size(); ++k) {
    links[k] = {trade.supplier[k], trade.buyer[k]};
    destination[k] = directory.rank_of(trade.supplier[k]);
  }
  const comm::Delivery<Link> at_keeper(comm, links, destination);
  links.clear();
  destination.clear();
  for (const auto& link : at_keeper.received()) {
    const auto supplier = directory.find(link.supplier);
    const auto group = supplier ? group_of(directory.firms()[*supplier], config) : kNoGroup;
    if (group == kNoGroup || config.settings_of(group).stretch == 1) continue;
    links.push_back(link);
    destination.push_back(rank_of_group.at(group));
  }
  return comm::Delivery<Link>(comm, links, destination).received();
}

/// Provisional labels of all clusters in the order of the ranks that solved them.
std::vector<std::int64_t> order_clusters(std::vector<Cluster>& clusters) {
  std::vector<std::size_t> order(clusters.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    return std::tuple(-clusters[a].size, clusters[a].smallest_row) <
           std::tuple(-clusters[b].size, clusters[b].smallest_row);
  });
  std::vector<std::int64_t> label(clusters.size());
  std::vector<Cluster> sorted;
  for (const auto i : order) {
    label[i] = static_cast<std::int64_t>(sorted.size());
    sorted.push_back(clusters[i]);
  }
  clusters = std::move(sorted);
  return label;
}

std::vector<std::string> gather_lines(const comm::Communicator& comm, const std::string& mine) {
  const auto all = comm::all_gather_v(comm, std::span<const char>(mine.data(), mine.size())).values;
  std::istringstream text(std::string(all.begin(), all.end()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
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

}  // namespace

std::map<std::int32_t, std::int32_t> deal_groups(const std::map<std::int32_t, std::int64_t>& sizes,
                                                 int ranks) {
  std::vector<std::pair<std::int64_t, std::int32_t>> order;
  for (const auto& [group, size] : sizes) order.push_back({-size, group});
  std::sort(order.begin(), order.end());
  std::vector<std::int64_t> load(static_cast<std::size_t>(ranks), 0);
  std::map<std::int32_t, std::int32_t> rank_of;
  for (const auto& [negative_size, group] : order) {
    const auto least = std::min_element(load.begin(), load.end());
    rank_of[group] = static_cast<std::int32_t>(least - load.begin());
    *least -= negative_size;
  }
  return rank_of;
}

GroupClusters cluster_groups(const comm::Communicator& comm, FirmDirectory& directory,
                             const TradePairs& trade, const IdentifyConfig& config) {
  const auto rank_of_group = deal_groups(group_sizes(comm, directory, config), comm.size());
  std::vector<PlacedFirm> sent;
  std::vector<std::size_t> kept_at;
  std::vector<std::int32_t> destination;
  for (std::size_t i = 0; i < directory.firms().size(); ++i) {
    const auto group = group_of(directory.firms()[i], config);
    if (group == kNoGroup) continue;
    sent.push_back(directory.firms()[i]);
    kept_at.push_back(i);
    destination.push_back(rank_of_group.at(group));
  }
  const comm::Delivery<PlacedFirm> delivery(comm, sent, destination);
  GroupTable table(delivery.received(), config);
  if (uses_trade(config)) {
    table.add(links_for_groups(comm, directory, trade, config, rank_of_group));
  }
  auto local = comm::collectively(comm, [&] {
    return GroupSolver(table, config, comm.rank(), delivery.received().size()).run();
  });

  GroupClusters result;
  const auto count = static_cast<std::int64_t>(local.clusters.size());
  const auto base = comm::exclusive_scan(comm, count);
  result.clusters = comm::all_gather_v(comm, std::span<const Cluster>(local.clusters)).values;
  const auto label = order_clusters(result.clusters);
  for (auto& state : local.states) {
    if (state.label >= 0) state.label = label[static_cast<std::size_t>(base + state.label)];
  }
  result.cores = core_members(delivery.received(), local.states);
  result.clusters_without_stretch =
      comm::all_reduce(comm, local.clusters_without_stretch, comm::ReduceOp::sum);
  result.violations = gather_lines(comm, local.violations);
  const auto states = delivery.answer(std::span<const FirmState>(local.states));
  for (std::size_t k = 0; k < kept_at.size(); ++k) directory.states()[kept_at[k]] = states[k];
  return result;
}

}  // namespace tradegraph::kernels
