#pragma once
/// Triangles of the undirected network: for every firm, the pairs of its partners that are partners
/// themselves.
///
/// Definition: t(i) = number of {j, k} with U[i,j] = U[i,k] = U[j,k] = 1; the sum of t is three
/// times the number of triangles. Exact 64-bit integers. Weights play no part.
///
/// Algebra: order firms by (degree, number) and let D be the entries of U that lead upwards, so
/// that no firm has more than sqrt(2 links) links out. Two forms:
///   - GraphBLAS: t = (C 1) with C<U> = U D over (plus, pair): C[i,j] counts the k before j, so
///   that
///     each pair of partners is seen once at i;
///   - by lists (default): every triangle is found once, in C<D> = D D, and added at its three
///     corners; the inner loop is `triangle_lists.hpp`, several times faster than the products.
/// Both run in the stages of `engine/matrix/product_stages.hpp` on any grid (Tom & Karypis 2019,
/// doi:10.1145/3337821.3337853, on a square grid).
///
/// Complexity: sum over links i -> k of D of the links out of k, divided by the ranks; at most
/// links^1.5. Links are looked up 1 / max(R, C) of them a rank on an R x C grid. Memory a rank: D
/// (4 bytes a link and 8 a row; over ranks, 12 more a link), a piece of it a stage, three counts a
/// firm of the rank's rows, columns and stage. Collective: a broadcast and a gather of D's blocks
/// and one reduction of n / max(R, C) counts a stage. Failure: `ErrorKind::internal` unless U is
/// square.

#include <cstdint>

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/triangle_lists.hpp"

namespace tradegraph::kernels {

struct TrianglesConfig {
  bool by_lists = true;  ///< false: the plain GraphBLAS form
};

struct Triangles {
  matrix::DistributedVector<std::int64_t> of_firm;  ///< in the row layout
  std::int64_t total = 0;                           ///< each triangle once
  TriangleWork work;                                ///< of all ranks; by lists only
};

/// `u`: symmetric without a diagonal (`undirected_pattern`). Collective over the replica group.
[[nodiscard]] Triangles triangles(const matrix::DistributedMatrix& u,
                                  const TrianglesConfig& config = {});

}  // namespace tradegraph::kernels
