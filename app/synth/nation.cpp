#include "app/synth/nation.hpp"

#include <algorithm>
#include <cmath>

#include "app/synth/agglomerations.hpp"
#include "app/synth/dispersed.hpp"
#include "app/synth/draw.hpp"
#include "app/synth/flow_plan.hpp"
#include "engine/base/error.hpp"

namespace tradegraph::app::synth {

namespace {

double distance_to_line_m(const Point& a, const Point& b, const Point& place) {
  const double east = std::cos(a.latitude * M_PI / 180) * 111000;
  const double bx = (b.longitude - a.longitude) * east;
  const double by = (b.latitude - a.latitude) * 111000;
  const double px = (place.longitude - a.longitude) * east;
  const double py = (place.latitude - a.latitude) * 111000;
  const double along = std::clamp((px * bx + py * by) / (bx * bx + by * by), 0.0, 1.0);
  return std::hypot(px - along * bx, py - along * by);
}

std::int64_t between(std::int64_t first, std::int64_t last, double progress) {
  return whole(static_cast<double>(first) + progress * static_cast<double>(last - first));
}

void number_seats(std::vector<Agglomeration>& agglomerations, std::int64_t begin) {
  for (auto& a : agglomerations) {
    a.begin = begin;
    a.capacity = std::max(a.first.firms, a.last.firms);
    begin += a.capacity;
  }
}

/// Links are drawn by the number of an agglomeration's first seat, so `begin` must be set.
void fit_all(const Setting& setting, std::vector<Agglomeration>& agglomerations) {
  const auto count = static_cast<std::int64_t>(agglomerations.size());
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t i = 0; i < count; ++i) {
    fit_hierarchy(setting, agglomerations[static_cast<std::size_t>(i)]);
  }
}

}  // namespace

double distance_m(const Point& a, const Point& b) {
  const double east =
      (b.longitude - a.longitude) * std::cos((a.latitude + b.latitude) * M_PI / 360) * 111000;
  return std::hypot(east, (b.latitude - a.latitude) * 111000);
}

double distance_m(const Agglomeration& agglomeration, const Point& place) {
  const auto& cores = agglomeration.cores;
  double nearest = distance_m(cores[0], place);
  for (std::size_t i = 1; i < cores.size(); ++i) {
    nearest = std::min(nearest, distance_to_line_m(cores[i - 1], cores[i], place));
  }
  return std::max(0.0, nearest - agglomeration.radius_m);
}

double progress_of(std::int64_t year) {
  return std::clamp(
      static_cast<double>(year - kFirstYear) / static_cast<double>(kLastYear - kFirstYear), 0.0,
      1.0);
}

double radius_m(const City& city) {
  return std::clamp(1000 * std::sqrt(city.area_km2 / M_PI), 4000.0, 14000.0);
}

Size Agglomeration::size(std::int64_t year) const {
  const double t = progress_of(year);
  return {between(first.firms, last.firms, t), between(first.nodes, last.nodes, t),
          between(first.participants, last.participants, t), between(first.links, last.links, t)};
}

int Nation::cities() const { return static_cast<int>(synth::cities().size()); }

std::int64_t DispersedTier::begin(int group, int city) const {
  const auto cities = static_cast<int>(synth::cities().size());
  return first[static_cast<std::size_t>(group * cities + city)];
}

std::int64_t DispersedTier::block_of(std::int64_t seat) const {
  return std::ranges::upper_bound(first, seat) - first.begin() - 1;
}

std::int64_t Nation::unlinked_firms(std::int64_t year) const {
  auto count = setting.firms - hubs.first.back();
  count -= leaves.first.back() - leaves.first.front();
  for (const auto& a : agglomerations) count -= a.size(year).firms;
  return count;
}

Nation plan_nation(const Setting& setting) {
  require(setting.firms >= kFewestFirms, ErrorKind::usage,
          "a synthetic nation needs " + std::to_string(kFewestFirms) + " firms or more");
  Nation nation;
  nation.setting = setting;
  nation.agglomerations = published_agglomerations(setting);
  add_others(setting, nation.agglomerations);
  place_dispersed(nation);
  number_seats(nation.agglomerations, nation.leaves.first.back());
  fit_all(setting, nation.agglomerations);
  const auto& last = nation.agglomerations.back();
  nation.unlinked = last.begin + last.capacity;
  nation.seats = nation.unlinked +
                 std::max(nation.unlinked_firms(kFirstYear), nation.unlinked_firms(kLastYear));
  nation.flows = plan_flows(nation);
  set_hub_links(nation);
  return nation;
}

}  // namespace tradegraph::app::synth
