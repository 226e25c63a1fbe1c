#pragma once
/// Reach of a cluster in share form: which share of its firms' partners lies inside.
///
///   share_in = sum w k_in / k over sum w,  over members with k > 0 partners in the whole network,
/// k_in of them inside; weights w: 1 (uniform), k (degree), amount sold and bought in the whole
/// network (amount). Undefined where the weights sum to 0. External reach = 100 (1 - share_in).

#include <vector>

#include "kernels/cluster_links.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

struct ShareReach {
  double uniform = kUndefined;
  double degree = kUndefined;
  double amount = kUndefined;  ///< also undefined for networks without amounts
};

/// One a cluster, the same on all ranks and bit-identical at every rank count (integers, and shares
/// in fixed point). Cost: one all-reduce of 6 values a cluster. Collective.
[[nodiscard]] std::vector<ShareReach> share_reach(const ClusterLinks& links);

/// Percent of the partners that lie outside.
[[nodiscard]] inline double external_reach(double share_in) { return 100 * (1 - share_in); }

}  // namespace tradegraph::kernels
