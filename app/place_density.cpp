#include "app/place_density.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/comm/collectives.hpp"

namespace tradegraph::app {

namespace {

constexpr double kMostCells = 128;

/// Longitudes, or latitudes, of all ranks' firms.
struct Span {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
};

Span span_of(const comm::Communicator& group, const std::vector<double>& degrees) {
  Span span;
  for (const auto value : degrees) {
    if (std::isnan(value)) continue;
    span.low = std::min(span.low, value);
    span.high = std::max(span.high, value);
  }
  return {comm::all_reduce(group, span.low, comm::ReduceOp::min),
          comm::all_reduce(group, span.high, comm::ReduceOp::max)};
}

/// A power of two, so that multiples of it are exact. Single places get 2^-20 degrees, a tenth of a
/// metre.
double side_of(const Span& longitude, const Span& latitude) {
  const auto wide = std::max(longitude.high - longitude.low, latitude.high - latitude.low);
  return std::max(std::exp2(std::ceil(std::log2(wide / kMostCells))), std::exp2(-20));
}

std::int64_t cell_at(double degrees, double side) {
  return static_cast<std::int64_t>(std::floor(degrees / side));
}

double middle_of(std::int64_t cell, double side) {
  return (static_cast<double>(cell) + 0.5) * side;
}

}  // namespace

std::vector<PlaceCell> place_density(const TradeNetwork& network) {
  const auto& group = network.grid().group();
  const auto& table = network.table();
  const auto longitude = span_of(group, table.longitude);
  const auto latitude = span_of(group, table.latitude);
  if (longitude.low > longitude.high) return {};
  const auto side = side_of(longitude, latitude);
  const auto west = cell_at(longitude.low, side);
  const auto south = cell_at(latitude.low, side);
  const auto columns = cell_at(longitude.high, side) - west + 1;
  const auto rows = cell_at(latitude.high, side) - south + 1;
  std::vector<std::int64_t> firms(static_cast<std::size_t>(columns * rows), 0);
  for (std::size_t i = 0; i < table.longitude.size(); ++i) {
    if (std::isnan(table.longitude[i])) continue;
    const auto column = cell_at(table.longitude[i], side) - west;
    const auto row = cell_at(table.latitude[i], side) - south;
    ++firms[static_cast<std::size_t>(row * columns + column)];
  }
  comm::all_reduce_in_place(group, std::span(firms), comm::ReduceOp::sum);
  std::vector<PlaceCell> cells;
  for (std::int64_t at = 0; at < columns * rows; ++at) {
    const auto count = firms[static_cast<std::size_t>(at)];
    if (count == 0) continue;
    cells.push_back(
        {middle_of(west + at % columns, side), middle_of(south + at / columns, side), side, count});
  }
  return cells;
}

io::Table places_table(const std::vector<std::pair<std::int64_t, std::vector<PlaceCell>>>& years) {
  std::vector<std::int64_t> year;
  std::vector<std::int64_t> firms;
  std::vector<double> longitude;
  std::vector<double> latitude;
  std::vector<double> side;
  for (const auto& [number, cells] : years) {
    for (const auto& cell : cells) {
      year.push_back(number);
      longitude.push_back(cell.longitude);
      latitude.push_back(cell.latitude);
      side.push_back(cell.side);
      firms.push_back(cell.firms);
    }
  }
  return {
      {{"year", year}, {"lon", longitude}, {"lat", latitude}, {"side", side}, {"firms", firms}}};
}

}  // namespace tradegraph::app
