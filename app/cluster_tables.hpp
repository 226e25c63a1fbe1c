#pragma once
/// The result tables of one or more years: clusters.csv, intercluster.csv and so on.
/// docs/formats.md explains every column.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "app/cluster_options.hpp"
#include "app/diagnosis.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

/// An indicator of a cluster, by its column in clusters.csv.
struct Indicator {
  std::string name;
  std::function<double(const Diagnosis&, std::size_t)> value;
};

/// Three that pull inwards and three that pull outwards, each in the variant that is asked for:
/// specialisation, hierarchy, internal_reach, related_variety, disassortativity, external_reach.
[[nodiscard]] std::vector<Indicator> six_indicators(const DiagnoseOptions& options);

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

/// The selected clusters (all, if none is) of a year as a table for people: the screening, and the
/// six indicators in the variant that is asked for.
[[nodiscard]] std::string describe_clusters(const Diagnosis& year, const DiagnoseOptions& options,
                                            std::size_t rows);
/// The largest flows between different clusters: by amount where there is one, then by links.
[[nodiscard]] std::string describe_flows(const Diagnosis& year, std::size_t rows);

}  // namespace tradegraph::app
