#pragma once
/// Which firms the links join: on one rank by the links of its block, then over ranks.

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/union_find.hpp"

namespace tradegraph::kernels {

/// Firms as elements of a forest: 32 bits below 2^32 firms.
template <class Index>
using FirmForest = BasicUnionFind<Index>;

/// Joins the two firms of each link of this rank's block, in a forest of all n firms. Two links of
/// each row are taken first, of which one costs a write only: they join most of the giant
/// component, and links between firms of it are passed over (Sutton, Ben-Nun & Barak 2018,
/// doi:10.1109/IPDPS.2018.00012; here a bit a firm says which these are, as links stand with one
/// end only). These bits are shared with other ranks, so a forest may lack links between firms that
/// are connected in the forests of all. By hand because GraphBLAS has no union-find; the plain
/// GraphBLAS form stands beside it in `components.cpp`. O(entries + n), all threads; sizeof(Index)
/// bytes a firm and some bits. Collective.
template <class Index>
[[nodiscard]] FirmForest<Index> block_forest(const matrix::DistributedMatrix& a);

/// Joins the forests of all ranks: each ends with the same sets. By recursive doubling:
/// log2(ranks) rounds, in each of which a rank swaps with another one a bit a firm, for the giant
/// component, and 2 sizeof(Index) bytes for each firm below another one outside it, which are held
/// up to three times; O(n) a round. Collective over `group`.
template <class Index>
void merge_forests(const comm::Communicator& group, FirmForest<Index>& forest);

}  // namespace tradegraph::kernels
