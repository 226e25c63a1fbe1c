#include "kernels/local_groups.hpp"

#include <algorithm>

#include "kernels/close_links.hpp"

namespace tradegraph::kernels {

LocalGroup& LocalGroups::group(std::int32_t code) {
  const auto [at, is_new] = index_.try_emplace(code, groups_.size());
  if (is_new) groups_.emplace_back().code = code;
  return groups_[at->second];
}

void LocalGroups::add(const PlacedFirm& firm, LocalGroup& group) {
  group.x_m.push_back(firm.x);
  group.y_m.push_back(firm.y);
  group.row.push_back(firm.row);
  group.firm.push_back(firm.firm);
}

LocalGroups::LocalGroups(const std::vector<PlacedFirm>& own, std::vector<PlacedFirm> guests,
                         const std::vector<Link>& pairs, const IdentifyConfig& config) {
  std::vector<std::int64_t> numbers;
  numbers.reserve(own.size());
  own_.reserve(own.size());
  for (const auto& firm : own) {
    auto& to = group(group_of(firm, config));
    own_.push_back({index_.at(to.code), to.own++});
    add(firm, to);
    numbers.push_back(firm.firm);
  }
  own_numbers_.emplace(numbers);
  const auto less = [](const auto& a, const auto& b) { return a.firm < b.firm; };
  const auto same = [](const auto& a, const auto& b) { return a.firm == b.firm; };
  std::sort(guests.begin(), guests.end(), less);
  guests.erase(std::unique(guests.begin(), guests.end(), same), guests.end());
  std::vector<LocalPoint> guest_at;
  numbers.clear();
  for (const auto& firm : guests) {
    auto& to = group(group_of(firm, config));
    guest_at.push_back({index_.at(to.code), to.firm.size()});
    add(firm, to);
    numbers.push_back(firm.firm);
  }
  const NumberTable guest_numbers(numbers);
  const auto find = [&](std::int64_t firm) {
    if (const auto at = find_own(firm)) return *at;
    return guest_at[static_cast<std::size_t>(guest_numbers.find(firm))];
  };
  for (const auto& pair : pairs) {
    const auto a = find(pair.supplier);
    const auto b = find(pair.buyer);
    groups_[a.group].first.push_back(static_cast<std::int64_t>(a.point));
    groups_[a.group].second.push_back(static_cast<std::int64_t>(b.point));
  }
}

std::optional<LocalPoint> LocalGroups::find_own(std::int64_t firm) const {
  const auto at = own_numbers_->find(firm);
  if (at < 0) return std::nullopt;
  return own_[static_cast<std::size_t>(at)];
}

LocalInput distribute(const comm::Communicator& comm, const FirmDirectory& directory,
                      const TradePairs& trade, const IdentifyConfig& config,
                      const GroupPieces& pieces) {
  auto close = find_close_links(comm, directory, trade, config, pieces);
  const auto& firms = directory.firms();
  std::vector<std::size_t> kept_at;
  std::vector<std::int32_t> home;
  kept_at.reserve(firms.size());
  home.reserve(firms.size());
  auto& guests = close.guests;
  std::vector<std::int32_t> near;
  for (std::size_t i = 0; i < firms.size(); ++i) {
    const auto& firm = firms[i];
    const auto group = group_of(firm, config);
    if (group == kNoGroup) continue;
    near.clear();
    const auto rank =
        pieces.rank_of(group, firm.x, firm.y, [&](std::int32_t other) { near.push_back(other); });
    kept_at.push_back(i);
    home.push_back(rank);
    for (const auto other : near) {
      if (other != rank) guests.add(firm, other);
    }
  }
  comm::Delivery<PlacedFirm> own(comm, home,
                                 [&](std::size_t k) -> const auto& { return firms[kept_at[k]]; });
  auto others = guests.send(comm);
  const auto pairs = close.pairs.send(comm);
  LocalGroups groups(own.received(), others.received(), pairs.received(), config);
  return {std::move(kept_at), std::move(own), std::move(groups)};
}

}  // namespace tradegraph::kernels
