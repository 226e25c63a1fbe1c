#pragma once
/// How much of a cluster takes part in its trade: inclusiveness and density, for all clusters.
///
///   nodes          members with any trade link anywhere
///   linked         members with a trade link inside the cluster
///   inclusiveness  linked / nodes
///   density        links / (nodes (nodes - 1)), links counted as directed pairs inside; and the
///                  same for pairs in either direction over nodes (nodes - 1) / 2
/// Undefined where the denominator is 0. All from integers, hence exact up to one division.

#include <vector>

#include "kernels/cluster_links.hpp"

namespace tradegraph::kernels {

struct Inclusiveness {
  std::int64_t firms = 0;
  std::int64_t nodes = 0;
  std::int64_t linked = 0;
  std::int64_t links = 0;             ///< directed pairs inside
  std::int64_t undirected_links = 0;  ///< pairs with a link in either direction
  double inclusiveness = 0;
  double density = 0;
  double undirected_density = 0;
};

/// One a cluster, the same on all ranks. Cost: one all-reduce of 5 integers a cluster. Collective.
[[nodiscard]] std::vector<Inclusiveness> inclusiveness(const ClusterLinks& links);

}  // namespace tradegraph::kernels
