#include "kernels/close_links.hpp"

#include <omp.h>

#include <algorithm>
#include <array>
#include <limits>

#include "kernels/box.hpp"
#include "kernels/link_sieve.hpp"

namespace tradegraph::kernels {

/// A firm's place on its way to the keeper of a partner.
struct Feeler {
  std::int64_t partner;
  double x;
  double y;
};

/// A firm on its way to the keeper of a partner that is close.
struct PartnerOf {
  PlacedFirm firm;
  std::int64_t partner;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Feeler> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::PartnerOf> : std::true_type {};

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
      : places_(directory.firms().size()),
        reach_squared_(largest_reach_m(config) * largest_reach_m(config)) {
    constexpr double kNoPlace = std::numeric_limits<double>::quiet_NaN();
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const auto& firm = directory.firms()[i];
      const bool counts = trade_counts_for(firm, config);
      places_[i] = counts ? Place{firm.x, firm.y} : Place{kNoPlace, kNoPlace};
    }
  }

  [[nodiscard]] const Place& of(std::int64_t position) const {
    return places_[static_cast<std::size_t>(position)];
  }
  [[nodiscard]] bool counts(std::int64_t position) const { return !std::isnan(of(position).x); }
  /// Fetches a place that is asked for soon; does nothing without one.
  void prefetch(std::int64_t position) const {
    if (position >= 0) __builtin_prefetch(&of(position));
  }
  /// Whether two places may be close: within the largest reach of any group.
  [[nodiscard]] bool may_be_close(const Place& a, const Place& b) const {
    return squared_distance(a.x, a.y, b.x, b.y) <= reach_squared_;
  }

 private:
  std::vector<Place> places_;
  double reach_squared_;
};

/// Follows links from either firm that is kept here; one object a thread.
class LinkFollower {
 public:
  LinkFollower(const FirmDirectory& directory, const IdentifyConfig& config,
               const GroupPieces& pieces, const Spots& spots, std::int32_t rank)
      : directory_(directory), config_(config), pieces_(pieces), spots_(spots), rank_(rank) {}

  static constexpr std::size_t kBlock = 128;

  /// At most kBlock links: the places of their firms are fetched together.
  void follow(std::span<const std::int64_t> supplier, std::span<const std::int64_t> buyer) {
    std::array<std::int64_t, kBlock> from = {};
    std::array<std::int64_t, kBlock> to = {};
    for (std::size_t k = 0; k < supplier.size(); ++k) {
      from[k] = position_of(supplier[k]);
      to[k] = position_of(buyer[k]);
      spots_.prefetch(from[k]);
      spots_.prefetch(to[k]);
    }
    for (std::size_t k = 0; k < supplier.size(); ++k) {
      if (from[k] >= 0 && to[k] >= 0) {
        compare(from[k], to[k]);
      } else if (from[k] >= 0 && to[k] == kElsewhere) {
        feel(from[k], buyer[k]);
      } else if (to[k] >= 0 && from[k] == kElsewhere) {
        feel(to[k], supplier[k]);
      } else if (from[k] == kElsewhere && to[k] == kElsewhere) {
        to_supplier.add({supplier[k], buyer[k]}, directory_.rank_of(supplier[k]));
      }
    }
  }

  /// Two firms that may be close.
  void meet(const PlacedFirm& a, const PlacedFirm& b) {
    const auto group = group_of(a, config_);
    if (group == kNoGroup || group != group_of(b, config_)) return;
    const auto squared = squared_distance(a.x, a.y, b.x, b.y);
    if (squared > reach_squared(config_.settings_of(group))) return;
    const auto home = pieces_.rank_of(group, a.x, a.y);
    const auto other = pieces_.rank_of(group, b.x, b.y);
    close.pairs.add({a.firm, b.firm}, home);
    if (home == other) return;
    close.pairs.add({a.firm, b.firm}, other);
    close.guests.add(b, home);
    close.guests.add(a, other);
  }

  void append(const LinkFollower& other) {
    close.pairs.append(other.close.pairs);
    close.guests.append(other.close.guests);
    to_supplier.append(other.to_supplier);
    feelers.append(other.feelers);
    felt_from.insert(felt_from.end(), other.felt_from.begin(), other.felt_from.end());
  }

  CloseLinks close;
  Outgoing<Link> to_supplier;           ///< links with both firms kept elsewhere
  Outgoing<Feeler> feelers;             ///< for those with one of them
  std::vector<std::int64_t> felt_from;  ///< positions of the other

 private:
  static constexpr std::int64_t kElsewhere = -2;

  /// Of a firm kept here; -1 if there is none of this number.
  [[nodiscard]] std::int64_t position_of(std::int64_t firm) const {
    return directory_.rank_of(firm) == rank_ ? directory_.position(firm) : kElsewhere;
  }
  void compare(std::int64_t a, std::int64_t b) {
    if (a == b || !spots_.may_be_close(spots_.of(a), spots_.of(b))) return;
    const auto& firms = directory_.firms();
    meet(firms[static_cast<std::size_t>(a)], firms[static_cast<std::size_t>(b)]);
  }
  void feel(std::int64_t from, std::int64_t partner) {
    if (!spots_.counts(from)) return;
    feelers.add({partner, spots_.of(from).x, spots_.of(from).y}, directory_.rank_of(partner));
    felt_from.push_back(from);
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

/// For each feeler received, whether the partner is close.
std::vector<std::uint8_t> find_close(std::span<const Feeler> feelers,
                                     const FirmDirectory& directory, const Spots& spots) {
  constexpr std::size_t kAhead = 32;
  std::vector<std::uint8_t> is_close(feelers.size());
#pragma omp parallel for schedule(static)
  for (std::size_t k = 0; k < feelers.size(); ++k) {
    spots.prefetch(directory.position(feelers[std::min(k + kAhead, feelers.size() - 1)].partner));
    const auto& [number, x, y] = feelers[k];
    const auto partner = directory.position(number);
    is_close[k] = partner >= 0 && spots.may_be_close({x, y}, spots.of(partner)) ? 1 : 0;
  }
  return is_close;
}

/// Asks the keepers of partners which are close, and sends those the firms.
void follow_feelers(const comm::Communicator& comm, const FirmDirectory& directory,
                    const Spots& spots, LinkFollower& follower) {
  const auto& feelers = follower.feelers;
  const auto felt = feelers.send(comm);
  const auto is_close = find_close(felt.received(), directory, spots);
  const auto answers = felt.answer(std::span<const std::uint8_t>(is_close));
  Outgoing<PartnerOf> to_partner;
  for (std::size_t k = 0; k < answers.size(); ++k) {
    if (answers[k] == 0) continue;
    const auto& firm = directory.firms()[static_cast<std::size_t>(follower.felt_from[k])];
    to_partner.add({firm, feelers.items[k].partner}, feelers.destination[k]);
  }
  const auto at_partner = to_partner.send(comm);
  for (const auto& [firm, partner] : at_partner.received()) {
    const auto at = static_cast<std::size_t>(directory.position(partner));
    follower.meet(firm, directory.firms()[at]);
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
  const auto sieved = sieve_links(comm, directory, trade, config);
  const Spots spots(directory, config);
  const LinkFollower empty(directory, config, pieces, spots, comm.rank());
  auto follower = follow_all(empty, sieved ? *sieved : trade);
  if (comm.size() == 1) return std::move(follower.close);
  const auto at_supplier = follower.to_supplier.send(comm);
  for (const auto& link : at_supplier.received()) {
    follower.follow(std::span(&link.supplier, 1), std::span(&link.buyer, 1));
  }
  follow_feelers(comm, directory, spots, follower);
  return std::move(follower.close);
}

}  // namespace tradegraph::kernels
