#include "kernels/group_checks.hpp"

#include <algorithm>
#include <map>
#include <sstream>

#include "engine/comm/agreement.hpp"
#include "kernels/dbscan_verify.hpp"
#include "kernels/group_pieces.hpp"
#include "kernels/group_table.hpp"
#include "kernels/k_distance.hpp"

namespace tradegraph::kernels {

namespace {

/// Each group goes to one rank, the largest first.
std::map<std::int32_t, std::int32_t> ranks_of_groups(const comm::Communicator& comm,
                                                     const FirmDirectory& directory,
                                                     const IdentifyConfig& config) {
  std::map<std::int32_t, std::int64_t> sizes;
  for (const auto& firm : directory.firms()) ++sizes[group_of(firm, config)];
  sizes.erase(kNoGroup);
  std::vector<std::int64_t> flat;
  for (const auto& [group, size] : sizes) flat.insert(flat.end(), {group, size});
  const auto all = comm::all_gather_v(comm, std::span<const std::int64_t>(flat)).values;
  sizes.clear();
  for (std::size_t i = 0; i < all.size(); i += 2) {
    sizes[static_cast<std::int32_t>(all[i])] += all[i + 1];
  }
  std::vector<std::int64_t> by_group;
  for (const auto& [group, size] : sizes) by_group.push_back(size);
  const auto dealt = deal(by_group, comm.size());
  std::map<std::int32_t, std::int32_t> rank;
  for (const auto& [group, size] : sizes) rank[group] = dealt[rank.size()];
  return rank;
}

/// Sends each link to the rank that has its supplier's group, by way of the supplier's keeper.
std::vector<Link> links_of_groups(const comm::Communicator& comm, const FirmDirectory& directory,
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
    if (group == kNoGroup) continue;
    links.push_back(link);
    destination.push_back(rank_of_group.at(group));
  }
  return comm::Delivery<Link>(comm, links, destination).received();
}

class GroupChecker {
 public:
  GroupChecker(const GroupTable& table, const IdentifyConfig& config, std::vector<FirmState> states)
      : table_(table), config_(config), states_(std::move(states)) {}

  void run() {
    for (const auto& group : table_.groups()) {
      if (config_.verify) verify(group);
      if (config_.k_distance) measure(group);
    }
  }
  [[nodiscard]] const std::vector<FirmState>& states() const { return states_; }
  [[nodiscard]] const std::string& violations() const { return violations_; }

 private:
  /// The group's part of the result, numbered as the definition numbers it.
  [[nodiscard]] DbscanResult result_of(const GroupTable::Group& group,
                                       const PointSet& points) const {
    std::map<std::int64_t, std::int64_t> smallest_core_row;
    DbscanResult result;
    for (std::size_t i = 0; i < points.row.size(); ++i) {
      const auto& state = states_[table_.received_at(group, i)];
      result.role.push_back(state.role_of());
      result.cluster.push_back(state.label);
      if (state.role_of() != Role::core) continue;
      const auto [at, is_new] = smallest_core_row.try_emplace(state.label, points.row[i]);
      if (!is_new) at->second = std::min(at->second, points.row[i]);
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> order;
    for (const auto& [label, row] : smallest_core_row) order.emplace_back(row, label);
    std::sort(order.begin(), order.end());
    std::map<std::int64_t, std::int64_t> number{{kNoCluster, kNoCluster}};
    for (std::size_t k = 0; k < order.size(); ++k) {
      number[order[k].second] = static_cast<std::int64_t>(k);
    }
    for (auto& cluster : result.cluster) {
      const auto found = number.find(cluster);  // a cluster without cores keeps its odd number
      if (found != number.end()) cluster = found->second;
    }
    return result;
  }

  void verify(const GroupTable::Group& group) {
    const auto points = table_.points(group);
    const Pairs pairs{group.pair_first, group.pair_second};
    const auto& settings = config_.settings_of(group.code);
    for (const auto& line : verify_dbscan(points, pairs, settings, result_of(group, points))) {
      violations_ += "group " + std::to_string(group.code) + ": " + line + "\n";
    }
  }

  void measure(const GroupTable::Group& group) {
    const auto points = table_.points(group);
    const auto k = config_.settings_of(group.code).min_firms - 1;
    const auto distance =
        k > 0 ? k_distance(points, k) : std::vector<double>(points.row.size(), 0.0);
    for (std::size_t i = 0; i < distance.size(); ++i) {
      states_[table_.received_at(group, i)].k_distance_m = distance[i];
    }
  }

  const GroupTable& table_;
  const IdentifyConfig& config_;
  std::vector<FirmState> states_;
  std::string violations_;
};

std::vector<std::string> gather_lines(const comm::Communicator& comm, const std::string& mine) {
  const auto all = comm::all_gather_v(comm, std::span<const char>(mine.data(), mine.size())).values;
  std::istringstream text(std::string(all.begin(), all.end()));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::vector<std::string> check_groups(const comm::Communicator& comm, FirmDirectory& directory,
                                      const TradePairs& trade, const IdentifyConfig& config) {
  const auto rank_of_group = ranks_of_groups(comm, directory, config);
  std::vector<PlacedFirm> sent;
  std::vector<FirmState> sent_states;
  std::vector<std::size_t> kept_at;
  std::vector<std::int32_t> destination;
  for (std::size_t i = 0; i < directory.firms().size(); ++i) {
    const auto group = group_of(directory.firms()[i], config);
    if (group == kNoGroup) continue;
    sent.push_back(directory.firms()[i]);
    sent_states.push_back(directory.states()[i]);
    kept_at.push_back(i);
    destination.push_back(rank_of_group.at(group));
  }
  const comm::Delivery<PlacedFirm> firms(comm, sent, destination);
  const comm::Delivery<FirmState> states(comm, sent_states, destination);
  GroupTable table(firms.received(), config);
  if (config.verify) table.add(links_of_groups(comm, directory, trade, config, rank_of_group));
  GroupChecker checker(table, config, states.received());
  comm::collectively(comm, [&] { checker.run(); });
  const auto back = firms.answer(std::span<const FirmState>(checker.states()));
  for (std::size_t k = 0; k < kept_at.size(); ++k) directory.states()[kept_at[k]] = back[k];
  return gather_lines(comm, checker.violations());
}

}  // namespace tradegraph::kernels
