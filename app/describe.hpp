#pragma once
/// Words for people about what a file holds.

#include <string>

#include "app/trade_network.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::app {

/// One line a reason for which rows were dropped; empty when none were.
[[nodiscard]] std::string describe_dropped(const io::SnapshotMetadata& metadata);

/// Sizes, shares of firms without and with one partner, mean and largest degree. Collective.
[[nodiscard]] std::string describe_degrees(const TradeNetwork& network);

}  // namespace tradegraph::app
