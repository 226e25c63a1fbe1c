#pragma once
/// trace.csv: why each agglomeration is a cluster or not, and why it has its type.

#include "app/cluster_options.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

/// `clusters`: clusters.csv with types. One row for each of its rows: `year`, `label`, `name`,
/// `selected`, `why_selected`, `type`, `why_type`; the reasons are sentences that quote the figures
/// they rest on. In years other than `reference_year` selection is the match's. Not collective.
[[nodiscard]] io::Table trace_table(const io::Table& clusters, const SelectOptions& select,
                                    const DiagnoseOptions& options, std::int64_t reference_year);

}  // namespace tradegraph::app
