#include "app/synth/member_place.hpp"

#include <cmath>

#include "app/synth/draw.hpp"

namespace tradegraph::app::synth {

namespace {

constexpr std::int64_t kFirmsAnAddress = 60;

double fraction(double x) { return x - std::floor(x); }

/// The point at share `along` of the line through all cores.
Point on_corridor(const Agglomeration& a, double along, double aside_m) {
  double length = 0;
  for (std::size_t i = 1; i < a.cores.size(); ++i) length += distance_m(a.cores[i - 1], a.cores[i]);
  double left = along * length;
  for (std::size_t i = 1; i < a.cores.size(); ++i) {
    const double piece = distance_m(a.cores[i - 1], a.cores[i]);
    if (left > piece && i + 1 < a.cores.size()) {
      left -= piece;
      continue;
    }
    const double t = left / piece;
    const Point place{
        a.cores[i - 1].longitude + t * (a.cores[i].longitude - a.cores[i - 1].longitude),
        a.cores[i - 1].latitude + t * (a.cores[i].latitude - a.cores[i - 1].latitude)};
    return at_distance(place, std::abs(aside_m), aside_m < 0 ? 0.375 : 0.875);
  }
  return a.cores[0];
}

bool is_in_corridor(const Agglomeration& a, std::int64_t index, const SpreadPair& at) {
  if (a.merges) return index >= a.first.firms;
  return at.first < a.corridor_share;
}

}  // namespace

SpreadPair spread(std::int64_t index) {
  const auto i = static_cast<double>(index + 1);
  return {fraction(0.5 + i * 0.7548776662466927), fraction(0.5 + i * 0.5698402909980532)};
}

Point at_distance(const Point& centre, double r_m, double turn) {
  const double angle = 2 * M_PI * turn;
  const double north = r_m * std::sin(angle) / 111000;
  const double east = r_m * std::cos(angle) / (111000 * std::cos(centre.latitude * M_PI / 180));
  return {centre.longitude + east, centre.latitude + north};
}

std::size_t core_of(const Agglomeration& a, std::int64_t index) {
  return static_cast<std::size_t>(index) % a.cores.size();
}

Point member_place(std::uint64_t seed, const Agglomeration& a, std::int64_t index) {
  const auto at = spread(index);
  auto spot = key(seed, 0x91ace, a.begin, index);
  if (is_in_corridor(a, index, at)) {
    return on_corridor(a, at.second, 240 * (uniform(key(spot, 1)) - 0.5));
  }
  auto core = core_of(a, index);
  if (uniform(key(spot, 2)) < a.address_share) {
    const auto address = below(key(spot, 3), 1 + a.capacity / kFirmsAnAddress);
    spot = key(seed, 0xadd7e55, a.begin, address);
    core = core_of(a, address);
  }
  const double r_m = a.radius_m * std::pow(uniform(key(spot, 4)), 0.6);
  return at_distance(a.cores[core], r_m, uniform(key(spot, 5)));
}

}  // namespace tradegraph::app::synth
