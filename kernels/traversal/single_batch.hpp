#pragma once
/// Shortest paths by links, one source after the other: a plain breadth-first search whose notes
/// Brandes's accumulation replays. Where sources share next to nothing, as in small components,
/// long cycles and meshes, a row of 32 lanes a vertex costs more than it saves, and this is faster.
///
/// Path counts are double, and of any size where they exceed it. Memory: 40 bytes a vertex and 4 an
/// arc, 64 a vertex more once counts of any size were needed.

#include <memory>

#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

/// `graph` must outlive the batch.
[[nodiscard]] std::unique_ptr<PathBatch> make_single_batch(const PathGraph& graph);

}  // namespace tradegraph::kernels
