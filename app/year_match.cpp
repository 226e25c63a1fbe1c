#include "app/year_match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/comm/agreement.hpp"
#include "io/import/firm_directory.hpp"
#include "io/import/projection.hpp"

namespace tradegraph::app {

namespace {

using kernels::LabelledKey;
using kernels::Tally;

/// Places of a year's firms, in the plane of another.
struct Plane {
  std::vector<double> x_m;
  std::vector<double> y_m;
};

Plane places_in(const std::string& crs, const YearPanel& panel) {
  if (panel.planar_crs == crs || panel.planar_crs.empty())
    return {panel.firms.x_m, panel.firms.y_m};
  Plane plane{panel.firms.longitude, panel.firms.latitude};
  const bool has_degrees = !plane.x_m.empty() || panel.firms.x_m.empty();
  require(has_degrees && crs != "local", ErrorKind::bad_input,
          fmt::format("the places of {} are in '{}', those of the later year in '{}': import both "
                      "in one system",
                      panel.year, panel.planar_crs, crs));
  io::transform_places("EPSG:4326", crs, plane.x_m, plane.y_m);
  return plane;
}

std::vector<LabelledKey> covered_cells(const YearPanel& panel, const Plane& plane, double cell_m) {
  std::vector<LabelledKey> keys;
  for (std::size_t i = 0; i < plane.x_m.size(); ++i) {
    if (panel.labels[i] == kNoCluster) continue;
    const double x = std::floor(plane.x_m[i] / cell_m);
    const double y = std::floor(plane.y_m[i] / cell_m);
    if (!(std::abs(x) < 1e15 && std::abs(y) < 1e15)) continue;  // no place, or none in this plane
    keys.push_back({panel.labels[i], static_cast<std::int64_t>(x), static_cast<std::int64_t>(y)});
  }
  return keys;
}

kernels::SharedKeys shared_cells(const comm::Communicator& group, const YearPanel& a,
                                 const YearPanel& b, double cell_m) {
  const auto& crs = b.planar_crs.empty() ? a.planar_crs : b.planar_crs;
  const auto keys = comm::collectively(group, [&] {
    return std::pair(covered_cells(a, places_in(crs, a), cell_m),
                     covered_cells(b, places_in(crs, b), cell_m));
  });
  return kernels::shared_keys(group, keys.first, a.clusters, keys.second, b.clusters);
}

std::vector<std::int64_t> numbers(const YearPanel& panel) {
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < panel.firms.count(); ++i) result.push_back(panel.firms.first + i);
  return result;
}

/// A number a firm of year a that is its number in year b, or negative for firms that left.
std::vector<std::int64_t> numbers_in_b(const comm::Communicator& group, const YearPanel& a,
                                       const YearPanel& b) {
  auto result = io::find_firms(group, b.firms, a.firms.id);
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result[i] < 0) result[i] = -2 - (a.firms.first + static_cast<std::int64_t>(i));
  }
  return result;
}

std::vector<LabelledKey> members(const YearPanel& panel, const std::vector<std::int64_t>& number) {
  std::vector<LabelledKey> keys;
  for (std::size_t i = 0; i < number.size(); ++i) {
    if (panel.labels[i] != kNoCluster) keys.push_back({panel.labels[i], number[i], 0});
  }
  return keys;
}

std::vector<LabelledKey> links(const comm::Communicator& group, const YearPanel& panel,
                               const std::vector<std::int64_t>& number) {
  const auto& inside = panel.links_inside;
  const auto label = look_up(group, panel.firms.total, panel.labels, inside.row);
  const auto supplier = look_up(group, panel.firms.total, number, inside.row);
  const auto buyer = look_up(group, panel.firms.total, number, inside.column);
  std::vector<LabelledKey> keys;
  for (std::size_t i = 0; i < label.size(); ++i) {
    keys.push_back({label[i], supplier[i], buyer[i]});
  }
  return keys;
}

/// Members by group, under codes that both years share.
std::vector<Tally> profiles(const comm::Communicator& group, const YearPanel& panel,
                            const std::vector<std::string>& names) {
  std::vector<std::int64_t> code;
  for (std::int64_t g = 0; g < panel.groups.names.size(); ++g) {
    const auto at = std::lower_bound(names.begin(), names.end(), panel.groups.names[g]);
    code.push_back(at - names.begin());
  }
  std::vector<Tally> tallies;
  for (std::size_t i = 0; i < panel.labels.size(); ++i) {
    const auto own = panel.groups.codes[i];
    if (panel.labels[i] == kNoCluster) continue;
    tallies.push_back({panel.labels[i], own < 0 ? -1 : code[static_cast<std::size_t>(own)], 1, 0});
  }
  kernels::merge_tallies(tallies);
  return kernels::collect_everywhere(group, std::move(tallies));
}

std::vector<std::string> all_groups(const YearPanel& a, const YearPanel& b) {
  std::vector<std::string> names;
  for (const auto* panel : {&a, &b}) {
    for (std::int64_t g = 0; g < panel->groups.names.size(); ++g) {
      names.emplace_back(panel->groups.names[g]);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace

YearMatch match_years(const comm::Communicator& group, const YearPanel& a, const YearPanel& b,
                      const std::vector<std::uint8_t>& screened_a,
                      const std::vector<std::uint8_t>& screened_b, const CompareOptions& options) {
  const auto config = options.config();
  const auto names = all_groups(a, b);
  const auto number_a = numbers_in_b(group, a, b);
  const auto number_b = numbers(b);
  YearMatch match;
  match.year_a = a.year;
  match.year_b = b.year;
  match.cells = shared_cells(group, a, b, options.cell_m);
  match.firms = kernels::shared_keys(group, members(a, number_a), a.clusters, members(b, number_b),
                                     b.clusters);
  match.links = kernels::shared_keys(group, links(group, a, number_a), a.clusters,
                                     links(group, b, number_b), b.clusters);
  match.pairs = kernels::cluster_pairs(match.cells, match.firms, profiles(group, a, names),
                                       profiles(group, b, names), config.by);
  match.matches = kernels::match_clusters(match.pairs, screened_a, screened_b, config);
  return match;
}

std::vector<Label> partner_in_b(const YearMatch& match) {
  std::vector<Label> partner(match.firms.of_a.size(), kNoCluster);
  for (const auto& m : match.matches) {
    if (m.matched) partner[static_cast<std::size_t>(m.a)] = m.b;
  }
  return partner;
}

std::vector<Label> partner_in_a(const YearMatch& match) {
  std::vector<Label> partner(match.firms.of_b.size(), kNoCluster);
  for (const auto& m : match.matches) {
    if (m.matched) partner[static_cast<std::size_t>(m.b)] = m.a;
  }
  return partner;
}

std::string describe(const YearMatch& match) {
  std::array<std::int64_t, 7> count{};
  for (const auto& m : match.matches) ++count[static_cast<std::size_t>(m.event)];
  std::string text = fmt::format("\n{} -> {}: {} and {} agglomerations;", match.year_a,
                                 match.year_b, match.firms.of_a.size(), match.firms.of_b.size());
  for (std::size_t e = 0; e < count.size(); ++e) {
    text += fmt::format("{} {} {}", e == 0 ? "" : ",", count[e],
                        kernels::name(static_cast<kernels::Event>(e)));
  }
  return text + "\n";
}

}  // namespace tradegraph::app
