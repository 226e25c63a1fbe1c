#include "kernels/group_forests.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "engine/base/packing.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::kernels {

namespace {

/// A group is large if fewer of its size than these make a rank's share of all points. The others
/// fill ranks better, dealt whole, than if all ranks grew each together.
constexpr std::int64_t kGroupsARank = 2;

/// Groups from `first` on in the order of their sizes, the largest first, are dealt whole.
struct GroupOrder {
  std::vector<std::size_t> order;
  std::size_t first = 0;
};

GroupOrder order_by_size(const std::vector<SweepGroup>& groups, int ranks) {
  GroupOrder result;
  result.order.resize(groups.size());
  std::iota(result.order.begin(), result.order.end(), std::size_t{0});
  const auto size = [&](std::size_t g) { return std::ssize(groups[g].row); };
  std::stable_sort(result.order.begin(), result.order.end(),
                   [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  std::int64_t total = 0;
  for (const auto& group : groups) total += std::ssize(group.row);
  const auto is_large = [&](std::size_t g) { return size(g) * kGroupsARank * ranks > total; };
  while (result.first < groups.size() && (ranks == 1 || is_large(result.order[result.first]))) {
    ++result.first;
  }
  return result;
}

using Forests = std::vector<DensityForest>;

/// The groups that are dealt whole, from where they grow to the ranks that own their settings.
class WholeGroups {
 public:
  WholeGroups(const comm::Communicator& ranks, const std::vector<SweepGroup>& groups)
      : ranks_(ranks), groups_(groups), grown_(groups.size()), points_(groups.size()) {}

  /// Not collective.
  void grow(std::size_t group, const Pairs& pairs, const SweepGrid& settings) {
    grown_[group] = density_forests(groups_[group].points(), pairs, settings);
    points_[group] = grown_[group].front().shared_points();
  }

  /// Collective.
  void share_points() {
    std::vector<std::byte> mine;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (grown_[g].empty()) continue;
      pack_number(g, mine);
      pack<std::uint32_t>(points_[g]->input, mine);
    }
    const auto all = comm::all_gather_v(ranks_, std::span<const std::byte>(mine)).values;
    for (std::span<const std::byte> rest = all; !rest.empty();) {
      const auto g = unpack_number(rest);
      auto input = unpack<std::uint32_t>(rest);
      if (points_[g] == nullptr) points_[g] = points_of(groups_[g], std::move(input));
    }
  }

  /// Appends the forests of a setting to `result` of each group, where the setting is owned.
  /// Collective.
  void send(std::size_t setting, std::vector<Forests>& result) {
    const int owner = rank_of_setting(setting, ranks_.size());
    std::vector<std::byte> leaving;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (grown_[g].empty()) continue;
      auto forest = std::exchange(grown_[g][setting], {});
      if (owner == ranks_.rank()) {
        result[g].push_back(std::move(forest));
      } else {
        pack_number(g, leaving);
        forest.pack_into(leaving);
      }
    }
    const auto coming = comm::gather_v(ranks_, std::span<const std::byte>(leaving), owner).values;
    for (std::span<const std::byte> rest = coming; !rest.empty();) {
      const auto g = unpack_number(rest);
      result[g].push_back(DensityForest::unpack_from(rest, points_[g]));
    }
  }

 private:
  using Points = DensityForest::Points;

  static void pack_number(std::size_t number, std::vector<std::byte>& bytes) {
    pack(std::span<const std::size_t>(&number, 1), bytes);
  }
  static std::size_t unpack_number(std::span<const std::byte>& bytes) {
    return unpack<std::size_t>(bytes)[0];
  }
  static std::shared_ptr<const Points> points_of(const SweepGroup& group,
                                                 Buffer<std::uint32_t> input) {
    const auto n = input.ssize();
    auto points = std::make_shared<Points>(
        Points{Buffer<double>(n), Buffer<double>(n), Buffer<std::int64_t>(n), std::move(input)});
    for (std::int64_t p = 0; p < n; ++p) {
      points->x_m[p] = group.x_m[points->input[p]];
      points->y_m[p] = group.y_m[points->input[p]];
      points->row[p] = group.row[points->input[p]];
    }
    return points;
  }

  const comm::Communicator& ranks_;
  const std::vector<SweepGroup>& groups_;
  std::vector<Forests> grown_;                         ///< by group and setting, if here
  std::vector<std::shared_ptr<const Points>> points_;  ///< by group
};

}  // namespace

std::vector<std::vector<DensityForest>> group_forests(comm::Team& team, const WholeNation& nation,
                                                      const std::vector<SweepGroup>& groups,
                                                      const SweepGrid& settings) {
  const auto& ranks = team.ranks();
  std::optional<GroupTrade> trade;
  if (settings.stretch > 1) trade.emplace(nation, groups);
  const auto pairs_of = [&](std::size_t g, int slice, int slices) {
    return trade ? trade->pairs_of(groups[g], slice, slices) : GroupTrade::Lists();
  };
  std::vector<Forests> result(groups.size());
  const auto by_size = order_by_size(groups, ranks.size());
  const auto& order = by_size.order;
  const auto first = by_size.first;
  for (std::size_t i = 0; i < first; ++i) {
    const auto g = order[i];
    const auto lists =
        comm::collectively(ranks, [&] { return pairs_of(g, ranks.rank(), ranks.size()); });
    result[g] = density_forests(team, groups[g].points(), lists.pairs(), settings);
  }
  if (first == groups.size()) return result;
  WholeGroups whole(ranks, groups);
  team.tickets().reset(0);
  comm::collectively(ranks, [&] {
    const auto end = std::ssize(order) - static_cast<std::ptrdiff_t>(first);
    for (auto next = team.tickets().take(); next < end; next = team.tickets().take()) {
      const auto g = order[first + static_cast<std::size_t>(next)];
      whole.grow(g, pairs_of(g, 0, 1).pairs(), settings);
    }
  });
  whole.share_points();
  for (std::size_t k = 0; k < settings.min_firms.size(); ++k) whole.send(k, result);
  return result;
}

}  // namespace tradegraph::kernels
