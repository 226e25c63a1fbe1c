#pragma once
/// Gatekeepers: the firms through which a cluster meets the rest of the network.
///
///   score(i) = min(share inside, share outside) k = min(k_in, k - k_in),
/// k partners of firm i in the whole network, k_in of them in its own cluster. A firm whose score
/// is 0 keeps no gate. Per cluster the `top` firms by score; tie: smaller input row. Integers, so
/// the same at every rank count. (Gatekeepers in the sense of Giuliani & Bell 2005,
/// doi:10.1016/j.respol.2004.10.008: strongly linked inside and outside.)

#include <cstdint>
#include <vector>

#include "kernels/cluster_links.hpp"

namespace tradegraph::kernels {

struct Gatekeeper {
  Label label = kNoCluster;
  std::int64_t row = 0;   ///< input row
  std::int64_t firm = 0;  ///< global number
  std::int64_t partners = 0;
  std::int64_t inside = 0;

  [[nodiscard]] std::int64_t outside() const { return partners - inside; }
  [[nodiscard]] std::int64_t score() const { return inside < outside() ? inside : outside(); }
};

/// By label, then by rank within it; the same on all ranks. `row`: the input row of each firm, in
/// the row layout. Cost: a sort of this rank's firms of positive score, one all-to-all and one
/// all-gather of at most `top` records a cluster. Collective; throws `ErrorKind::internal` for rows
/// in another layout or `top` below 0.
[[nodiscard]] std::vector<Gatekeeper> gatekeepers(
    const ClusterLinks& links, const matrix::DistributedVector<std::int64_t>& row,
    std::int64_t top = 10);

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Gatekeeper> : std::true_type {};
