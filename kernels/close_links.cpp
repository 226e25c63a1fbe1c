#include "kernels/close_links.hpp"

#include <omp.h>

#include <algorithm>
#include <array>
#include <limits>

#include "kernels/box.hpp"

namespace tradegraph::kernels {

/// A supplier's place on its way to the keeper of a buyer.
struct Feeler {
  std::int64_t buyer;
  double x;
  double y;
};

/// A supplier on its way to the keeper of a buyer that is close.
struct SupplierOf {
  PlacedFirm supplier;
  std::int64_t buyer;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Feeler> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::SupplierOf> : std::true_type {};

namespace tradegraph::kernels {

namespace {

double reach_squared(const DbscanConfig& settings) {
  const double reach = settings.stretch * settings.eps_m;
  return reach * reach;
}

/// Places of the firms kept here, by position. Without a number where trade has no influence: then
/// no distance is within reach.
class Spots {
 public:
  Spots(const FirmDirectory& directory, const IdentifyConfig& config)
      : places_(directory.firms().size()), reach_squared_(reach_squared(config.dbscan)) {
    for (const auto& [group, settings] : config.per_group) {
      reach_squared_ = std::max(reach_squared_, reach_squared(settings));
    }
    constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const auto& firm = directory.firms()[i];
      const auto group = group_of(firm, config);
      const bool counts = group != kNoGroup && config.settings_of(group).stretch > 1;
      places_[i] = counts ? Place{firm.x, firm.y} : Place{kNowhere, kNowhere};
    }
  }

  [[nodiscard]] const Place& of(std::int64_t position) const {
    return places_[static_cast<std::size_t>(position)];
  }
  [[nodiscard]] bool counts(std::int64_t position) const { return !std::isnan(of(position).x); }
  void prefetch(std::int64_t position) const { __builtin_prefetch(&of(position)); }
  /// Whether two places may be close: within the largest reach of any group.
  [[nodiscard]] bool may_be_close(const Place& a, const Place& b) const {
    return squared_distance(a.x, a.y, b.x, b.y) <= reach_squared_;
  }

 private:
  std::vector<Place> places_;
  double reach_squared_;
};

/// Follows links from the firms kept here; one object a thread.
class LinkFollower {
 public:
  LinkFollower(const FirmDirectory& directory, const IdentifyConfig& config,
               const GroupPieces& pieces, const Spots& spots, std::int32_t rank)
      : directory_(directory), config_(config), pieces_(pieces), spots_(spots), rank_(rank) {}

  static constexpr std::size_t kBlock = 128;

  /// At most kBlock links: the places of their buyers are fetched together.
  void follow(std::span<const std::int64_t> supplier, std::span<const std::int64_t> buyer) {
    std::array<std::int64_t, kBlock> to = {};
    for (std::size_t k = 0; k < buyer.size(); ++k) {
      to[k] = directory_.rank_of(buyer[k]) == rank_ ? directory_.position(buyer[k]) : kElsewhere;
      if (to[k] >= 0) spots_.prefetch(to[k]);
    }
    for (std::size_t k = 0; k < supplier.size(); ++k) {
      const auto keeper = directory_.rank_of(supplier[k]);
      if (keeper != rank_) {
        to_supplier.add({supplier[k], buyer[k]}, keeper);
      } else if (const auto from = directory_.position(supplier[k]); from >= 0) {
        compare(from, to[k], buyer[k]);
      }
    }
  }

  /// Two firms that may be close.
  void meet(const PlacedFirm& supplier, const PlacedFirm& buyer) {
    const auto group = group_of(supplier, config_);
    if (group == kNoGroup || group != group_of(buyer, config_)) return;
    const auto squared = squared_distance(supplier.x, supplier.y, buyer.x, buyer.y);
    if (squared > reach_squared(config_.settings_of(group))) return;
    const Link link{supplier.firm, buyer.firm};
    const auto home = pieces_.rank_of(group, supplier.x, supplier.y);
    const auto other = pieces_.rank_of(group, buyer.x, buyer.y);
    close.pairs.add(link, home);
    if (home == other) return;
    close.pairs.add(link, other);
    close.guests.add(buyer, home);
    close.guests.add(supplier, other);
  }

  void append(const LinkFollower& other) {
    close.pairs.append(other.close.pairs);
    close.guests.append(other.close.guests);
    to_supplier.append(other.to_supplier);
    feelers.append(other.feelers);
    felt_from.insert(felt_from.end(), other.felt_from.begin(), other.felt_from.end());
  }

  CloseLinks close;
  Outgoing<Link> to_supplier;           ///< links whose supplier is kept elsewhere
  Outgoing<Feeler> feelers;             ///< for those whose buyer is
  std::vector<std::int64_t> felt_from;  ///< positions of their suppliers

 private:
  static constexpr std::int64_t kElsewhere = -2;

  void compare(std::int64_t from, std::int64_t to, std::int64_t buyer) {
    const auto& place = spots_.of(from);
    if (to == kElsewhere && spots_.counts(from)) {
      feelers.add({buyer, place.x, place.y}, directory_.rank_of(buyer));
      felt_from.push_back(from);
    }
    if (to < 0 || to == from || !spots_.may_be_close(place, spots_.of(to))) return;
    const auto& firms = directory_.firms();
    meet(firms[static_cast<std::size_t>(from)], firms[static_cast<std::size_t>(to)]);
  }

  const FirmDirectory& directory_;
  const IdentifyConfig& config_;
  const GroupPieces& pieces_;
  const Spots& spots_;
  std::int32_t rank_;
};

/// All links of this rank, by all threads.
LinkFollower follow_all(const LinkFollower& empty, const TradePairs& trade) {
  std::vector<LinkFollower> parts(static_cast<std::size_t>(omp_get_max_threads()), empty);
  const std::span supplier(trade.supplier);
  const std::span buyer(trade.buyer);
#pragma omp parallel
  {
    auto& mine = parts[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(static)
    for (std::size_t k = 0; k < supplier.size(); k += LinkFollower::kBlock) {
      const auto count = std::min(LinkFollower::kBlock, supplier.size() - k);
      mine.follow(supplier.subspan(k, count), buyer.subspan(k, count));
    }
  }
  for (std::size_t t = 1; t < parts.size(); ++t) parts[0].append(parts[t]);
  return std::move(parts[0]);
}

/// Asks the keepers of buyers which are close, and sends those the suppliers.
void follow_feelers(const comm::Communicator& comm, const FirmDirectory& directory,
                    const Spots& spots, LinkFollower& follower) {
  const auto& feelers = follower.feelers;
  const auto felt = feelers.send(comm);
  std::vector<std::uint8_t> is_close;
  is_close.reserve(felt.received().size());
  for (const auto& [number, x, y] : felt.received()) {
    const auto buyer = directory.position(number);
    is_close.push_back(buyer >= 0 && spots.may_be_close({x, y}, spots.of(buyer)) ? 1 : 0);
  }
  const auto answers = felt.answer(std::span<const std::uint8_t>(is_close));
  Outgoing<SupplierOf> to_buyer;
  for (std::size_t k = 0; k < answers.size(); ++k) {
    if (answers[k] == 0) continue;
    const auto& supplier = directory.firms()[static_cast<std::size_t>(follower.felt_from[k])];
    to_buyer.add({supplier, feelers.items[k].buyer}, feelers.destination[k]);
  }
  const auto at_buyer = to_buyer.send(comm);
  for (const auto& [supplier, buyer] : at_buyer.received()) {
    follower.meet(supplier, directory.firms()[static_cast<std::size_t>(directory.position(buyer))]);
  }
}

bool uses_trade(const IdentifyConfig& config) {
  return config.dbscan.stretch > 1 ||
         std::any_of(config.per_group.begin(), config.per_group.end(),
                     [](const auto& entry) { return entry.second.stretch > 1; });
}

}  // namespace

CloseLinks find_close_links(const comm::Communicator& comm, const FirmDirectory& directory,
                            const TradePairs& trade, const IdentifyConfig& config,
                            const GroupPieces& pieces) {
  if (!uses_trade(config)) return {};
  const Spots spots(directory, config);
  const LinkFollower empty(directory, config, pieces, spots, comm.rank());
  auto follower = follow_all(empty, trade);
  if (comm.size() == 1) return std::move(follower.close);
  const auto at_supplier = follower.to_supplier.send(comm);
  for (const auto& link : at_supplier.received()) {
    follower.follow(std::span(&link.supplier, 1), std::span(&link.buyer, 1));
  }
  follow_feelers(comm, directory, spots, follower);
  return std::move(follower.close);
}

}  // namespace tradegraph::kernels
