#pragma once
/// How the sources of a network are searched: in batches of lanes, or one by one.

#include <cstdint>
#include <vector>

#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

/// The sources in the order of their batches.
struct SearchPlan {
  struct Batch {
    std::size_t begin;  ///< among the sources
    std::size_t end;
    bool in_lanes;
  };
  std::vector<Vertex> sources;
  std::vector<Batch> batches;
};

/// Sources in components of a few dozen vertices are searched one by one. The others go into
/// batches of lanes, like with like (source_order.hpp), unless a look at some of these batches says
/// that their sources share too little for that, as in meshes and long cycles: where a batch needs
/// more row operations than a sixth of the arcs that searches one by one would scan.
///
/// The same on every rank; not collective. O(vertices + arcs + sources log sources), and the
/// searches of up to four batches.
[[nodiscard]] SearchPlan plan_searches(const PathGraph& graph, const std::vector<Vertex>& sources);

/// By length, which is one by one.
[[nodiscard]] SearchPlan plan_length_searches(std::vector<Vertex> sources);

}  // namespace tradegraph::kernels
