#pragma once
/// Hierarchy of a cluster: how steeply degrees fall with rank, for all clusters.
///
///   log k = log C + a log rank,  rank 1 the largest degree k,  over firms with k > 0
/// by ordinary least squares; reported is -a (steeper = more hierarchical) and R squared. k is the
/// undirected degree within the cluster. Fewer than 2 firms with k > 0: both undefined; all degrees
/// equal: 0, R squared undefined. (Crespo, Suire & Vicente 2014, doi:10.1093/jeg/lbt006.)
///
/// Computed from the exact degree counts of each cluster, brought to one rank a cluster and summed
/// there from the largest degree to the smallest: bit-identical at every rank count.

#include <span>
#include <vector>

#include "kernels/cluster_links.hpp"
#include "kernels/label_tally.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

/// Ranks of firms of equal degree: consecutive ones, or the mean of those for all.
enum class TieRule { ordinal, average };

struct Hierarchy {
  double hierarchy = kUndefined;  ///< -a
  double r_squared = kUndefined;
};

/// One a cluster, the same on all ranks. Cost: a pass over this rank's firms by all threads, one
/// all-to-all of the distinct (label, degree) pairs, and on the rank of each cluster two sums over
/// its ranks (ordinal) or distinct degrees (average), clusters in parallel; logarithms of the ranks
/// of the largest cluster, once. Memory: 8 bytes a firm of this rank and of the largest cluster.
/// Collective.
[[nodiscard]] std::vector<Hierarchy> hierarchy(const ClusterLinks& links,
                                               TieRule ties = TieRule::ordinal);

/// Of one cluster, ordinal, from how many of its firms have each degree above 0, degrees ascending.
/// The same value to the last bit. Not collective.
[[nodiscard]] Hierarchy hierarchy_of(std::span<const Tally> degrees);

}  // namespace tradegraph::kernels
