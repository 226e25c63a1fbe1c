#pragma once
/// Betweenness centrality in plain GraphBLAS form: for networks that no rank can hold whole, and
/// the clear reference that the faster form is tested against. Definition: betweenness.hpp.
///
/// Method (Brandes 2001, doi:10.1080/0022250X.2001.9990249), for k sources at once (Buluc & Gilbert
/// 2011, doi:10.1177/1094342011403516; the form of LAGraph's LAGr_Betweenness). F[d] is k x n
/// sparse with F[d](s,v) = sigma(s,v) for v at distance d of s:
///   F[d+1] = F[d] A, masked by not yet visited;
///   W[d](s,v) = (1 + delta(s,v)) / sigma(s,v) = 1 / F[d](s,v) + (W[d+1] A')(s,v), masked by F[d];
///   b(v) += sum over s and d >= 1 of F[d](s,v) (W[d+1] A')(s,v).
///
/// Distribution over an R x C grid: a rank owns the columns of F and W that the row layout gives
/// it. A level gathers them along the grid row, multiplies with the rank's block, and sends the
/// partial entries to their owners, which add and mask them. Replicas share the batches of sources.
/// Complexity: O(sources * links / ranks) plus the exchange of every frontier entry C times and of
/// its products. Memory a rank: about 2 k n / ranks bytes for the mask, 16 bytes for each of the up
/// to k n / ranks frontier entries, and the transposed matrix when directed.
/// Collective: two all-to-alls and an all-reduce a level and batch; one all-reduce over replicas.
/// Results agree within 1e-9 (1 + |x|) between rank counts.
/// Failures: `ErrorKind::usage` for a source outside the network or settings out of range;
/// `ErrorKind::bad_input` when path counts of one source at one distance differ by more
/// than 1e500; they may be of any size, since each level has a power of two for each source.

#include "kernels/betweenness.hpp"

namespace tradegraph::kernels {

/// `a` is a pattern without diagonal (`simple_pattern` or `undirected_pattern`); its values are
/// not read. Collective over all replicas.
[[nodiscard]] Betweenness betweenness_by_products(const matrix::DistributedMatrix& a,
                                                  const BetweennessConfig& config,
                                                  ProgressSink& progress);

}  // namespace tradegraph::kernels
