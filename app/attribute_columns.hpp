#pragma once
/// Columns of clusters.csv made from what the firms' file says of firms: competitiveness and
/// attribute heterophily. docs/formats.md explains each.

#include <string>
#include <vector>

#include "app/trade_network.hpp"
#include "io/table.hpp"
#include "kernels/cluster_sums.hpp"

namespace tradegraph::app {

/// Size class of a number of employees: 0 = below 5, 1 = 5 to 9, 2 = 10 to 49, 3 = 50 to 299,
/// 4 = 300 or more; -1 = not known (NaN or negative).
[[nodiscard]] std::int32_t size_class(double employees);
/// Age class: 0 = at most 3 years, 1 = 4 to 7, 2 = 8 to 19, 3 = 20 or more; -1 = not known (NaN or
/// negative).
[[nodiscard]] std::int32_t age_class(double years);
/// A start-up was founded at most so many years ago (Korea's law on supporting the founding of
/// businesses).
inline constexpr double kStartupYears = 7;

/// Employees, growth, money, patents, intensities, shares of start-ups and of suspended or closed
/// firms: one row a label, the same columns for every network; cells of what the network lacks are
/// empty. `labels` in the row layout. Collective over the replica group.
[[nodiscard]] std::vector<io::Column> competitiveness_columns(const TradeNetwork& network,
                                                              const kernels::Labels& labels,
                                                              std::int64_t clusters);

/// Share of links inside between different industry groups (`group`, in the row layout), sizes and
/// ages, likewise.
[[nodiscard]] std::vector<io::Column> heterophily_columns(
    const TradeNetwork& network, const kernels::Labels& labels, std::int64_t clusters,
    const matrix::DistributedVector<std::int32_t>& group);

}  // namespace tradegraph::app
