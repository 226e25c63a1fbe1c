#pragma once
/// A whole network on one rank, as adjacency lists of 32-bit vertices: what searches from many
/// sources run on. 4 bytes a link and 8 a firm: a million firms with 4.5 million links take 80 MB.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

using Vertex = std::uint32_t;

struct WholeGraph {
  std::vector<std::uint64_t> offsets{0};  ///< vertices + 1
  std::vector<Vertex> neighbours;         ///< ascending within a vertex

  [[nodiscard]] std::int64_t vertices() const {
    return static_cast<std::int64_t>(offsets.size()) - 1;
  }
  [[nodiscard]] std::int64_t arcs() const { return static_cast<std::int64_t>(neighbours.size()); }
  [[nodiscard]] std::uint64_t degree(Vertex v) const { return offsets[v + 1] - offsets[v]; }
  /// The vertex with the most arcs, the first of several; 0 without vertices.
  [[nodiscard]] Vertex busiest() const;
  [[nodiscard]] std::span<const Vertex> of(Vertex v) const {
    return {neighbours.data() + offsets[v], neighbours.data() + offsets[v + 1]};
  }
  /// Place of the arc from v to w, which there is, among all arcs.
  [[nodiscard]] std::size_t arc(Vertex v, Vertex w) const;
};

/// Every entry of `a` on every rank; vertices are global indices. Collective over the replica
/// group; sends 8 bytes an entry to each rank. Throws `ErrorKind::memory` for 2^32 rows or more.
[[nodiscard]] WholeGraph gather_whole(const matrix::DistributedMatrix& a);

/// Arcs reversed. O(vertices + arcs).
[[nodiscard]] WholeGraph reversed(const WholeGraph& graph);

/// Vertex i of the result is vertex `order[i]`; vertices that `order` lacks are left out.
[[nodiscard]] WholeGraph relabelled(const WholeGraph& graph, std::span<const Vertex> order);

/// All vertices, breadth first: from `first`, then from each vertex not yet reached, ascending.
/// Neighbours stand close together in it, and so do their shortest paths.
[[nodiscard]] std::vector<Vertex> breadth_first_order(const WholeGraph& graph, Vertex first);

}  // namespace tradegraph::kernels
