#pragma once
/// What every firm is in the nationwide network: the rows of firms.csv.

#include "app/cluster_options.hpp"
#include "app/context.hpp"
#include "app/trade_network.hpp"
#include "io/table.hpp"
#include "kernels/cluster_sums.hpp"

namespace tradegraph::app {

/// Whether `option` ("yes", "no", "auto") asks for exact betweenness of all firms here. Collective.
[[nodiscard]] bool wants_betweenness(const TradeNetwork& network, const std::string& option);

/// This rank's slice, in input order: year, id, label, degree, in_degree, out_degree, betweenness,
/// pagerank, partners. Directed and unweighted; betweenness unnormalised, empty if not asked for.
/// Collective over all ranks.
[[nodiscard]] io::Table firm_table(const Context& context, const TradeNetwork& network,
                                   const kernels::Labels& labels, const DiagnoseOptions& options);

}  // namespace tradegraph::app
