#pragma once
/// gatekeepers.csv: the firms through which each cluster meets the others.

#include <string>
#include <utility>
#include <vector>

#include "app/trade_network.hpp"
#include "io/table.hpp"
#include "kernels/gatekeepers.hpp"

namespace tradegraph::app {

/// A gatekeeper by name.
struct NamedGatekeeper {
  kernels::Gatekeeper firm;
  std::string id;
};

/// The first `top` firms of each cluster, by label and rank, the same on all ranks. Collective over
/// the replica group.
[[nodiscard]] std::vector<NamedGatekeeper> named_gatekeepers(const TradeNetwork& network,
                                                             const kernels::ClusterLinks& links,
                                                             std::int64_t top);

/// One row a gatekeeper, year after year.
[[nodiscard]] io::Table gatekeepers_table(
    const std::vector<std::pair<std::int64_t, std::vector<NamedGatekeeper>>>& years);

}  // namespace tradegraph::app
