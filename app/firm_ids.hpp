#pragma once
/// Ids of firms by global number.

#include "app/trade_network.hpp"

namespace tradegraph::app {

/// Of all firms, on every rank. Collective over the replica group.
[[nodiscard]] StringColumn all_ids(const TradeNetwork& network);

}  // namespace tradegraph::app
