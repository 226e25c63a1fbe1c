#pragma once
/// PageRank: the share of time that a random walker along the links spends at each firm.
///
/// Definition, with damping d, link values w (pattern: 1) and out strength s(j) = sum_i w(j -> i):
///   r(i) = (1 - d) / n + d * ( sum over j -> i of w(j -> i) r(j) / s(j)  +  D / n ),
///   D = sum of r(j) over firms with s(j) = 0 ("dangling": their mass is spread evenly).
/// The result sums to 1; isolates get their share. Iterates from r = 1 / n until the L1 norm of the
/// change, sum over i of |r_new(i) - r(i)|, is at most `tolerance`; the error that is left is then
/// at most d / (1 - d) times that.
///
/// A symmetric matrix has real eigenvalues, within [-d, d] once damped; then Chebyshev's semi-
/// iteration (Golub & Varga 1961, doi:10.1007/BF01386013) saves half of the iterations or more:
/// r_next = r_before + w (r_new - r_before) with w = 1, 1 / (1 - d^2 / 2), 1 / (1 - d^2 w / 4), ...
/// It begins where plain iteration gains less than it: at first most of the change dies at once.
/// The same change, that of r, decides when to stop; r is the result, and its error at most
/// 1 / (1 - d) times that.
///
/// One pass over the rows of the transposed matrix an iteration (pull), which takes in the shares
/// of the suppliers and at once the change and the next share of the firm itself; over ranks,
/// shares and partial sums travel to and from the rows and columns that have entries only
/// (`engine/matrix/block_exchange.hpp`). The GraphBLAS form is `pagerank_products.hpp`.
/// Complexity: O(links / ranks + n / R + n / C) a rank and iteration on an R x C grid; at most
/// about log(tolerance) / log(d) iterations (142 by default; half if symmetric). Memory: 4 bytes a
/// link and 60 a row and column of the block. Collective: two exchanges and one all-reduce of two
/// values an iteration. Threads do not show in the result; ranks may in the last bits: results
/// agree within 1e-9. Reference: Page, Brin, Motwani & Winograd 1999 (Stanford InfoLab 1999-66);
/// the even spreading of dangling mass: Langville & Meyer 2004, doi:10.1080/15427951.2004.10129091.

#include <cstdint>

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

struct PageRankConfig {
  double damping = 0.85;     ///< in [0, 1)
  double tolerance = 1e-10;  ///< L1 change at which iteration stops, > 0
  std::int64_t max_iterations = 1000;
  /// The matrix is, in pattern and values. If it is not, iteration may not converge; the bound of
  /// the error holds all the same.
  bool symmetric = false;

  /// Throws `ErrorKind::usage`.
  void validate() const;
};

struct PageRank {
  matrix::DistributedVector<double> rank;  ///< row layout of the matrix; sums to 1
  std::int64_t iterations = 0;
  double change = 0;  ///< L1 change of the last iteration
};

/// `transposed` has an entry (i, j) for each link j -> i, i the firm that receives rank; for
/// undirected PageRank it is the symmetric matrix. Values other than pattern are weights.
/// Collective. Throws `ErrorKind::usage` if it has not converged after `max_iterations`,
/// `bad_input` for weights that are negative or not finite.
[[nodiscard]] PageRank pagerank(const matrix::DistributedMatrix& transposed,
                                const PageRankConfig& config = {});

/// Collective; throws `ErrorKind::internal` unless the matrix is square, `bad_input` if weights are
/// negative or not finite on any rank.
void require_usable_weights(const matrix::DistributedMatrix& transposed);

/// Throws `ErrorKind::usage`: what to do about it.
[[noreturn]] void refuse_unconverged(const PageRank& result, const PageRankConfig& config);

}  // namespace tradegraph::kernels
