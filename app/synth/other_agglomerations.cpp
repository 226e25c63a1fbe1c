#include <algorithm>
#include <cmath>

#include "app/synth/agglomerations.hpp"
#include "app/synth/class_shares.hpp"
#include "app/synth/draw.hpp"
#include "app/synth/inside_links.hpp"

namespace tradegraph::app::synth {

namespace {

constexpr double kApart_m = 9000;  ///< at least, between agglomerations of one group

/// Draws of one agglomeration, by purpose.
class Draws {
 public:
  Draws(const Setting& setting, int index) : seed_(key(setting.seed, 0xa99, index)) {}
  [[nodiscard]] double operator()(int purpose, int attempt = 0) const {
    return uniform(key(seed_, purpose, attempt));
  }
  [[nodiscard]] double between(double low, double high, int purpose) const {
    return low + (high - low) * (*this)(purpose);
  }

 private:
  std::uint64_t seed_;
};

int draw_city(double u) {
  double total = 0;
  for (const auto& city : cities()) total += std::sqrt(city.weight);
  double left = u * total;
  for (std::size_t c = 0; c < cities().size(); ++c) {
    left -= std::sqrt(cities()[c].weight);
    if (left < 0) return static_cast<int>(c);
  }
  return static_cast<int>(cities().size()) - 1;
}

bool is_free(const std::vector<Agglomeration>& all, int group, const Point& place, double reach) {
  return std::ranges::all_of(all, [&](const Agglomeration& other) {
    return other.group != group || distance_m(other, place) > kApart_m + reach;
  });
}

/// Somewhere in a city, away from its group's other agglomerations.
void settle(Agglomeration& a, const std::vector<Agglomeration>& all, const Draws& draw) {
  for (int attempt = 0; attempt < 500; ++attempt) {
    a.city = draw_city(draw(1, attempt));
    const auto& city = cities()[static_cast<std::size_t>(a.city)];
    const double r = 0.7 * radius_m(city) * std::sqrt(draw(2, attempt));
    const double angle = 2 * M_PI * draw(3, attempt);
    const double north = r * std::sin(angle) / 111000;
    const double east = r * std::cos(angle) / (111000 * std::cos(city.latitude * M_PI / 180));
    a.cores = {{city.longitude + east, city.latitude + north}};
    if (is_free(all, a.group, a.cores[0], a.radius_m + 2500)) break;
  }
}

/// Groups without a published cluster first.
int group_of(int index) {
  static constexpr int kFirst[] = {2, 5, 12, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25};
  constexpr int kCount = static_cast<int>(std::size(kFirst));
  const int turn = index % (2 * kCount + 26);
  return turn < 2 * kCount ? kFirst[turn % kCount] : turn - 2 * kCount;
}

Size tiny_size(const Setting& setting, double inclusiveness, double firms_at_1m) {
  Size size;
  size.participants = 14;
  size.links = 12;
  size.nodes = whole(14 / inclusiveness);
  size.firms =
      std::max(size.nodes * 6 / 5, whole(firms_at_1m * static_cast<double>(setting.firms) / 1e6));
  return size;
}

Size common_size(const Setting& setting, double inclusiveness, double firms_at_1m) {
  Size size;
  size.firms = std::max<std::int64_t>(
      kFewestMembers, whole(firms_at_1m * static_cast<double>(setting.firms) / 1e6));
  size.nodes = size.firms / 2;
  size.participants = std::max<std::int64_t>(
      2, static_cast<std::int64_t>(inclusiveness * static_cast<double>(size.nodes)));
  size.links = size.participants;
  if (size.participants < 4) size.links = size.participants - 1;
  return size;
}

Size shrunk(const Size& size, double factor) {
  const auto part = [&](std::int64_t count) { return whole(factor * static_cast<double>(count)); };
  Size result{part(size.firms), part(size.nodes), part(size.participants), part(size.links)};
  result.participants = std::max<std::int64_t>(2, result.participants);
  result.links = std::clamp<std::int64_t>(result.links, (result.participants + 1) / 2,
                                          result.participants * (result.participants - 1) / 2);
  return result;
}

/// What becomes of the agglomeration over the years.
void set_course(Agglomeration& a, int index, const Draws& draw) {
  const bool has_faded = index >= kOthers;
  const bool is_born = !has_faded && index >= kTiny && index < kTiny + kBorn;
  const bool is_merging = !has_faded && index >= kTiny + kBorn && index < kTiny + kBorn + kMerging;
  a.first = shrunk(a.last, draw.between(0.75, 1.15, 8));
  if (index < kTiny) a.first = a.last;
  if (is_born) a.first = {};
  if (has_faded) {
    a.first = a.last;
    a.last = {};
  }
  if (!is_merging) return;
  a.merges = true;
  a.first = shrunk(a.last, 0.7);
  const double apart = 3000 + 2 * a.radius_m;
  a.cores.push_back({a.cores[0].longitude, a.cores[0].latitude + apart / 111000});
}

std::string name_of(const Agglomeration& a, const std::vector<Agglomeration>& all) {
  const std::string name = std::string(cities()[static_cast<std::size_t>(a.city)].name) + ": " +
                           industry_groups()[static_cast<std::size_t>(a.group)].name;
  const auto same = std::ranges::count_if(
      all, [&](const Agglomeration& other) { return other.name.starts_with(name); });
  return same == 0 ? name : name + " " + std::to_string(same + 1);
}

Agglomeration other(const Setting& setting, int index, const std::vector<Agglomeration>& all) {
  const Draws draw(setting, index);
  Agglomeration a;
  a.group = group_of(index);
  const bool is_tiny = index < kTiny;
  const bool is_merging = index >= kTiny + kBorn && index < kTiny + kBorn + kMerging;
  double firms = std::clamp(800 * std::exp(0.8 * normal_quantile(draw(4))), 250.0, 5000.0);
  if (is_tiny) firms = 150;
  if (is_merging) firms = 2400;
  a.radius_m = 700 + 20 * std::sqrt(firms);
  settle(a, all, draw);
  const double inclusiveness =
      is_tiny ? 0.17 + 0.11 * (index + draw(5)) / kTiny : draw.between(0.02, 0.13, 5);
  a.last = is_tiny ? tiny_size(setting, inclusiveness, firms)
                   : common_size(setting, inclusiveness, firms);
  a.share_in = 0.5 * inclusiveness;
  a.class_shares = shares_of_variety(a.group, draw.between(1.2, 3.0, 6));
  a.related_variety = related_variety(a.group, a.class_shares);
  a.name = name_of(a, all);
  set_course(a, index, draw);
  return a;
}

/// A smaller agglomeration of the same shape, so that fitting takes a bounded time.
Size sample_of(const Size& size) {
  constexpr std::int64_t kMost = 20000;
  if (size.participants <= kMost) return size;
  const double factor = static_cast<double>(kMost) / static_cast<double>(size.participants);
  return {size.firms, size.nodes, kMost, whole(factor * static_cast<double>(size.links))};
}

}  // namespace

void add_others(const Setting& setting, std::vector<Agglomeration>& agglomerations) {
  for (int i = 0; i < kOthers + kFaded; ++i) {
    agglomerations.push_back(other(setting, i, agglomerations));
  }
}

void fit_hierarchy(const Setting& setting, Agglomeration& a) {
  const auto seed = key(setting.seed, 0x1471, a.begin);
  const double target =
      a.published == nullptr ? 0.5 : 0.38 + 0.14 * (a.published->hierarchy + 0.75);
  const auto size = sample_of(a.last.firms > 0 ? a.last : a.first);
  const auto reached = [&](double exponent) {
    return hierarchy_of(
        inside_degrees(inside_links(seed, size, exponent, kLastYear), size.participants));
  };
  double low = 0, high = 0.98;
  for (int step = 0; step < 9; ++step) {
    const double middle = (low + high) / 2;
    (reached(middle) < target ? low : high) = middle;
  }
  a.rank_exponent = (low + high) / 2;
  a.hierarchy = reached(a.rank_exponent);
}

}  // namespace tradegraph::app::synth
