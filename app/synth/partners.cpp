#include "app/synth/partners.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "app/synth/dispersed.hpp"
#include "app/synth/draw.hpp"
#include "app/synth/renewal.hpp"

namespace tradegraph::app::synth {

namespace {

constexpr double kOwnGroup = 0.2;
constexpr double kPartnerGroup = 0.125;  ///< each, or less where it is smaller than the own group
constexpr double kGroupExponent = 2.2;   ///< of the groups that the rest goes to in a city
/// Where partners of other groups are: of dispersed firms, and of members, who seldom choose in
/// their city, or they would be absorbed by their agglomeration; else in the nation.
constexpr double kCity = 0.51, kNear = 0.25;
constexpr double kMemberCity = 0.03, kMemberNear = 0.35;
constexpr double kNear_m = 30000;   ///< between the centres of cities
constexpr double kOutward = 0.9;    ///< of the links to the nation, to other large regions
constexpr double kSameSide = 0.01;  ///< links that do not look at sides
constexpr std::int64_t kFewestInBlock = 3;
constexpr int kTries = 12;               ///< ranks drawn for one link
constexpr double kLomaxExponent = 1.25;  ///< of the number of partners that a firm chooses
constexpr double kMostShare = 0.01;      ///< of all firms, chosen by one
constexpr double kMostLinks = 5000;      ///< chosen by one
constexpr double kFewLinks = 10;         ///< who chooses more looks for small partners too
constexpr double kOriented = 0.25;       ///< firms that only buy, or only sell, where they choose
constexpr double kRankExponent = 1.3;
constexpr double kRankOffset = 0.1;
constexpr double kLargeShare = 0.1;  ///< of a block: large firms, who choose at random

/// Mean of a Lomax variable cut at `most`, whole numbers from 1.
double cut_mean(double scale, double most) {
  const double tail = std::pow(1 + most / scale, 1 - kLomaxExponent);
  return 0.5 + scale / (kLomaxExponent - 1) * (1 - tail);
}

double lomax_scale(double mean, double most) {
  double low = 1e-3, high = 1e3;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (cut_mean(middle, most) < mean ? low : high) = middle;
  }
  return low;
}

double city_share(const Seat& seat) { return seat.tier == Tier::member ? kMemberCity : kCity; }

double local_share(const Seat& seat) {
  return city_share(seat) + (seat.tier == Tier::member ? kMemberNear : kNear);
}

std::vector<int> cities_near(const City& from) {
  const Point centre{from.longitude, from.latitude};
  std::vector<int> result;
  for (std::size_t c = 0; c < cities().size(); ++c) {
    const auto& city = cities()[c];
    const bool is_near = distance_m(centre, {city.longitude, city.latitude}) < kNear_m;
    if (is_near && &city != &from) result.push_back(static_cast<int>(c));
  }
  return result;
}

/// Each side has half the firms, whatever their other properties.
bool side_of(std::uint64_t seed, std::int64_t seat_number) {
  return (key(seed, 0x51d5, seat_number) & 1) != 0;
}

bool is_chosen(const std::vector<Link>& links, const Seat& seat, std::int64_t partner) {
  return partner == seat.number || std::ranges::any_of(links, [&](const Link& link) {
           return link.supplier == partner || link.buyer == partner;
         });
}

}  // namespace

PartnerChoice::PartnerChoice(const Year& year)
    : year_(year),
      seed_(year.nation().setting.seed),
      most_(std::min(kMostLinks, kMostShare * static_cast<double>(year.nation().setting.firms))),
      lomax_(lomax_scale(year.nation().hub_links, most_)) {
  double sum = 0;
  for (const auto& group : industry_groups()) group_sums_.push_back(sum += group.share);
  for (const auto& city : cities()) near_.push_back(cities_near(city));
}

std::int64_t PartnerChoice::how_many(const Seat& seat) const {
  const auto draw = key(seed_, 0x4077, seat.number);
  if (seat.tier == Tier::leaf) return 1;
  if (seat.tier == Tier::hub) {
    const double x = lomax_ * (std::pow(1 - uniform(draw), -1 / kLomaxExponent) - 1);
    return 1 + static_cast<std::int64_t>(std::min(x, most_ - 1));
  }
  if (seat.tier == Tier::unlinked) return 0;
  const auto& size = year_.size(seat.agglomeration);
  if (seat.index >= size.nodes) return 0;
  if (seat.index >= size.participants) {
    return 1 + static_cast<std::int64_t>(std::log1p(-uniform(draw)) /
                                         std::log(1 - 1 / kLinksOfOutsiders));
  }
  const auto inside = year_.inside_degree(seat.agglomeration)[static_cast<std::size_t>(seat.index)];
  const auto& home = year_.nation().agglomerations[static_cast<std::size_t>(seat.agglomeration)];
  return round_at_random(outside_links(home, size, inside), draw);
}

int PartnerChoice::group(const Seat& seat, double where, std::uint64_t slot) const {
  const double u = uniform(key(slot, 1));
  if (u < kOwnGroup) return seat.group;
  const auto& groups = industry_groups();
  const auto& own = groups[static_cast<std::size_t>(seat.group)];
  const double turn = (u - kOwnGroup) / kPartnerGroup;
  if (turn < static_cast<double>(own.partners.size())) {
    // Not more than that group sends back, or large groups would be all that small ones trade with.
    const int other = own.partners[static_cast<std::size_t>(turn)];
    const double size = groups[static_cast<std::size_t>(other)].share / own.share;
    if (turn - std::floor(turn) < size) return other;
  }
  // What is left goes mostly to a few groups, others in each city; in the nation, to all by size.
  const double rest = uniform(key(slot, 3));
  if (where < local_share(seat)) {
    const auto rank = draw_by_rank(rest, std::ssize(groups), kGroupExponent, 0.3);
    return static_cast<int>(permute(key(seed_, 0xa2c, seat.city), std::ssize(groups), rank));
  }
  const auto at = std::ranges::upper_bound(group_sums_, rest * group_sums_.back());
  return static_cast<int>(std::min(at, std::prev(group_sums_.end())) - group_sums_.begin());
}

PartnerChoice::Block PartnerChoice::nation(int group) const {
  const auto& hubs = year_.nation().hubs;
  return {hubs.begin(group, 0), hubs.begin(group, year_.nation().cities())};
}

/// A near city, by its firms of the group; nothing where there are none.
PartnerChoice::Block PartnerChoice::block_near(const Seat& seat, int group,
                                               std::uint64_t draw) const {
  const auto& hubs = year_.nation().hubs;
  const auto& around = near_[static_cast<std::size_t>(seat.city)];
  const auto firms = [&](int c) { return hubs.end(group, c) - hubs.begin(group, c); };
  std::int64_t total = 0;
  for (const int c : around) total += firms(c);
  auto left = below(draw, std::max<std::int64_t>(1, total));
  for (const int c : around) {
    left -= firms(c);
    if (left < 0) return {hubs.begin(group, c), hubs.end(group, c)};
  }
  return {0, 0};
}

PartnerChoice::Block PartnerChoice::block(const Seat& seat, int group, double where,
                                          std::uint64_t slot) const {
  // Partners of the own group are seldom near: a large firm with its small partners of one group
  // around it would be taken for a cluster.
  if (group == seat.group || where >= local_share(seat)) return nation(group);
  const auto& hubs = year_.nation().hubs;
  const Block own{hubs.begin(group, seat.city), hubs.end(group, seat.city)};
  if (where < city_share(seat) && own.end - own.begin >= kFewestInBlock) return own;
  return block_near(seat, group, slot);
}

bool PartnerChoice::suits(const Seat& seat, std::int64_t other, bool is_any_side,
                          bool goes_out) const {
  if (!is_any_side && side_of(seed_, other) == side_of(seed_, seat.number)) return false;
  if (!goes_out) return true;
  const auto city = year_.nation().hubs.block_of(other) % year_.nation().cities();
  return cities()[static_cast<std::size_t>(city)].large_region !=
         cities()[static_cast<std::size_t>(seat.city)].large_region;
}

std::int64_t PartnerChoice::partner(const Seat& seat, double where, double hubward,
                                    std::uint64_t slot) const {
  const int its_group = group(seat, where, slot);
  const auto among = block(seat, its_group, where, key(slot, 7));
  const auto count = among.end - among.begin;
  const auto all = nation(its_group);
  const bool is_nation = among.begin == all.begin && among.end == all.end;
  const bool goes_out = is_nation && uniform(key(slot, 10)) < kOutward;
  const bool is_any_side = uniform(key(slot, 9)) < kSameSide;
  // Small firms choose large ones, large firms find partners everywhere: so the partners of large
  // firms are small, and seldom trade with each other.
  const bool is_by_rank = uniform(key(slot, 6)) < hubward;
  for (int attempt = 0; count > 0 && attempt < kTries; ++attempt) {
    const auto draw = key(slot, 5, attempt);
    const auto rank = is_by_rank ? draw_by_rank(uniform(draw), count, kRankExponent, kRankOffset)
                                 : below(draw, count);
    const auto other = among.begin + permute(key(seed_, 0xb1, among.begin, count), count, rank);
    if (suits(seat, other, is_any_side, goes_out)) return other;
  }
  return seat.number;
}

bool PartnerChoice::is_large(const Seat& seat) const {
  if (seat.tier != Tier::hub) return false;
  const auto& hubs = year_.nation().hubs;
  const auto is_early = [&](std::int64_t begin, std::int64_t end) {
    const auto count = end - begin;
    const auto rank = permute_back(key(seed_, 0xb1, begin, count), count, seat.number - begin);
    return static_cast<double>(rank) < kLargeShare * static_cast<double>(count);
  };
  return is_early(hubs.begin(seat.group, seat.city), hubs.end(seat.group, seat.city)) ||
         is_early(hubs.begin(seat.group, 0), hubs.begin(seat.group, year_.nation().cities()));
}

double PartnerChoice::selling_of(std::int64_t seat_number) const {
  const double side = uniform(key(seed_, 0x51de, seat_number));
  return side < kOriented / 2 ? 0 : side < kOriented ? 1 : 0.5;
}

void PartnerChoice::choose(const Seat& seat, std::vector<Link>& links) const {
  links.clear();
  const auto count = how_many(seat);
  const double selling = selling_of(seat.number);
  const double hubward = is_large(seat) ? 0 : std::min(1.0, kFewLinks / static_cast<double>(count));
  for (std::int64_t k = 0; k < count; ++k) {
    const auto slot = key(seed_, 0x117, seat.number, k);
    const auto since = renewed(slot, kLinkHazard, year_.year(), kOldestLink);
    const bool sells = uniform(key(slot, 8)) < selling;
    for (int attempt = 0; attempt < 12; ++attempt) {
      const auto draw = key(slot, since, attempt);
      // Where the partner is stays, while its group is drawn again.
      const double where = uniform(attempt < 8 ? key(slot, since, 0, 4) : key(draw, 4));
      const auto other = partner(seat, where, hubward, draw);
      if (attempt < 9 && selling_of(other) == (sells ? 1 : 0)) continue;
      if (is_chosen(links, seat, other)) continue;
      links.push_back(sells ? Link{seat.number, other, draw} : Link{other, seat.number, draw});
      break;
    }
  }
}

std::int64_t amount_of(std::uint64_t link_key) {
  const double z = normal_quantile(uniform(key(link_key, 0xa)) * (1 - 1e-12) + 5e-13);
  return whole(std::exp(10 + 2 * z)) + 1;
}

namespace {

void add_inside(const Year& year, int agglomeration, std::vector<Link>& links) {
  const auto& home = year.nation().agglomerations[static_cast<std::size_t>(agglomeration)];
  for (const auto& link : year.inside(agglomeration)) {
    const auto supplier = home.begin + link.supplier;
    const auto buyer = home.begin + link.buyer;
    links.push_back({supplier, buyer, key(year.nation().setting.seed, supplier, buyer)});
  }
}

/// Mostly members without links inside, so that flows leave the openness of the others alone.
std::int64_t end_of_flow(const Year& year, int agglomeration, std::uint64_t draw) {
  const auto& size = year.size(agglomeration);
  const auto& home = year.nation().agglomerations[static_cast<std::size_t>(agglomeration)];
  const bool has_outsiders = size.nodes > size.participants;
  const auto first = has_outsiders ? size.participants : 0;
  return home.begin + first + below(draw, size.nodes - first);
}

void add_flow(const Year& year, const FlowPlan& flow, std::vector<Link>& links) {
  if (year.size(flow.from).nodes == 0 || year.size(flow.to).nodes == 0) return;
  const auto pair = key(year.nation().setting.seed, 0xf10, flow.from, flow.to);
  const double links_now = flow.links * (0.8 + 0.2 * progress_of(year.year()));
  const auto count = round_at_random(links_now, pair);
  std::vector<std::pair<std::int64_t, std::int64_t>> drawn;
  for (std::int64_t k = 0; k < count; ++k) {
    const auto slot = key(pair, k);
    const auto since = renewed(slot, kLinkHazard, year.year(), kOldestLink);
    const auto draw = key(slot, since);
    const auto supplier = end_of_flow(year, flow.from, key(draw, 1));
    const auto buyer = end_of_flow(year, flow.to, key(draw, 2));
    drawn.emplace_back(supplier, buyer);
  }
  std::ranges::sort(drawn);
  drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
  for (const auto& [supplier, buyer] : drawn) {
    links.push_back({supplier, buyer, key(pair, supplier, buyer)});
  }
}

}  // namespace

std::vector<Link> cluster_links(const Year& year) {
  std::vector<Link> links;
  const auto& nation = year.nation();
  for (int i = 0; i < static_cast<int>(nation.agglomerations.size()); ++i) {
    add_inside(year, i, links);
  }
  for (const auto& flow : nation.flows) add_flow(year, flow, links);
  return links;
}

}  // namespace tradegraph::app::synth
