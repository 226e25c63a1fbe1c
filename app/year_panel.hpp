#pragma once
/// What is kept of a year's clusters so that they can be compared with another year's.

#include <string>
#include <vector>

#include "app/trade_network.hpp"
#include "app/year_clusters.hpp"
#include "kernels/shared_keys.hpp"

namespace tradegraph::app {

/// Columns are of this rank's table slice. About 100 bytes a firm and 16 a link inside a cluster.
struct YearPanel {
  std::int64_t year = 0;
  std::int64_t clusters = 0;
  io::FirmTable firms;  ///< ids, places and bounds of the slice; no other column
  std::string planar_crs;
  std::vector<Label> labels;
  IndustryGroups groups;
  matrix::Triples links_inside;  ///< global numbers of firms of one cluster, any rank's
};

/// Collective over the replica group.
[[nodiscard]] YearPanel make_panel(const TradeNetwork& network, const YearClusters& clusters);

/// A column of the slices, for firms by number, whoever has them. Collective over `group`.
[[nodiscard]] std::vector<std::int64_t> look_up(const comm::Communicator& group, std::int64_t firms,
                                                const std::vector<std::int64_t>& slice,
                                                const std::vector<std::int64_t>& numbers);

}  // namespace tradegraph::app
