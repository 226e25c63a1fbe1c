#pragma once
/// Harmonic closeness of every firm, exact: h(i) = sum over j != i of 1 / d(i,j), along the links
/// from i (directed) or in either direction; firms out of reach add 0. Unnormalised, or divided by
/// n - 1. Marchiori & Latora 2000, doi:10.1016/S0378-4371(00)00311-3.
///
/// Method: searches from 64 sources at once (traversal/distance_batch.hpp) on every rank's copy of
/// the network, dealt over all threads of all ranks; in undirected networks a firm with one partner
/// takes its distances from the partner's. The counts of firms at each distance are integers, and
/// are summed nearest first: the same to the last bit at every rank count.
/// Complexity: about 2.5/64 scans of all links a source. Memory a rank: 24 bytes a link, 28 bytes a
/// firm and thread.

#include "engine/base/checkpoint.hpp"
#include "engine/base/progress.hpp"
#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

struct HarmonicConfig {
  bool directed = true;     ///< false: the matrix is symmetric
  bool normalised = false;  ///< divide by n - 1
};

struct Harmonic {
  matrix::DistributedVector<double> score;  ///< in the row layout of the matrix
  std::int64_t sources = 0;                 ///< searched from
  std::int64_t arcs_scanned = 0;            ///< by all ranks
};

/// `a` is a pattern without diagonal. Collective over all replicas.
[[nodiscard]] Harmonic harmonic(const matrix::DistributedMatrix& a, const HarmonicConfig& config,
                                ProgressSink& progress, Checkpoint* checkpoint = nullptr);

}  // namespace tradegraph::kernels
