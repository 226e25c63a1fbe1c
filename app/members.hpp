#pragma once
/// members.csv back to labels of firms.

#include <cstdint>
#include <string>
#include <vector>

#include "app/trade_network.hpp"
#include "app/year_clusters.hpp"

namespace tradegraph::app {

/// Labels and groups of the network's firms as `path` says; firms that it does not name have none
/// (a note says how many), nor has any firm a group without a column `group`. Labels must be
/// 0 .. K - 1, each with a member. Collective over the replica group. Throws `ErrorKind::bad_input`
/// for what `io::read_members` refuses, firms that the network does not have (by line, the first
/// ten) and labels with gaps.
[[nodiscard]] YearClusters read_clusters(const TradeNetwork& network, const std::string& path);

/// Global numbers of the nodes that a text file names, one id a line; blank lines are none.
/// Collective over the replica group; the same on all ranks. Throws `ErrorKind::bad_input` for an
/// id that the network does not have or that stands there twice (by line, the first ten), and for a
/// file that names none.
[[nodiscard]] std::vector<std::int64_t> read_nodes(const TradeNetwork& network,
                                                   const std::string& path);

}  // namespace tradegraph::app
