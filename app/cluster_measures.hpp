#pragma once
/// The kernels of `tradegraph measure` that give figures of clusters, or of the whole network as
/// one: name,value without `--members`, with it one row a label.

#include "app/measures.hpp"

namespace tradegraph::app {

/// Collective over all ranks, as all of these.
[[nodiscard]] MeasureResult assortativity_of_clusters(const Context& context,
                                                      const TradeNetwork& network,
                                                      const MeasureOptions& options);
[[nodiscard]] MeasureResult hierarchy_of_clusters(const Context& context,
                                                  const TradeNetwork& network,
                                                  const MeasureOptions& options);
/// Share form always; distance form inside clusters, and through the network where asked for.
[[nodiscard]] MeasureResult reach_of_clusters(const Context& context, const TradeNetwork& network,
                                              const MeasureOptions& options);
/// label, clustering, transitivity, triangles: one row a cluster of `--members`.
[[nodiscard]] MeasureResult clustering_of_clusters(const TradeNetwork& network,
                                                   const MeasureOptions& options);

}  // namespace tradegraph::app
