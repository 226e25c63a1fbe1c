#pragma once
/// Weakly connected components.
///
/// Definition: firms i and j are in one component if links, taken in either direction, lead from
/// one to the other; a firm without links is a component of its own. Components are numbered 0, 1,
/// ... by the smallest input row among their firms, so that labels depend on neither the order
/// along the curve nor the number of ranks. Weights and loops play no part.
///
/// Method: FastSV, a Shiloach-Vishkin variant of pointers to ever smaller firms: each round takes
/// the lowest grandparent among a firm's neighbours, hooks the firm's parent and the firm on it,
/// and shortcuts; it ends when no grandparent changes. Two forms of "lowest among the neighbours":
///   - GraphBLAS: `mxv` and `vxm` over (min, second);
///   - contracted (default): each rank first joins the links of its own block by a concurrent
///     union-find (`block_forest.hpp`) and then takes the lowest over the block's components, which
///     saves most rounds and all further visits to links; on one rank it is all there is to do.
///
/// Complexity: O(links / ranks) for the contraction, then O(n / R + n / C) a round on an R x C
/// grid; O(log n) rounds in practice. Memory: about 60 bytes a firm of the rank's row part, 20 of
/// its column part. Collective: a product's exchanges and one request and reply a round. Failure:
/// `ErrorKind::internal` unless A is square and `row` a permutation. References: Zhang, Azad & Hu
/// 2020, doi:10.1137/1.9781611976137.5 (FastSV); Sutton, Ben-Nun & Barak 2018,
/// doi:10.1109/IPDPS.2018.00012 (contraction).

#include <cstdint>

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/component_labels.hpp"

namespace tradegraph::kernels {

struct ComponentsConfig {
  bool contract_blocks = true;  ///< false: the plain GraphBLAS form
};

/// `row`: the input row of each firm, a permutation of 0 .. n-1 in any layout. Collective.
[[nodiscard]] Components components(const matrix::DistributedMatrix& a,
                                    const matrix::DistributedVector<std::int64_t>& row,
                                    const ComponentsConfig& config = {});

/// For networks whose firms are numbered in input order. Collective.
[[nodiscard]] Components components(const matrix::DistributedMatrix& a,
                                    const ComponentsConfig& config = {});

}  // namespace tradegraph::kernels
