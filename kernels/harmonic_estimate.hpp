#pragma once
/// Harmonic closeness of every firm, estimated with a standard error: for networks that are too
/// large to search from every firm.
///
/// Definition: that of harmonic.hpp. Method: HyperBall (Boldi & Vigna 2013,
/// doi:10.1109/ICDMW.2013.10; Boldi, Rosa & Vigna 2011, doi:10.1145/1963405.1963493). A counter of
/// each firm (traversal/cardinality.hpp) estimates how many firms it reaches in at most t links,
/// and is the union of its partners' counters of t - 1 links; harmonic = sum over t of (growth at
/// t) / t.
///
/// The nearest few of each firm are counted exactly instead (traversal/near_ball.hpp), as far as
/// they are at most 32: firms that reach no more than that have exact values.
///
/// The whole is run several times with hashes of their own, as often as the error asked for needs;
/// the estimate is the mean. Its standard error follows from what is known of the counters rather
/// than from the spread of the runs, which too few runs would not tell: with V(n) the variance of a
/// counter of n firms (`counter_variance`) and N(t) the firms within t links,
///
///   standard_error^2 = sum over t of (V(N(t)) - V(N(t-1))) / t^2 / runs + (bias * estimate)^2
///
/// over the links beyond those counted exactly, since growth is nearly uncorrelated with what was
/// there before; and N(t) is one larger at the first of those links, since growth by a firm that no
/// counter noticed would have no variance. The bias of the counters, at most 0.2 % (`kCounterBias`)
/// of what is estimated, is what more runs do not lower. It is 0 where the value is exact. Errors
/// of firms that reach the same others go together. Depends on the seed alone, within rounding.
///
/// Distribution: every rank gathers the whole network; runs are dealt to ranks, firms to threads.
/// What is counted exactly is sent before, 16 bytes a firm, the sums at the end, nothing between.
/// Complexity: runs / ranks * diameter * links, each a maximum of 64 bytes, without firms whose
/// partners' counters no longer grow; at most 32^2 comparisons a firm / ranks for the nearest.
/// Memory a rank: 12 bytes a link, 184 bytes a firm.

#include <cstdint>

#include "engine/base/progress.hpp"
#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

struct HarmonicEstimateConfig {
  bool directed = true;
  bool normalised = false;
  double error = 0.05;  ///< relative standard error wanted: 1.04 / sqrt(64 runs)
  std::uint64_t seed = 1;

  /// Throws `ErrorKind::usage` unless the error lies in (0, 1).
  void validate() const;
  /// As the error needs, and at least 6, so that errors are nearly normal.
  [[nodiscard]] std::int64_t runs() const;
};

struct HarmonicEstimate {
  matrix::DistributedVector<double> score;           ///< in the row layout of the matrix
  matrix::DistributedVector<double> standard_error;  ///< likewise; 0 where the score is exact
  std::int64_t counters_joined = 0;                  ///< by all ranks
};

/// `a` is a pattern without diagonal. Collective over all replicas.
[[nodiscard]] HarmonicEstimate estimate_harmonic(const matrix::DistributedMatrix& a,
                                                 const HarmonicEstimateConfig& config,
                                                 ProgressSink& progress);

}  // namespace tradegraph::kernels
