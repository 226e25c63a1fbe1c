#include "app/synth/year.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "app/synth/draw.hpp"
#include "app/synth/member_place.hpp"
#include "app/synth/renewal.hpp"

namespace tradegraph::app::synth {

namespace {

/// Dispersed firms keep away from agglomerations of their group: who is near is a member.
constexpr double kKeptAway_m = 1600;

int digits_of(std::int64_t count) {
  int digits = 1;
  for (; count >= 10; count /= 10) ++digits;
  return digits;
}

/// A group or class by its share.
template <class Items, class Share>
int draw_by_share(const Items& items, Share&& share, double u) {
  double total = 0;
  for (const auto& item : items) total += share(item);
  double left = u * total;
  for (std::size_t i = 0; i + 1 < items.size(); ++i) {
    left -= share(items[i]);
    if (left < 0) return static_cast<int>(i);
  }
  return static_cast<int>(items.size()) - 1;
}

}  // namespace

Year::Year(const Nation& nation, std::int64_t year)
    : nation_(nation),
      year_(year),
      seed_(nation.setting.seed),
      unlinked_firms_(nation.unlinked_firms(year)),
      id_digits_(std::max(8, digits_of(nation.seats))) {
  const auto& all = nation.agglomerations;
  const auto count = static_cast<std::int64_t>(all.size());
  sizes_.resize(all.size());
  inside_.resize(all.size());
  degrees_.resize(all.size());
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t at = 0; at < count; ++at) {
    const auto i = static_cast<std::size_t>(at);
    sizes_[i] = all[i].size(year);
    inside_[i] =
        inside_links(key(seed_, 0x1471, all[i].begin), sizes_[i], all[i].rank_exponent, year);
    degrees_[i] = inside_degrees(inside_[i], sizes_[i].participants);
  }
  of_group_.resize(industry_groups().size());
  for (int i = 0; i < static_cast<int>(all.size()); ++i) {
    of_group_[static_cast<std::size_t>(all[static_cast<std::size_t>(i)].group)].push_back(i);
  }
}

int Year::city_of_unlinked(std::int64_t index, int& group) const {
  const double u = uniform(key(seed_, 0xc17, index));
  const auto& sums = nation_.city_weights;
  const auto block = std::min<std::int64_t>(std::ranges::upper_bound(sums, u) - sums.begin(),
                                            std::ssize(sums) - 1);
  group = static_cast<int>(block / nation_.cities());
  return static_cast<int>(block % nation_.cities());
}

Seat Year::seat(std::int64_t number) const {
  Seat seat;
  seat.number = number;
  const auto leaves = nation_.leaves.first.front();
  const auto members = nation_.leaves.first.back();
  if (number >= nation_.unlinked) {
    seat.index = number - nation_.unlinked;
    seat.city = city_of_unlinked(seat.index, seat.group);
  } else if (number >= members) {
    const auto& all = nation_.agglomerations;
    const auto after = std::ranges::upper_bound(all, number, {}, &Agglomeration::begin);
    seat.agglomeration = static_cast<int>(after - all.begin()) - 1;
    const auto& home = *std::prev(after);
    seat.tier = Tier::member;
    seat.group = home.group;
    seat.city = home.city;
    seat.index = number - home.begin;
  } else {
    const auto& tier = number >= leaves ? nation_.leaves : nation_.hubs;
    const auto block = tier.block_of(number);
    seat.tier = number >= leaves ? Tier::leaf : Tier::hub;
    seat.group = static_cast<int>(block / nation_.cities());
    seat.city = static_cast<int>(block % nation_.cities());
    seat.index = number - tier.first[static_cast<std::size_t>(block)];
  }
  return seat;
}

bool Year::is_taken(const Seat& seat) const {
  if (seat.tier == Tier::member) return seat.index < size(seat.agglomeration).firms;
  return seat.tier != Tier::unlinked || seat.index < unlinked_firms_;
}

std::int64_t Year::entered(std::int64_t seat_number) const {
  return renewed(key(seed_, 0xf1, seat_number), kFirmHazard, year_, kOldestFirm);
}

Occupant Year::occupant(const Seat& seat) const {
  const auto changed = renewed(key(seed_, 0xc1a, seat.number), kClassHazard, year_, kOldestFirm);
  Occupant firm{entered(seat.number), seat.group, 0};
  const auto since = std::max(firm.entered, changed);
  const auto choice = key(seed_, 0xc1b, seat.number, firm.entered, since);
  // Who trades keeps to the partners of its group; others may change the group too.
  const bool is_free = seat.tier == Tier::leaf || seat.tier == Tier::unlinked;
  if (is_free && since > firm.entered && uniform(key(choice, 1)) < 0.3) {
    firm.group = draw_by_share(
        industry_groups(), [](const auto& group) { return group.share; }, uniform(key(choice, 2)));
  }
  const double u = uniform(key(choice, 3));
  if (seat.tier == Tier::member) {
    const auto& home = nation_.agglomerations[static_cast<std::size_t>(seat.agglomeration)];
    firm.klass = draw_by_share(
        home.class_shares, [](double share) { return share; }, u);
  } else {
    const auto& classes = industry_groups()[static_cast<std::size_t>(firm.group)].classes;
    firm.klass = draw_by_share(
        classes, [](const auto& klass) { return klass.weight; }, u);
  }
  return firm;
}

void Year::append_id(std::int64_t seat_number, std::string& text) const {
  auto code = permute(key(seed_, 0x1d), nation_.seats, seat_number);
  const auto begin = text.size();
  text.append(static_cast<std::size_t>(id_digits_), '0');
  for (auto at = text.size(); code > 0 && at > begin; code /= 10) {
    text[--at] = static_cast<char>('0' + code % 10);
  }
  char year[8];
  const auto end = std::to_chars(year, year + 8, entered(seat_number)).ptr;
  text += '-';
  text.append(year, end);
}

bool Year::is_near_own_group(const Seat& seat, const Point& place) const {
  return std::ranges::any_of(of_group_[static_cast<std::size_t>(seat.group)], [&](int i) {
    return distance_m(nation_.agglomerations[static_cast<std::size_t>(i)], place) < kKeptAway_m;
  });
}

Point Year::dispersed_place(const Seat& seat) const {
  const auto& city = cities()[static_cast<std::size_t>(seat.city)];
  const Point centre{city.longitude, city.latitude};
  const auto spot = key(seed_, 0x9207, seat.number);
  SpreadPair at = spread(seat.index + (seat.tier == Tier::leaf ? 7919 : 0));
  if (seat.tier == Tier::unlinked) at = {uniform(key(spot, 1)), uniform(key(spot, 2))};
  Point place{};
  for (int attempt = 0; attempt < 20; ++attempt) {
    place = at_distance(centre, radius_m(city) * std::sqrt(at.first), at.second);
    if (!is_near_own_group(seat, place)) break;
    at = {uniform(key(spot, attempt, 3)), uniform(key(spot, attempt, 4))};
  }
  return place;
}

Point Year::place(const Seat& seat) const {
  if (seat.tier != Tier::member) return dispersed_place(seat);
  return member_place(seed_, nation_.agglomerations[static_cast<std::size_t>(seat.agglomeration)],
                      seat.index);
}

Seat Year::seat_in_file_order(std::int64_t position) const {
  return seat(permute(key(seed_, 0x0de7), nation_.seats, position));
}

bool is_in_parts(const Agglomeration& agglomeration, std::int64_t year) {
  return agglomeration.merges && progress_of(year) < 0.5;
}

std::int64_t truth_of(const Year& year, int agglomeration, std::int64_t index) {
  const auto& home = year.nation().agglomerations[static_cast<std::size_t>(agglomeration)];
  const bool is_second = is_in_parts(home, year.year()) && core_of(home, index) == 1;
  return agglomeration + (is_second ? kSecondPart : 0);
}

}  // namespace tradegraph::app::synth
