#pragma once
/// What every firm is in the nationwide network: the rows of firms.csv.

#include "app/context.hpp"
#include "app/trade_network.hpp"
#include "io/table.hpp"
#include "kernels/cluster_sums.hpp"

namespace tradegraph::app {

/// Whether `option` ("yes", "no", "auto") asks for exact betweenness of all firms here. Collective.
[[nodiscard]] bool wants_betweenness(const TradeNetwork& network, const std::string& option);

/// Exact betweenness of every firm, directed, unweighted, unnormalised: by far the longest work on
/// a large network, so it says on stderr that it has begun. `checkpoint` is where it is kept while
/// it is unfinished, every ten minutes and when a signal asks to stop; empty = nowhere. Collective
/// over all ranks.
[[nodiscard]] matrix::DistributedVector<double> firm_betweenness(const Context& context,
                                                                 const TradeNetwork& network,
                                                                 const std::string& checkpoint);
/// The same, not defined for any firm.
[[nodiscard]] matrix::DistributedVector<double> no_betweenness(const TradeNetwork& network);

/// This rank's slice, in input order: year, id, label, degree, in_degree, out_degree, betweenness,
/// pagerank, partners. Directed and unweighted. Collective over all ranks.
[[nodiscard]] io::Table firm_table(const TradeNetwork& network, const kernels::Labels& labels,
                                   const matrix::DistributedVector<double>& betweenness);

}  // namespace tradegraph::app
