#pragma once
/// Uniformly random shortest paths between two vertices, by two searches that meet: the sampler of
/// KADABRA (Borassi & Natale 2019, doi:10.1145/3284359). In networks with a heavy tail of degrees
/// it scans about the square root of all links.

#include <cstdint>
#include <vector>

#include "engine/base/random.hpp"
#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::kernels {

/// Memory: 24 bytes a vertex. One thread.
class PathSampler {
 public:
  /// `backward` is `forward` with its arcs reversed (the same graph if undirected). Both must
  /// outlive the sampler.
  PathSampler(const WholeGraph& forward, const WholeGraph& backward);

  /// The inner vertices of a random shortest path from `source` to `target`, in no order; empty if
  /// they are adjacent, the same, or not joined. Uses the numbers of `random` from `index` on.
  [[nodiscard]] const std::vector<Vertex>& sample(Vertex source, Vertex target,
                                                  const CounterRandom& random, std::uint64_t index);

  [[nodiscard]] std::int64_t arcs_scanned() const { return arcs_scanned_; }

 private:
  /// What is known of a vertex, which one search at most has reached: both in one look-up.
  struct Reached {
    double paths = 0;
    std::int32_t place = kNowhere;  ///< 2 level + side
  };
  static constexpr std::int32_t kNowhere = -2;

  /// One of the two searches.
  struct Side {
    std::int32_t number;
    const WholeGraph* onward;
    const WholeGraph* back;
    std::vector<Vertex> reached{};  ///< in order; the last level begins at `frontier`
    std::size_t frontier = 0;
    std::uint64_t frontier_arcs = 0;
  };
  /// An arc that joins the two searches.
  struct Crossing {
    Vertex near;  ///< on the side that found it
    Vertex far;
    double paths;
  };

  void start(Side& side, Vertex from);
  void expand(Side& side);
  void walk_back(const Side& side, Vertex from, const CounterRandom& random, std::uint64_t& index);
  void reset(const Side& side);
  [[nodiscard]] const Crossing& choose(double u) const;

  Side out_;
  Side in_;
  std::vector<Reached> at_;
  std::vector<Crossing> crossings_;
  std::vector<Vertex> path_;
  std::int64_t arcs_scanned_ = 0;
};

}  // namespace tradegraph::kernels
