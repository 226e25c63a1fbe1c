#pragma once
/// Betweenness of every firm within a guaranteed error, from random shortest paths.
///
/// With probability at least 1 - delta, the error of all firms at once is at most epsilon on the
/// normalised scale (pairs (n-1)(n-2), half of them undirected). Theorem 9 of Borassi & Natale 2019
/// (KADABRA, doi:10.1145/3284359), with the sample bound of Riondato & Kornaropoulos 2016
/// (doi:10.1007/s10618-015-0423-0); traversal/adaptive_bound.hpp.
///
/// Method: pairs of firms are drawn, and of each pair one of its shortest paths by two searches
/// that meet (traversal/path_sampler.hpp); the firms inside it count. Only pairs with links are
/// drawn, and undirected only in the 2-core by the mass that hangs on it, since what trees
/// contribute is known exactly: fewer samples are needed for the same error. Sampling stops as soon
/// as the bounds of all firms are below epsilon, which is looked at after fixed numbers of samples.
///
/// With `top` = K, sampling stops earlier: as soon as it is decided which firms are the K largest,
/// but for those that are tied within epsilon. The intervals of theorem 9 hold for all firms at
/// once at whatever moment one stops, so a firm is certain whose interval lies above those of all
/// but K - 1 others, and with probability 1 - delta all firms called certain are among the K
/// largest and all K largest are listed (the relaxed top-k problem of Borassi & Natale 2016,
/// doi:10.4230/LIPIcs.ESA.2016.20).
///
/// Every rank gathers the whole network; samples are dealt by number over ranks and threads, so
/// that the result depends on the seed alone. Where searching from every firm would scan fewer
/// links than the samples are expected to, that is done instead, and the result is exact. Memory a
/// rank: 40 bytes a link, 48 bytes a firm and thread. Collective over all replicas.

#include <cstdint>
#include <vector>

#include "engine/base/progress.hpp"
#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

struct ApproximateConfig {
  bool directed = true;
  bool normalised = false;
  double epsilon = 0.01;  ///< error on the normalised scale
  double delta = 0.1;     ///< probability that some firm's error is larger
  std::uint64_t seed = 1;
  std::int64_t top = 0;      ///< K; 0 = all firms within epsilon
  bool never_exact = false;  ///< sample even where searching all would be cheaper

  /// Throws `ErrorKind::usage` unless epsilon and delta lie in (0, 1) and K is not negative.
  void validate() const;
};

/// A firm that is, or may be, among the K largest. Where the result is exact, so are its bounds,
/// within rounding.
struct TopFirm {
  std::int64_t firm;  ///< global index
  double score;
  double lower;  ///< with probability 1 - delta, for all firms at once
  double upper;
  bool certain;  ///< among the K largest; else tied: both bounds are within epsilon of the score
};

struct ApproximateBetweenness {
  matrix::DistributedVector<double> score;  ///< in the row layout of the matrix
  bool exact = false;                       ///< searching all firms was cheaper
  std::int64_t samples = 0;                 ///< drawn, those of the first run included
  double error = 0;                         ///< bound reached, on the normalised scale
  std::int64_t arcs_scanned = 0;
  std::vector<TopFirm> top{};  ///< K or more, the largest score first; the same on all ranks
};

/// `a` is a pattern without diagonal.
[[nodiscard]] ApproximateBetweenness approximate_betweenness(const matrix::DistributedMatrix& a,
                                                             const ApproximateConfig& config,
                                                             ProgressSink& progress);

}  // namespace tradegraph::kernels
