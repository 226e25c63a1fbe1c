#pragma once
/// Convex hulls of the clusters, for maps.

#include <vector>

#include "app/trade_network.hpp"
#include "engine/base/types.hpp"
#include "io/geojson.hpp"

namespace tradegraph::app {

/// Corners of the smallest convex polygon around `points`, counter-clockwise from the smallest, the
/// first not repeated; fewer than three points for degenerate sets. Andrew's monotone chain:
/// O(n log n). (Andrew 1979, doi:10.1016/0020-0190(79)90072-3.)
[[nodiscard]] std::vector<io::LonLat> convex_hull(std::vector<io::LonLat> points);

/// Hull of the members' places a label, the same on all ranks; `labels` parallel to this rank's
/// table slice. Each rank sends the corners of its own members' hulls only. Degrees are taken as a
/// plane: hulls across the date line are not meaningful. Collective over the replica group.
[[nodiscard]] std::vector<std::vector<io::LonLat>> cluster_hulls(const TradeNetwork& network,
                                                                 const std::vector<Label>& labels,
                                                                 std::int64_t clusters);

}  // namespace tradegraph::app
