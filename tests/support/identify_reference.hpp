#pragma once
/// Identification as docs/clusters.md defines it, on one rank and without any index.

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/comm/communicator.hpp"
#include "kernels/identify.hpp"
#include "tests/support/dbscan_reference.hpp"

namespace tradegraph::kernels {

/// A whole network: firm i has number `places.firm[i]`.
struct Nation {
  FirmPlaces places;
  TradePairs trade;

  /// Returns the firm's number, which is its position here.
  std::int64_t add(double x, double y, std::int32_t group, std::int32_t region = 0) {
    const auto number = static_cast<std::int64_t>(places.firm.size());
    places.firm.push_back(number);
    places.row.push_back(number);
    places.x_m.push_back(x);
    places.y_m.push_back(y);
    places.group.push_back(group);
    places.region.push_back(region);
    return number;
  }
  /// `count` firms at one place; returns the first.
  std::int64_t add_tower(int count, double x, double y, std::int32_t group,
                         std::int32_t region = 0) {
    const auto first = static_cast<std::int64_t>(places.firm.size());
    for (int i = 0; i < count; ++i) add(x, y, group, region);
    return first;
  }
  void link(std::int64_t supplier, std::int64_t buyer) {
    trade.supplier.push_back(supplier);
    trade.buyer.push_back(buyer);
  }
  [[nodiscard]] std::size_t size() const { return places.firm.size(); }
};

/// The part of a nation that hashing leaves on one rank; `kept` are the positions of its firms.
struct Share {
  Nation nation;
  std::vector<std::size_t> kept;
};

inline Share share_of(const Nation& whole, const comm::Communicator& comm, std::uint64_t seed) {
  const CounterRandom random(seed, 77);
  const auto ranks = static_cast<std::uint64_t>(comm.size());
  const auto me = static_cast<std::uint64_t>(comm.rank());
  Share share;
  // In runs of unequal length, as a snapshot is read, for every other seed.
  const auto rank_of = [&](std::size_t i) {
    if (seed % 2 == 1) return random.below(i, ranks);
    return ranks * i * i / (whole.size() * whole.size());
  };
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (rank_of(i) != me) continue;
    const auto& places = whole.places;
    share.nation.add(places.x_m[i], places.y_m[i], places.group[i], places.region[i]);
    share.nation.places.firm.back() = places.firm[i];
    share.nation.places.row.back() = places.row[i];
    share.kept.push_back(i);
  }
  for (std::size_t k = 0; k < whole.trade.supplier.size(); ++k) {
    if (random.below(1'000'000 + k, ranks) != me) continue;
    share.nation.link(whole.trade.supplier[k], whole.trade.buyer[k]);
  }
  return share;
}

/// Firms in a square of 100 m in groups from -1 (none) on, a few without a place, and 6 links each.
inline Nation random_nation(std::uint64_t seed, std::int64_t n, std::uint64_t groups = 4) {
  const CounterRandom random(seed, 3);
  Nation nation;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto k = static_cast<std::uint64_t>(i) * 8;
    double x = random.uniform(k) * 100;
    double y = random.uniform(k + 1) * 100;
    if (seed % 2 == 0) x = std::round(x), y = std::round(y);
    const auto region = static_cast<std::int32_t>(x / 20) - 1;
    if (random.below(k + 2, 20) == 0) x = std::numeric_limits<double>::quiet_NaN();
    nation.add(x, y, static_cast<std::int32_t>(random.below(k + 3, groups + 1)) - 1, region);
    nation.places.firm.back() = 1000 + i * 3;
    nation.places.row.back() = (i * 7919) % 100003;
  }
  for (std::int64_t k = 0; k < 6 * n; ++k) {
    const auto at = static_cast<std::uint64_t>(k) * 3 + 1'000'000;
    const auto pick = [&](std::uint64_t offset) {
      return 1000 + 3 * static_cast<std::int64_t>(random.below(at + offset, nation.size()));
    };
    nation.link(pick(0), pick(1));
  }
  return nation;
}

class IdentifyReference {
 public:
  IdentifyReference(const Nation& nation, const IdentifyConfig& config)
      : nation_(nation),
        config_(config),
        label_(nation.size(), -1),
        role_(nation.size(), Role::noise) {
    for (std::size_t k = 0; k < nation.trade.supplier.size(); ++k) {
      links_.insert({nation.trade.supplier[k], nation.trade.buyer[k]});
    }
  }

  Membership run() {
    std::map<std::int32_t, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < nation_.size(); ++i) {
      if (has_place(i) && (config_.ungrouped || nation_.places.group[i] >= 0)) {
        groups[config_.ungrouped ? 0 : nation_.places.group[i]].push_back(i);
      }
    }
    for (const auto& [group, members] : groups) cluster(group, members);
    renumber();
    if (config_.absorb != Absorb::none) absorb();
    renumber();
    return {label_, role_, {}};
  }
  [[nodiscard]] std::int64_t clusters() const { return static_cast<std::int64_t>(eps_.size()); }

 private:
  [[nodiscard]] bool has_place(std::size_t i) const {
    return !std::isnan(nation_.places.x_m[i]) && !std::isnan(nation_.places.y_m[i]);
  }

  void cluster(std::int32_t group, const std::vector<std::size_t>& members) {
    Firms firms;
    std::map<std::int64_t, std::int64_t> local;
    for (const auto i : members) {
      local[nation_.places.firm[i]] = static_cast<std::int64_t>(firms.size());
      firms.add(nation_.places.x_m[i], nation_.places.y_m[i]);
      firms.row.back() = nation_.places.row[i];
    }
    for (const auto& [supplier, buyer] : links_) {
      if (local.contains(supplier) && local.contains(buyer)) {
        firms.trade(local[supplier], local[buyer]);
      }
    }
    const auto settings =
        config_.per_group.contains(group) ? config_.per_group.at(group) : config_.dbscan;
    const auto found = DbscanReference(firms, settings).run();
    const auto base = clusters();
    for (std::size_t k = 0; k < members.size(); ++k) {
      role_[members[k]] = found.role[k];
      if (found.cluster[k] < 0) continue;
      label_[members[k]] = base + found.cluster[k];
      eps_[base + found.cluster[k]] = settings.eps_m;
    }
  }

  void renumber() {
    std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> key;  // -size, smallest row
    for (std::size_t i = 0; i < nation_.size(); ++i) {
      if (label_[i] < 0) continue;
      auto& [size, row] = key.try_emplace(label_[i], 0, nation_.places.row[i]).first->second;
      --size;
      row = std::min(row, nation_.places.row[i]);
    }
    std::vector<std::pair<std::pair<std::int64_t, std::int64_t>, std::int64_t>> order;
    for (const auto& [label, value] : key) order.emplace_back(value, label);
    std::sort(order.begin(), order.end());
    std::map<std::int64_t, std::int64_t> fresh;
    std::map<std::int64_t, double> eps;
    for (const auto& entry : order) {
      const auto label = static_cast<std::int64_t>(fresh.size());
      fresh[entry.second] = label;
      eps[label] = eps_[entry.second];
    }
    for (auto& label : label_) label = label < 0 ? -1 : fresh[label];
    eps_ = eps;
  }

  [[nodiscard]] bool in_region(std::size_t i, std::int64_t label, double nearest) const {
    if (config_.absorb == Absorb::footprint) {
      const double radius = config_.absorb_radius_m > 0 ? config_.absorb_radius_m : eps_.at(label);
      return nearest <= radius * radius;
    }
    for (std::size_t j = 0; j < nation_.size(); ++j) {
      if (label_[j] == label && role_[j] == Role::core && nation_.places.region[i] >= 0 &&
          nation_.places.region[j] == nation_.places.region[i]) {
        return true;
      }
    }
    return false;
  }

  [[nodiscard]] double nearest_core(std::size_t i, std::int64_t label) const {
    double best = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < nation_.size(); ++j) {
      if (label_[j] != label || role_[j] != Role::core) continue;
      const double dx = nation_.places.x_m[i] - nation_.places.x_m[j];
      const double dy = nation_.places.y_m[i] - nation_.places.y_m[j];
      best = std::min(best, dx * dx + dy * dy);
    }
    return best;
  }

  void absorb() {
    std::map<std::int64_t, std::size_t> at;
    for (std::size_t i = 0; i < nation_.size(); ++i) at[nation_.places.firm[i]] = i;
    std::map<std::size_t, std::map<std::int64_t, std::int64_t>> links;
    const auto count = [&](std::int64_t candidate, std::int64_t member) {
      if (!at.contains(candidate) || !at.contains(member)) return;
      const auto i = at[candidate];
      if (label_[i] < 0 && has_place(i) && label_[at[member]] >= 0) ++links[i][label_[at[member]]];
    };
    for (const auto& [supplier, buyer] : links_) {
      count(supplier, buyer);
      count(buyer, supplier);
    }
    std::map<std::size_t, std::int64_t> joins;
    for (const auto& [i, claims] : links) {
      std::vector<std::tuple<std::int64_t, double, std::int64_t>> order;
      for (const auto& [label, number] : claims) {
        const double nearest = nearest_core(i, label);
        if (in_region(i, label, nearest)) order.emplace_back(-number, nearest, label);
      }
      if (!order.empty()) joins[i] = std::get<2>(*std::min_element(order.begin(), order.end()));
    }
    for (const auto& [i, label] : joins) {
      label_[i] = label;
      role_[i] = Role::absorbed;
    }
  }

  const Nation& nation_;
  const IdentifyConfig& config_;
  std::set<std::pair<std::int64_t, std::int64_t>> links_;
  std::vector<Label> label_;
  std::vector<Role> role_;
  std::map<std::int64_t, double> eps_;  // of the cluster's group
};

}  // namespace tradegraph::kernels
