#pragma once
/// Distances between the firms of each cluster, for all clusters in one go: what connectivity,
/// compactness and reach in distance form are made of.
///
///   pairs[d] = ordered pairs (i, j), i in the cluster, at distance d = 1, 2, ...:
///     inside    j in the cluster too, paths inside the cluster;
///     network   j in the cluster too, paths through the whole network;
///     outside   j in another cluster or in none, paths through the whole network.
///   connectivity         sum of inside pairs / (n (n - 1)); within k steps: those with d <= k
///   compactness          sum of inside[d] / d / (n (n - 1))
///   internal reach       sum of inside[d] / d / n;  normalised: divided by n - 1 as well,
///                        which makes it the compactness
///   external reach       sum of outside[d] / d / n
/// n: nodes, the members with any trade link anywhere. Distances are counted in links of U, in
/// either direction. Undefined where the denominator is 0. Borgatti 2006,
/// doi:10.1007/s10588-006-7084-x; Schilling & Phelps 2007, doi:10.1287/mnsc.1060.0624; Breschi &
/// Lenzi 2016, doi:10.1016/j.jue.2016.07.001.
///
/// All counts are integers, so figures are bit-identical at every rank count. Searches are those of
/// traversal/distance_batch.hpp on a copy of the links (inside: of the links inside) on each rank.

#include <cstdint>
#include <vector>

#include "engine/base/progress.hpp"
#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

/// One value a distance; element 0 is distance 1.
using PairsAt = std::vector<std::int64_t>;

/// One entry a cluster, the same on all ranks. Collective over all replicas.
[[nodiscard]] std::vector<PairsAt> pairs_inside(const matrix::DistributedMatrix& u,
                                                const matrix::DistributedVector<Label>& labels,
                                                std::int64_t clusters, ProgressSink& progress);

struct PairsThroughNetwork {
  std::vector<PairsAt> network;
  std::vector<PairsAt> outside;
};

/// Costs a search of the whole network from every member. Collective over all replicas.
[[nodiscard]] PairsThroughNetwork pairs_through_network(
    const matrix::DistributedMatrix& u, const matrix::DistributedVector<Label>& labels,
    std::int64_t clusters, ProgressSink& progress);

/// Pairs within `steps` links over n (n - 1).
[[nodiscard]] double connected_share(const PairsAt& pairs, std::int64_t nodes,
                                     std::size_t steps = SIZE_MAX);
/// sum of pairs[d] / d over n.
[[nodiscard]] double distance_reach(const PairsAt& pairs, std::int64_t nodes);
/// The same over n (n - 1).
[[nodiscard]] double compactness(const PairsAt& pairs, std::int64_t nodes);

}  // namespace tradegraph::kernels
