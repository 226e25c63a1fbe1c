#pragma once
/// The typology as columns of clusters.csv.

#include <string>

#include "app/cluster_options.hpp"
#include "app/provenance.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

/// Adds, before `lon`: the distance to the centroid of each type, `missing_indicators`, the type
/// under each choice of reach (`type_distance_share`: inside by distance, outside by share), then
/// `centripetal`, `centrifugal` and `type`. Typed are the clusters over which z-scores are taken
/// (`population`), all years together or each for itself (`pooled`); the cells of the others are
/// empty, and so is the type of a cluster that lacks an indicator, which `missing_indicators`
/// names. Records loadings, explained variance, centroids, silhouette and the agreement of the
/// choices; returns them as a table for people. Not collective.
std::string add_types(io::Table& clusters, const DiagnoseOptions& options, Provenance& provenance);

}  // namespace tradegraph::app
