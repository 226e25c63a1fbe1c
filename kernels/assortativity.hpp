#pragma once
/// Do well-connected firms trade with well-connected ones? Three forms, within each cluster.
///
/// With k the undirected degree within the cluster, S the sum of the partners' k, kbar = S / k,
/// over firms with k > 0:
///   slope    b of the least-squares line kbar = a + b k
///   pearson  correlation r(k, kbar)
///   newman   correlation of the degrees at both ends of a link, each link in both directions:
///            (M sum kS - (sum k^2)^2) / (M sum k^3 - (sum k^2)^2),  M = sum k
/// All degrees equal: all three undefined; kbar equal for all but not k: pearson undefined, slope
/// 0. Negative values are disassortative. (Newman 2002, doi:10.1103/PhysRevLett.89.208701; Crespo,
/// Suire & Vicente 2014, doi:10.1093/jeg/lbt006.)

#include <span>
#include <vector>

#include "kernels/cluster_links.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

struct Assortativity {
  double slope = kUndefined;
  double pearson = kUndefined;
  double newman = kUndefined;
};

/// One a cluster, the same on all ranks and bit-identical at every rank count: moments are exact
/// integers, deviations of the rational kbar are summed in fixed point. Cost: two all-reduces of 6
/// and 2 values a cluster. Collective.
[[nodiscard]] std::vector<Assortativity> assortativity(const ClusterLinks& links);

/// The same to the last bit where one rank knows all firms: their clusters (negative = none), k and
/// S, which are 0 outside clusters. Firms whose clusters are not asked for may have none, but keep
/// k. One thread; not collective.
struct LabelledDegrees {
  std::span<const std::int32_t> label;
  std::span<const std::int32_t> partners;
  std::span<const std::int64_t> partner_degrees;
};
[[nodiscard]] std::vector<Assortativity> assortativity(const LabelledDegrees& firms,
                                                       std::size_t clusters);
/// By which grid figures are summed where the largest k of all is this: by the same, clusters of
/// the same firms have the same figures to the last bit.
[[nodiscard]] int assortativity_grid(std::int64_t largest);

/// Of the whole network `u` (`undirected_pattern`), to the same last bit as `assortativity` of one
/// cluster of all firms, from one pass over its links and two over its firms: nothing directed is
/// looked at, no label. Memory: 12 bytes a row, over ranks 20 more and 4 a column of the block.
/// Collective; throws `ErrorKind::usage` from 2^32 firms on.
[[nodiscard]] Assortativity network_assortativity(const matrix::DistributedMatrix& u);

/// Correlation, over the directed links inside, of the supplier's out-degree with the buyer's
/// in-degree, both within the cluster; undefined where either does not vary. From exact integers.
/// (Newman 2003, doi:10.1103/PhysRevE.67.026126; igraph's `assortativity_degree(directed=True)`.)
/// Collective.
[[nodiscard]] std::vector<double> newman_directed(const ClusterLinks& links);

}  // namespace tradegraph::kernels
