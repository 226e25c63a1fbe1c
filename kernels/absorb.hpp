#pragma once
/// Absorption: firms that trade with a cluster and lie in its region join it, in one round.
///
/// A candidate has a place and no cluster, whatever its group. A cluster claims it if the candidate
/// trades, in either direction, with a core or border member, and lies in the cluster's region:
/// `footprint`, within the absorb radius of a core member (any, not only the partner); `admin`, the
/// region code of a core member. Of several the one with most links (distinct directed pairs with
/// core or border members) wins, then the one with the nearest core, then the first by provisional
/// label.

#include "kernels/group_clusters.hpp"

namespace tradegraph::kernels {

/// Whether anyone can be absorbed. Where all placed firms are in one group, those within eps of a
/// core are border already: a footprint that reaches no further finds none.
[[nodiscard]] inline bool can_absorb(Absorb rule, bool in_one_group, double radius_m,
                                     double eps_m) {
  if (rule == Absorb::none) return false;
  return rule != Absorb::footprint || !in_one_group || radius_m > eps_m;
}

/// Writes provisional labels and the role `absorbed` into the directory's states. Collective: four
/// exchanges for the links, one there and back for the claims.
void absorb(const comm::Communicator& comm, FirmDirectory& directory, const TradePairs& trade,
            const GroupClusters& found, const IdentifyConfig& config);

}  // namespace tradegraph::kernels
