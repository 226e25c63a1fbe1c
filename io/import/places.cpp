#include "io/import/places.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "engine/base/exact_sum.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/import.hpp"
#include "io/import/projection.hpp"
#include "io/parallel.hpp"

namespace tradegraph::io {

namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr double kWarnDistortion = 0.01;
constexpr double kLargestDistortion = 0.10;
constexpr int kCellsADegree = 4;
constexpr std::int64_t kCellColumns = 360 * kCellsADegree;
constexpr std::int64_t kCellRows = 180 * kCellsADegree;

bool is_wgs84(const std::string& crs) { return crs == kWgs84 || crs == "OGC:CRS84"; }

struct UnitVectorSum {
  std::array<Int128, 3> units{};
  std::int64_t count = 0;
};

/// Exact sum of the directions of this rank's places.
UnitVectorSum sum_directions(const Places& places, const FixedPointScale& scale) {
  UnitVectorSum sum;
  parallel_pieces(static_cast<std::int64_t>(places.longitude.size()), [&](std::int64_t begin,
                                                                          std::int64_t end) {
    UnitVectorSum part;
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      if (std::isnan(places.longitude[i])) continue;
      const double lon = places.longitude[i] * kDegree;
      const double lat = places.latitude[i] * kDegree;
      part.units[0] += scale.units(std::cos(lat) * std::cos(lon));
      part.units[1] += scale.units(std::cos(lat) * std::sin(lon));
      part.units[2] += scale.units(std::sin(lat));
      ++part.count;
    }
#pragma omp critical(tradegraph_io_sum_directions)
    {
      for (std::size_t axis = 0; axis < 3; ++axis) sum.units[axis] += part.units[axis];
      sum.count += part.count;
    }
  });
  return sum;
}

/// The projection that `auto` stands for: centred on the mean direction. Empty without places.
std::string centred_crs(const comm::Communicator& comm, const Places& places) {
  const FixedPointScale scale(80);  // 2^46 firms fit
  UnitVectorSum sum = sum_directions(places, scale);
  comm::all_reduce_in_place(comm, std::span<Int128>(sum.units), comm::ReduceOp::sum);
  if (comm::all_reduce(comm, sum.count, comm::ReduceOp::sum) == 0) return "";
  const double x = scale.value(sum.units[0]);
  const double y = scale.value(sum.units[1]);
  const double z = scale.value(sum.units[2]);
  return equal_area_crs(std::atan2(y, x) / kDegree, std::atan2(z, std::hypot(x, y)) / kDegree);
}

/// A place that a transformation lost is a fault of its row, named once.
void report_lost(const FirmRows& rows, const Places& places, const std::string& place_column,
                 const std::string& input_crs, FaultList& faults) {
  const auto lost = [](const std::vector<double>& column, std::size_t i) {
    return !column.empty() && std::isinf(column[i]);
  };
  for (std::size_t i = 0; i < rows.line.size(); ++i) {
    const bool in_plane = lost(places.x_m, i) || lost(places.y_m, i);
    if (!in_plane && !lost(places.longitude, i) && !lost(places.latitude, i)) continue;
    char value[64];
    std::snprintf(value, sizeof value, "%.10g, %.10g", rows.place[0][i], rows.place[1][i]);
    faults.add({rows.line[i], place_column, value, "not_projectable",
                "is no place of " + (in_plane ? places.planar_crs : input_crs), false});
  }
}

}  // namespace

PlaceKind place_kind(const std::string& input_crs, const std::string& project) {
  if (project != "auto") {
    require(crs_kind(project) == CrsKind::projected, ErrorKind::usage,
            "'" + project + "' is in degrees: distances need a projected system");
  }
  if (input_crs == kWgs84) return PlaceKind::degrees_or_local_metres;
  return crs_kind(input_crs) == CrsKind::geographic ? PlaceKind::degrees : PlaceKind::metres;
}

Places find_places(const comm::Communicator& comm, const FirmRows& rows, bool in_degrees,
                   const std::string& input_crs, const std::string& project,
                   const std::string& place_column, FaultList& faults) {
  Places places;
  places.x_m = rows.place[0];
  places.y_m = rows.place[1];
  const bool local = !in_degrees && input_crs == kWgs84;
  if (local) {
    require(project == "auto", ErrorKind::usage,
            "places in metres of an unknown system cannot be projected to " + project +
                ": name their system");
    places.planar_crs = kLocalCrs;
    return places;
  }
  places.longitude = rows.place[0];
  places.latitude = rows.place[1];
  comm::collectively(comm, [&] {
    if (!is_wgs84(input_crs))
      transform_places(input_crs, kWgs84, places.longitude, places.latitude);
  });
  places.planar_crs = project != "auto" ? project
                      : in_degrees      ? centred_crs(comm, places)
                                        : input_crs;
  comm::collectively(comm, [&] {
    if (places.planar_crs.empty() || places.planar_crs == input_crs) return;
    transform_places(input_crs, places.planar_crs, places.x_m, places.y_m);
  });
  report_lost(rows, places, place_column, input_crs, faults);
  return places;
}

void check_distortion(const comm::Communicator& comm, Places& places) {
  if (places.planar_crs.empty() || places.planar_crs == kLocalCrs) return;
  std::vector<std::uint8_t> occupied(static_cast<std::size_t>(kCellColumns * kCellRows), 0);
  const auto cell = [](double degrees, double first, std::int64_t cells) {
    const auto index = static_cast<std::int64_t>((degrees - first) * kCellsADegree);
    return std::clamp<std::int64_t>(index, 0, cells - 1);
  };
  for (std::size_t i = 0; i < places.longitude.size(); ++i) {
    if (!std::isfinite(places.longitude[i])) continue;
    const auto column = cell(places.longitude[i], -180, kCellColumns);
    const auto row = cell(places.latitude[i], -90, kCellRows);
    occupied[static_cast<std::size_t>(row * kCellColumns + column)] = 1;
  }
  comm::all_reduce_in_place(comm, std::span<std::uint8_t>(occupied), comm::ReduceOp::max);
  std::vector<std::pair<double, double>> centres;
  for (std::int64_t i = 0, seen = 0; i < kCellColumns * kCellRows; ++i) {
    if (occupied[static_cast<std::size_t>(i)] == 0 || seen++ % comm.size() != comm.rank()) continue;
    const auto half_way = [](std::int64_t index) {
      return (static_cast<double>(index) + 0.5) / kCellsADegree;
    };
    centres.emplace_back(half_way(i % kCellColumns) - 180, half_way(i / kCellColumns) - 90);
  }
  const double mine =
      comm::collectively(comm, [&] { return scale_distortion(places.planar_crs, centres); });
  places.scale_distortion = comm::all_reduce(comm, mine, comm::ReduceOp::max);
  if (places.scale_distortion <= kWarnDistortion) return;
  char percent[32];
  std::snprintf(percent, sizeof percent, "%.1f %%", 100 * places.scale_distortion);
  const std::string finding = std::string("the projection distorts lengths by up to ") + percent +
                              " over the firms (" + places.planar_crs + ")";
  require(places.scale_distortion <= kLargestDistortion, ErrorKind::bad_input,
          finding +
              "; at most 10 % is allowed: name a projection made for the area, or split the "
              "data into smaller ones");
  if (comm.is_root()) log::warn(finding);
}

}  // namespace tradegraph::io
