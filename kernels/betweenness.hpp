#pragma once
/// Betweenness centrality of every firm: exact, directed or not, by links or by lengths.
///
/// Definition: b(v) = sum over sources s and targets t, s != v != t, of sigma(s,t,v) / sigma(s,t),
/// sigma(s,t) = number of shortest paths from s to t and sigma(s,t,v) those through v.
/// Undirected: each pair once (the sum is halved). Unnormalised, or divided by the number of pairs:
/// (n-1)(n-2) directed, half of it undirected; with endpoints n(n-1). With `sources`, only those s
/// are summed over, and undirected sums are halved as well, as igraph does; likewise with
/// `targets`. With `clusters`, only pairs count whose firms are in different clusters (firms in
/// none are in no pair): a firm's score says how much it stands between clusters.
///
/// Of links: b(e) = sum over s != t of sigma(s,t,e) / sigma(s,t), normalised by all n(n-1) pairs,
/// or half of them. Girvan & Newman 2002 (doi:10.1073/pnas.122653799); Brandes 2008
/// (doi:10.1016/j.socnet.2007.11.001), who has the subsets too.
///
/// Weighted: shortest paths by length = max(1, round(S / strength)) (or lengths as given) in 64-bit
/// fixed point, so that ties are exact (traversal/arc_lengths.hpp). S is chosen as fine as paths
/// allow, and returned.
///
/// Method: Brandes 2001 (doi:10.1080/0022250X.2001.9990249) on the 2-core, whose vertices carry the
/// mass of the trees that hang on them (traversal/folded_trees.hpp), from 32 neighbouring sources
/// at once (traversal/path_batch.hpp); by lengths, from one after the other
/// (traversal/length_batch.hpp). Path counts of any size keep double precision. Folding holds for
/// links, sources and targets, whose masses add up along a tree; between clusters they don't, so
/// the whole network is searched.
///
/// Distribution: every rank gathers the whole network, and batches of sources are dealt to all
/// threads of all ranks and replicas as they get free; nothing is sent until the end but a ticket a
/// batch. Where the network does not fit into `memory_bytes`, it stays in blocks, and the searches
/// are products of sparse matrices (betweenness_products.hpp).
///
/// Complexity: O(sources in the 2-core * links / ranks / threads). Memory a rank: about 24 bytes a
/// link, and for each thread 350 bytes a firm of the 2-core and 8 to 16 a link of it.
/// Results agree within 1e-9 (1 + |x|) between rank counts, threads and methods.
/// Failures: `ErrorKind::usage` for a source outside the network or settings out of range;
/// `ErrorKind::bad_input` for weights that are not positive and finite, or too large for the scale;
/// `ErrorKind::memory` where lengths do not fit into the memory allowed.

#include <cstdint>
#include <vector>

#include "engine/base/checkpoint.hpp"
#include "engine/base/progress.hpp"
#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/traversal/arc_lengths.hpp"
#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

enum class BetweennessMethod {
  automatic,  ///< batches if they fit into the memory allowed, else products
  batches,    ///< the whole network on every rank
  products    ///< blocks and sparse products
};

struct BetweennessConfig {
  bool directed = true;     ///< false: the matrix is symmetric and each pair counts once
  bool normalised = false;  ///< divide by the number of pairs
  bool endpoints = false;   ///< a path counts for its ends as well
  std::vector<std::int64_t> sources{};  ///< global indices, repeats ignored; empty = all firms
  std::vector<std::int64_t> targets{};  ///< likewise; batches only
  std::vector<Label> clusters{};  ///< of all firms: only pairs between them; empty = all pairs
  BetweennessMethod method = BetweennessMethod::automatic;
  bool weighted = false;                  ///< by the values of the links, which are real
  LinkValue value = LinkValue::strength;  ///< what they say
  double scale = 0;                       ///< S; 0 = as fine as paths allow
  std::int64_t memory_bytes = 0;          ///< a rank; 0 = no limit
  std::int64_t batch_size = 16;           ///< of the products: sources at once

  /// Throws `ErrorKind::usage`; `firms` is the size of the network.
  void validate(std::int64_t firms) const;
};

struct Betweenness {
  matrix::DistributedVector<double> score;                  ///< in the row layout of the matrix
  PathWork work;                                            ///< of all ranks; batches only
  BetweennessMethod method = BetweennessMethod::automatic;  ///< the one that was used
  double scale = 1;                                         ///< S, where links have lengths
};

/// Bytes a rank that batches on `threads` threads take for such a matrix, roughly. Collective.
[[nodiscard]] std::int64_t betweenness_bytes(const matrix::DistributedMatrix& a, int threads,
                                             bool folded = true);

/// `a` has no diagonal (`simple_pattern`, `undirected_pattern`, `undirected_weights`); its values
/// are read where `config.weighted`. With a `checkpoint`, the work can be stopped and resumed, at
/// any rank count (batches only). Collective over all replicas.
[[nodiscard]] Betweenness betweenness(const matrix::DistributedMatrix& a,
                                      const BetweennessConfig& config, ProgressSink& progress,
                                      Checkpoint* checkpoint = nullptr);

struct LinkBetweenness {
  WholeGraph links;           ///< of `a`, with global indices; on all ranks
  std::vector<double> score;  ///< one an arc of `links`; undirected: the same for both directions
  PathWork work;              ///< of all ranks
  double scale = 1;           ///< S, where links have lengths
};

/// Betweenness of every link, by batches, as `betweenness`: `config.endpoints` is not for links.
/// Memory: 8 bytes a link of the core and thread more, and 12 a link. Collective over all replicas.
[[nodiscard]] LinkBetweenness link_betweenness(const matrix::DistributedMatrix& a,
                                               const BetweennessConfig& config,
                                               ProgressSink& progress,
                                               Checkpoint* checkpoint = nullptr);

/// Factor from ordered pairs to what `config` asks for, in a network of `firms`.
[[nodiscard]] double betweenness_scale(const BetweennessConfig& config, std::int64_t firms);

}  // namespace tradegraph::kernels
