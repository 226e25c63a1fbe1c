#include "kernels/local_groups.hpp"

#include <omp.h>

#include <algorithm>

#include "kernels/box.hpp"

namespace tradegraph::kernels {

/// A supplier on its way to the keeper of a buyer.
struct SupplierOf {
  PlacedFirm supplier;
  std::int64_t buyer;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::SupplierOf> : std::true_type {};

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

namespace {

/// What goes to one rank each.
template <class T>
struct Outgoing {
  std::vector<T> items;
  std::vector<std::int32_t> destination;

  void add(const T& item, std::int32_t rank) {
    items.push_back(item);
    destination.push_back(rank);
  }
  void append(const Outgoing& other) {
    items.insert(items.end(), other.items.begin(), other.items.end());
    destination.insert(destination.end(), other.destination.begin(), other.destination.end());
  }
  /// Collective.
  [[nodiscard]] comm::Delivery<T> send(const comm::Communicator& comm) const {
    return {comm, items, destination};
  }
};

/// Finds the trading pairs within stretch * eps where the places of both are known, which is where
/// one of the two is kept.
class ClosePairs {
 public:
  ClosePairs(const FirmDirectory& directory, const IdentifyConfig& config,
             const GroupPieces& pieces, std::int32_t rank)
      : directory_(directory), config_(config), pieces_(pieces), rank_(rank) {}

  /// A link whose supplier is kept here.
  void follow(const Link& link) {
    const auto supplier = directory_.find(link.supplier);
    if (!supplier || link.supplier == link.buyer) return;
    const auto& firm = directory_.firms()[*supplier];
    const auto group = group_of(firm, config_);
    if (group == kNoGroup || config_.settings_of(group).stretch == 1) return;
    const auto keeper = directory_.rank_of(link.buyer);
    if (keeper == rank_) return meet(firm, link.buyer);
    to_buyer.add({firm, link.buyer}, keeper);
  }

  /// A supplier of a group, and a buyer kept here.
  void meet(const PlacedFirm& supplier, std::int64_t number) {
    const auto found = directory_.find(number);
    if (!found) return;
    const auto& buyer = directory_.firms()[*found];
    const auto group = group_of(supplier, config_);
    if (group_of(buyer, config_) != group) return;
    const auto& settings = config_.settings_of(group);
    const double reach = settings.stretch * settings.eps_m;
    if (squared_distance(supplier.x, supplier.y, buyer.x, buyer.y) > reach * reach) return;
    const Link link{supplier.firm, buyer.firm};
    const auto home = pieces_.rank_of(group, supplier.x, supplier.y);
    const auto other = pieces_.rank_of(group, buyer.x, buyer.y);
    pairs.add(link, home);
    if (home == other) return;
    pairs.add(link, other);
    guests.add(buyer, home);
    guests.add(supplier, other);
  }

  Outgoing<SupplierOf> to_buyer;
  Outgoing<Link> pairs;
  Outgoing<PlacedFirm> guests;

 private:
  const FirmDirectory& directory_;
  const IdentifyConfig& config_;
  const GroupPieces& pieces_;
  std::int32_t rank_;
};

bool uses_trade(const IdentifyConfig& config) {
  return config.dbscan.stretch > 1 ||
         std::any_of(config.per_group.begin(), config.per_group.end(),
                     [](const auto& entry) { return entry.second.stretch > 1; });
}

/// Runs `work(close, k)` for k < count on all threads and puts what they find together.
template <class Work>
ClosePairs gather_pairs(const ClosePairs& empty, std::size_t count, Work&& work) {
  std::vector<ClosePairs> parts(static_cast<std::size_t>(omp_get_max_threads()), empty);
#pragma omp parallel
  {
    auto& mine = parts[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(static)
    for (std::size_t k = 0; k < count; ++k) work(mine, k);
  }
  for (std::size_t t = 1; t < parts.size(); ++t) {
    parts[0].to_buyer.append(parts[t].to_buyer);
    parts[0].pairs.append(parts[t].pairs);
    parts[0].guests.append(parts[t].guests);
  }
  return std::move(parts[0]);
}

ClosePairs find_close_pairs(const comm::Communicator& comm, const FirmDirectory& directory,
                            const TradePairs& trade, const IdentifyConfig& config,
                            const GroupPieces& pieces) {
  const ClosePairs empty(directory, config, pieces, comm.rank());
  if (!uses_trade(config)) return empty;
  Outgoing<Link> to_supplier;
  for (std::size_t k = 0; k < trade.supplier.size(); ++k) {
    const auto keeper = directory.rank_of(trade.supplier[k]);
    if (keeper != comm.rank()) to_supplier.add({trade.supplier[k], trade.buyer[k]}, keeper);
  }
  auto found = gather_pairs(empty, trade.supplier.size(), [&](ClosePairs& close, std::size_t k) {
    const Link link{trade.supplier[k], trade.buyer[k]};
    if (directory.rank_of(link.supplier) == comm.rank()) close.follow(link);
  });
  if (comm.size() == 1) return found;
  const auto at_supplier = to_supplier.send(comm);
  for (const auto& link : at_supplier.received()) found.follow(link);
  const auto at_buyer = found.to_buyer.send(comm);
  for (const auto& [supplier, buyer] : at_buyer.received()) found.meet(supplier, buyer);
  return found;
}

}  // namespace

LocalInput distribute(const comm::Communicator& comm, const FirmDirectory& directory,
                      const TradePairs& trade, const IdentifyConfig& config,
                      const GroupPieces& pieces) {
  auto close = find_close_pairs(comm, directory, trade, config, pieces);
  std::vector<std::size_t> kept_at;
  Outgoing<PlacedFirm> home;
  auto& guests = close.guests;
  for (std::size_t i = 0; i < directory.firms().size(); ++i) {
    const auto& firm = directory.firms()[i];
    const auto group = group_of(firm, config);
    if (group == kNoGroup) continue;
    const auto rank = pieces.rank_of(group, firm.x, firm.y);
    kept_at.push_back(i);
    home.add(firm, rank);
    pieces.for_each_near(group, firm.x, firm.y, [&](std::int32_t near) {
      if (near != rank) guests.add(firm, near);
    });
  }
  auto own = home.send(comm);
  auto others = guests.send(comm);
  const auto pairs = close.pairs.send(comm);
  LocalGroups groups(own.received(), others.received(), pairs.received(), config);
  return {std::move(kept_at), std::move(own), std::move(groups)};
}

}  // namespace tradegraph::kernels
