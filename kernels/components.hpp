#pragma once
/// Weakly connected components.
///
/// Definition: firms i and j are in one component if links, taken in either direction, lead from
/// one to the other; a firm without links is a component of its own. Components are numbered 0, 1,
/// ... by the smallest input row among their firms, so that labels depend on neither the order
/// along the curve nor the number of ranks. Weights and loops play no part.
///
/// Method: each rank joins the firms of its block's links in a union-find of all n firms, and ranks
/// join their forests pairwise (`block_forest.hpp`). Components of two firms or more are then
/// numbered from a table that all ranks share (`component_labels.hpp`). The plain GraphBLAS form
/// is FastSV, a Shiloach-Vishkin variant of pointers to ever smaller firms: each round takes the
/// lowest grandparent among a firm's neighbours by `mxv` and `vxm` over (min, second), hooks the
/// firm's parent and the firm on it, and shortcuts; it ends when no grandparent changes.
///
/// Complexity: O(links / ranks + n log(ranks)); memory: 4 bytes and some bits a firm of the whole
/// network, 16 bytes a firm of this rank; sent and received in each of log2(ranks) rounds: a bit a
/// firm of the network and 8 bytes for each that is in a smaller component, not alone. FastSV:
/// O(links / ranks + n / R + n / C) a round, O(log n) rounds in practice, memory O(n / R + n / C).
/// Collective. Failure: `ErrorKind::internal` unless A is square, and as of `number_components`.
/// References: Sutton, Ben-Nun & Barak 2018, doi:10.1109/IPDPS.2018.00012 (Afforest); Zhang, Azad &
/// Hu 2020, doi:10.1137/1.9781611976137.5 (FastSV).

#include <cstdint>

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/component_labels.hpp"

namespace tradegraph::kernels {

struct ComponentsConfig {
  bool by_forests = true;  ///< false: FastSV, the plain GraphBLAS form
};

/// `row`: the input row of each firm, a permutation of 0 .. n-1 in any layout. Collective.
[[nodiscard]] Components components(const matrix::DistributedMatrix& a,
                                    const matrix::DistributedVector<std::int64_t>& row,
                                    const ComponentsConfig& config = {});

/// For networks whose firms are numbered in input order. Collective.
[[nodiscard]] Components components(const matrix::DistributedMatrix& a,
                                    const ComponentsConfig& config = {});

}  // namespace tradegraph::kernels
