#pragma once
/// A value of every link as a table.

#include <span>

#include "app/trade_network.hpp"
#include "io/table.hpp"
#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::app {

/// source, target, value: this rank's slice of the links, sorted by the input rows of their ends.
/// Undirected: one row a link, of the two that `links` has, with the end that the input names first
/// as source. `links` has global numbers of firms, `value` one an arc; both the same on all ranks.
/// Collective over the replica group; every rank holds all ids for a while.
[[nodiscard]] io::Table link_table(const TradeNetwork& network, const kernels::WholeGraph& links,
                                   std::span<const double> value, bool directed);

}  // namespace tradegraph::app
