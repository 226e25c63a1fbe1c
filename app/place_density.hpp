#pragma once
/// Where the firms are, roughly: counts on a grid of degrees, as a background for maps.

#include <cstdint>
#include <utility>
#include <vector>

#include "app/trade_network.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

struct PlaceCell {
  double longitude;  ///< of the middle
  double latitude;
  double side;  ///< degrees
  std::int64_t firms;
};

/// The cells with firms, by latitude, then longitude, the same on all ranks. Cells are squares of
/// 2^k degrees, on the multiples of that; k is the least with which the firms' longitudes and
/// latitudes span at most 128 cells each way. Firms without a place are in none. Cost: one pass
/// over the firms and one sum of at most 129 x 129 numbers. Collective over the replica group.
[[nodiscard]] std::vector<PlaceCell> place_density(const TradeNetwork& network);

/// One row a year and cell: year, lon, lat, side, firms.
[[nodiscard]] io::Table places_table(
    const std::vector<std::pair<std::int64_t, std::vector<PlaceCell>>>& years);

}  // namespace tradegraph::app
