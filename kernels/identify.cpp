#include "kernels/identify.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "engine/base/text.hpp"
#include "engine/comm/agreement.hpp"
#include "kernels/absorb.hpp"

namespace tradegraph::kernels {

void IdentifyConfig::validate() const {
  dbscan.validate();
  for (const auto& [group, settings] : per_group) settings.validate();
  require(absorb_radius_m >= 0 && std::isfinite(absorb_radius_m), ErrorKind::usage,
          "absorb_radius must be 0 (eps) or a length in metres, not " + to_text(absorb_radius_m));
  require(!ungrouped || per_group.empty(), ErrorKind::usage,
          "settings for single groups make no sense without groups");
}

const DbscanConfig& IdentifyConfig::settings_of(std::int32_t group) const {
  const auto own = per_group.find(group);
  return own == per_group.end() ? dbscan : own->second;
}

bool IdentifyConfig::absorbs() const {
  return can_absorb(absorb, ungrouped, absorb_radius_m, dbscan.eps_m);
}

namespace {

void check(const comm::Communicator& comm, const FirmPlaces& firms, const TradePairs& trade,
           const IdentifyConfig& config) {
  comm::collectively(comm, [&] {
    config.validate();
    const auto n = firms.firm.size();
    require(firms.row.size() == n && firms.x_m.size() == n && firms.y_m.size() == n &&
                firms.group.size() == n && firms.region.size() == n &&
                trade.supplier.size() == trade.buyer.size(),
            ErrorKind::internal, "identify: columns of unequal length");
  });
  if (config.absorb != Absorb::admin) return;
  const bool has_firms = comm::any_rank(comm, !firms.firm.empty());
  const bool has_region = comm::any_rank(
      comm, std::any_of(firms.region.begin(), firms.region.end(), [](auto r) { return r >= 0; }));
  require(!has_firms || has_region, ErrorKind::bad_input,
          "absorption by administrative region needs a region of firms, and none has one");
}

/// Final labels by provisional label: size with the absorbed descending, then smallest row. Fills
/// `sizes` and `groups`. Collective.
std::vector<Label> number_clusters(const comm::Communicator& comm, const FirmDirectory& directory,
                                   const std::vector<Cluster>& clusters, IdentifySummary& summary) {
  std::vector<std::int64_t> size(clusters.size(), 0);
  std::vector<std::int64_t> row(clusters.size(), std::numeric_limits<std::int64_t>::max());
  for (std::size_t i = 0; i < directory.states().size(); ++i) {
    const auto label = directory.states()[i].label;
    if (label < 0) continue;
    ++size[static_cast<std::size_t>(label)];
    auto& smallest = row[static_cast<std::size_t>(label)];
    smallest = std::min(smallest, directory.firms()[i].row);
  }
  comm::all_reduce_in_place(comm, std::span(size), comm::ReduceOp::sum);
  comm::all_reduce_in_place(comm, std::span(row), comm::ReduceOp::min);
  std::vector<std::size_t> order(clusters.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    return std::tuple(-size[a], row[a]) < std::tuple(-size[b], row[b]);
  });
  std::vector<Label> final_label(clusters.size());
  for (const auto i : order) {
    final_label[i] = static_cast<Label>(summary.sizes.size());
    summary.sizes.push_back(size[i]);
    summary.groups.push_back(clusters[i].group);
  }
  return final_label;
}

void count_roles(const comm::Communicator& comm, const FirmDirectory& directory,
                 IdentifySummary& summary) {
  std::vector<std::int64_t> counts(5, 0);
  for (std::size_t i = 0; i < directory.states().size(); ++i) {
    const bool out = !directory.firms()[i].has_place();
    ++counts[out ? 4 : static_cast<std::size_t>(directory.states()[i].role)];
  }
  comm::all_reduce_in_place(comm, std::span(counts), comm::ReduceOp::sum);
  summary.noise = counts[static_cast<std::size_t>(Role::noise)];
  summary.border = counts[static_cast<std::size_t>(Role::border)];
  summary.core = counts[static_cast<std::size_t>(Role::core)];
  summary.absorbed = counts[static_cast<std::size_t>(Role::absorbed)];
  summary.without_place = counts[4];
}

Membership membership_at_origin(const FirmDirectory& directory, bool with_k_distance) {
  Membership membership;
  for (const auto& state : directory.states_at_origin()) {
    membership.label.push_back(state.label);
    membership.role.push_back(state.role_of());
    if (with_k_distance) membership.k_distance_m.push_back(state.k_distance_m);
  }
  return membership;
}

}  // namespace

Identification identify(const comm::Communicator& comm, const FirmPlaces& firms,
                        const TradePairs& trade, const IdentifyConfig& config) {
  check(comm, firms, trade, config);
  FirmDirectory directory(comm, firms);
  auto found = cluster_groups(comm, directory, trade, config);
  if (config.absorbs()) absorb(comm, directory, trade, found, config);

  IdentifySummary summary;
  const auto final_label = number_clusters(comm, directory, found.clusters, summary);
  for (auto& state : directory.states()) {
    if (state.label >= 0) state.label = final_label[static_cast<std::size_t>(state.label)];
  }
  summary.clusters = static_cast<std::int64_t>(found.clusters.size());
  summary.clusters_without_stretch = found.clusters_without_stretch;
  summary.violations = std::move(found.violations);
  count_roles(comm, directory, summary);
  return {membership_at_origin(directory, config.k_distance), std::move(summary)};
}

}  // namespace tradegraph::kernels
