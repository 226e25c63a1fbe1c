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
/// The whole is run several times with hashes of their own, as often as the error asked for needs:
/// the estimate is the mean, and its standard error comes from the spread of the runs (so it is
/// itself known to about 1 / sqrt(2 (runs - 1))). Depends on the seed alone, within rounding.
///
/// Distribution: every rank gathers the whole network; runs are dealt to ranks, firms to threads.
/// Nothing is sent until the sums at the end. Complexity: runs / ranks * diameter * links, each a
/// maximum of 64 bytes, without firms whose partners' counters no longer grow. Memory a rank: 12
/// bytes a link, 180 bytes a firm.

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
  /// As the error needs, and at least 6.
  [[nodiscard]] std::int64_t runs() const;
};

struct HarmonicEstimate {
  matrix::DistributedVector<double> score;           ///< in the row layout of the matrix
  matrix::DistributedVector<double> standard_error;  ///< likewise
  std::int64_t counters_joined = 0;                  ///< by all ranks
};

/// `a` is a pattern without diagonal. Collective over all replicas.
[[nodiscard]] HarmonicEstimate estimate_harmonic(const matrix::DistributedMatrix& a,
                                                 const HarmonicEstimateConfig& config,
                                                 ProgressSink& progress);

}  // namespace tradegraph::kernels
