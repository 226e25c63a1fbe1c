#pragma once
/// The result tables of one or more years: clusters.csv, intercluster.csv and so on.
/// docs/formats.md explains every column.

#include <vector>

#include "app/cluster_options.hpp"
#include "app/diagnosis.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

/// One row an agglomeration and year, with z-scores over the reference population.
[[nodiscard]] io::Table clusters_table(const std::vector<Diagnosis>& years,
                                       const DiagnoseOptions& options);
/// One row a pair of clusters (or -1) and year that trade.
[[nodiscard]] io::Table intercluster_table(const std::vector<Diagnosis>& years);
/// One row a cluster and year: its place in the network between clusters. Not collective: the
/// network is small, every rank computes it for itself.
[[nodiscard]] io::Table intercluster_nodes_table(const std::vector<Diagnosis>& years);
[[nodiscard]] io::Table composition_table(
    const std::vector<std::pair<std::int64_t, std::vector<CompositionRow>>>& years);

/// The selected clusters (all, if none is) of a year as a table for people.
[[nodiscard]] std::string describe_clusters(const Diagnosis& year, std::size_t rows);
/// The largest flows between different clusters.
[[nodiscard]] std::string describe_flows(const Diagnosis& year, std::size_t rows);

/// "Seoul C26": region and main group, as far as they are known.
[[nodiscard]] std::string cluster_name(const Diagnosis& year, std::int64_t label);

}  // namespace tradegraph::app
