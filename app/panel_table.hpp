#pragma once
/// panel.csv: the clusters of the reference year followed through all years.

#include <vector>

#include "app/year_match.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

/// A row for each agglomeration of `reference_year` and each year, by (agglomeration, year):
/// `reference_label` and `reference_name`, `year`, and of the agglomeration that matches it then
/// (by `reference_label` of `clusters`) `label`, figures of clusters.csv, and what came and went
/// since the year before. All cells after `year` are empty where there is none. `matches`: of each
/// year with the next, in order. Not collective.
[[nodiscard]] io::Table panel_table(const io::Table& clusters,
                                    const std::vector<YearMatch>& matches,
                                    std::int64_t reference_year);

}  // namespace tradegraph::app
