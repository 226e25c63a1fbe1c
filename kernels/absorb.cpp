#include "kernels/absorb.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "engine/comm/agreement.hpp"
#include "kernels/nearest_point.hpp"

namespace tradegraph::kernels {

/// A firm and the member of a cluster that it trades with.
struct LinkToMember {
  std::int64_t candidate;  ///< a firm number; once delivered, a place in the directory
  std::int64_t member;
  std::int64_t label;

  friend auto operator<=>(const LinkToMember&, const LinkToMember&) = default;
};

/// A question to a rank that holds cores of a cluster: does it claim a firm here?
struct Claim {
  std::int64_t label;
  double x;
  double y;
  std::int64_t region;
};

/// What the cores on one rank say.
struct Judgement {
  double squared;  ///< distance to the nearest of them
  std::int64_t is_in_region;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::LinkToMember> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Claim> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Judgement> : std::true_type {};

namespace tradegraph::kernels {

namespace {

constexpr double kRefused = std::numeric_limits<double>::infinity();

/// A candidate kept here, a cluster, and the number of links between them.
struct Tie {
  std::size_t candidate;
  std::int64_t label;
  std::int64_t links;
};

/// Tells the keepers of firms which of their firms trade with members of clusters; `member_side`
/// says where in the link the member stands.
class MemberLinks {
 public:
  MemberLinks(const comm::Communicator& comm, const FirmDirectory& directory,
              const TradePairs& trade)
      : comm_(comm), directory_(directory), trade_(trade) {}

  /// Distinct links between candidates kept here and the members on one side. Collective.
  [[nodiscard]] std::vector<LinkToMember> collect(bool member_supplies) const {
    const auto at_member = send_to_members(member_supplies);
    std::vector<LinkToMember> links;
    std::vector<std::int32_t> destination;
    for (const auto& [supplier, buyer] : at_member) {
      const auto member = member_supplies ? supplier : buyer;
      const auto other = member_supplies ? buyer : supplier;
      const auto place = directory_.find(member);
      if (!place || directory_.states()[*place].label < 0) continue;
      links.push_back({other, member, directory_.states()[*place].label});
      destination.push_back(directory_.rank_of(other));
    }
    return keep_candidates(comm::Delivery<LinkToMember>(comm_, links, destination).received());
  }

 private:
  [[nodiscard]] std::vector<Link> send_to_members(bool member_supplies) const {
    std::vector<Link> links(trade_.supplier.size());
    std::vector<std::int32_t> destination(links.size());
    for (std::size_t k = 0; k < links.size(); ++k) {
      links[k] = {trade_.supplier[k], trade_.buyer[k]};
      destination[k] = directory_.rank_of(member_supplies ? trade_.supplier[k] : trade_.buyer[k]);
    }
    return comm::Delivery<Link>(comm_, links, destination).received();
  }
  [[nodiscard]] std::vector<LinkToMember> keep_candidates(std::vector<LinkToMember> links) const {
    std::vector<LinkToMember> kept;
    for (auto link : links) {
      const auto place = directory_.find(link.candidate);
      if (!place || directory_.states()[*place].label >= 0) continue;
      if (!directory_.firms()[*place].has_place()) continue;
      link.candidate = static_cast<std::int64_t>(*place);
      kept.push_back(link);
    }
    std::sort(kept.begin(), kept.end());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    return kept;
  }

  const comm::Communicator& comm_;
  const FirmDirectory& directory_;
  const TradePairs& trade_;
};

/// Links counted a candidate and cluster, candidates ascending.
std::vector<Tie> count_ties(const std::vector<LinkToMember>& supplied,
                            const std::vector<LinkToMember>& bought) {
  std::vector<std::pair<std::int64_t, std::int64_t>> all;
  for (const auto& link : supplied) all.push_back({link.candidate, link.label});
  for (const auto& link : bought) all.push_back({link.candidate, link.label});
  std::sort(all.begin(), all.end());
  std::vector<Tie> ties;
  for (const auto& [candidate, label] : all) {
    const auto place = static_cast<std::size_t>(candidate);
    if (ties.empty() || ties.back().candidate != place || ties.back().label != label) {
      ties.push_back({place, label, 0});
    }
    ++ties.back().links;
  }
  return ties;
}

/// Squared distance from a firm to the nearest of a cluster's cores here, and whether it lies in
/// their region.
class RegionJudge {
 public:
  RegionJudge(std::span<const CoreMember> cores, const Cluster& cluster,
              const IdentifyConfig& config)
      : admin_(config.absorb == Absorb::admin), nearest_(places_of(cores)) {
    const double radius = config.absorb_radius_m > 0 ? config.absorb_radius_m : cluster.eps_m;
    radius_squared_ = radius * radius;
    for (const auto& core : cores) regions_.push_back(core.region);
    std::sort(regions_.begin(), regions_.end());
  }

  [[nodiscard]] Judgement judge(const Claim& claim) {
    const double squared = nearest_.squared_distance_to({claim.x, claim.y});
    const bool is_in_region = admin_ ? has_region(claim.region) : squared <= radius_squared_;
    return {squared, is_in_region ? 1 : 0};
  }

 private:
  static std::vector<Place> places_of(std::span<const CoreMember> cores) {
    std::vector<Place> places;
    for (const auto& core : cores) places.push_back(core.place);
    return places;
  }
  [[nodiscard]] bool has_region(std::int64_t region) const {
    return region >= 0 && std::binary_search(regions_.begin(), regions_.end(), region);
  }

  bool admin_;
  double radius_squared_ = 0;
  NearestPoint nearest_;
  std::vector<std::int64_t> regions_;
};

/// Judges the claims by the cores that are here; the answers are parallel to the claims.
std::vector<Judgement> judge_all(const std::vector<Claim>& claims, const GroupClusters& found,
                                 const IdentifyConfig& config) {
  std::vector<std::size_t> order(claims.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return claims[a].label < claims[b].label; });
  const auto less = [](const CoreMember& a, const CoreMember& b) { return a.label < b.label; };
  std::vector<Judgement> answers(claims.size());
  for (std::size_t k = 0; k < order.size();) {
    const auto label = claims[order[k]].label;
    const auto [first, last] =
        std::equal_range(found.cores.begin(), found.cores.end(), CoreMember{label, {}, 0}, less);
    RegionJudge judge({first, last}, found.clusters[static_cast<std::size_t>(label)], config);
    for (; k < order.size() && claims[order[k]].label == label; ++k) {
      answers[order[k]] = judge.judge(claims[order[k]]);
    }
  }
  return answers;
}

/// Asks all ranks with cores of the clusters. Squared distance to the nearest core, or kRefused
/// outside the cluster's region; parallel to `ties`. Collective.
std::vector<double> ask(const comm::Communicator& comm, const FirmDirectory& directory,
                        const std::vector<Tie>& ties, const GroupClusters& found,
                        const IdentifyConfig& config) {
  std::vector<Claim> claims;
  std::vector<std::int32_t> destination;
  for (const auto& tie : ties) {
    const auto& firm = directory.firms()[tie.candidate];
    for (const auto rank : found.clusters[static_cast<std::size_t>(tie.label)].ranks) {
      claims.push_back({tie.label, firm.x, firm.y, firm.region});
      destination.push_back(rank);
    }
  }
  const comm::Delivery<Claim> delivery(comm, claims, destination);
  const auto judgements =
      comm::collectively(comm, [&] { return judge_all(delivery.received(), found, config); });
  const auto answers = delivery.answer(std::span<const Judgement>(judgements));
  std::vector<double> squared;
  std::size_t next = 0;
  for (const auto& tie : ties) {
    Judgement all{kRefused, 0};
    for (std::size_t r = 0; r < found.clusters[static_cast<std::size_t>(tie.label)].ranks.size();
         ++r) {
      all.squared = std::min(all.squared, answers[next].squared);
      all.is_in_region |= answers[next++].is_in_region;
    }
    squared.push_back(all.is_in_region != 0 ? all.squared : kRefused);
  }
  return squared;
}

}  // namespace

void absorb(const comm::Communicator& comm, FirmDirectory& directory, const TradePairs& trade,
            const GroupClusters& found, const IdentifyConfig& config) {
  const MemberLinks links(comm, directory, trade);
  const auto supplied = links.collect(true);
  const auto bought = links.collect(false);
  const auto ties = count_ties(supplied, bought);
  const auto squared = ask(comm, directory, ties, found, config);
  // All links were collected before the first firm is absorbed: one round.
  for (std::size_t k = 0; k < ties.size();) {
    const auto candidate = ties[k].candidate;
    auto best = std::tuple(std::int64_t{0}, kRefused, kNoCluster);
    for (; k < ties.size() && ties[k].candidate == candidate; ++k) {
      if (squared[k] == kRefused) continue;
      best = std::min(best, std::tuple(-ties[k].links, squared[k], ties[k].label));
    }
    if (std::get<2>(best) == kNoCluster) continue;
    auto& state = directory.states()[candidate];
    state.label = std::get<2>(best);
    state.role = static_cast<std::int64_t>(Role::absorbed);
  }
}

}  // namespace tradegraph::kernels
