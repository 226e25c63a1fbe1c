#pragma once
/// Core numbers: how deep in the network's core a firm lies.
///
/// Definition: the k-core is the largest set of firms each of which has at least k partners in the
/// set; the core number of a firm is the largest k whose core it belongs to, 0 for a firm without
/// partners (Seidman 1983, doi:10.1016/0378-8733(83)90028-X). For directed links the in-core counts
/// suppliers within the set instead of partners, the out-core buyers.
///
/// Method: peeling, level by level. While any firm has at most k links left it is taken away, with
/// core number k, and its partners have one link less; all such firms at once in one round
/// (Dasari, Ranjan & Zubair 2014, doi:10.1109/BigData.2014.7004366; levels that no firm is at are
/// skipped). Rounds are steps along links (`link_steps.hpp`), each firm is spread once and each
/// link visited once. By hand, not by products: a round concerns a few firms, and there are
/// hundreds of rounds.
///
/// Complexity: O(links / ranks + sum of core numbers / ranks) work; as many rounds as the longest
/// chain of firms that go one after the other, each a few messages along a grid row and column and
/// one all-reduce. Memory: 24 bytes a firm, 8 a column of the block where it has several rows of
/// ranks. Loops count as a link each: drop them first. Collective. Failure: `ErrorKind::internal`
/// unless the matrix is square.

#include <cstdint>

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

/// Of each firm, in the row layout. `u`: symmetric (`undirected_pattern`); values play no part.
[[nodiscard]] matrix::DistributedVector<std::int64_t> core_number(
    const matrix::DistributedMatrix& u);

/// In-core numbers of directed links, in the row layout; those of `a.transpose()` are the out-core
/// numbers of `a`.
[[nodiscard]] matrix::DistributedVector<std::int64_t> in_core_number(
    const matrix::DistributedMatrix& a);

}  // namespace tradegraph::kernels
