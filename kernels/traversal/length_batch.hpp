#pragma once
/// Shortest paths by length, one source after the other: Dijkstra's search (1959) with a radix
/// heap, then Brandes's accumulation (2001, doi:10.1080/0022250X.2001.9990249), which replays
/// what the search noted: arcs over which it came as near or nearer (noted_paths.hpp).
///
/// Path counts are double, and of any size where they exceed it. Memory: 56 bytes a vertex (40 with
/// short lengths) and 4 an arc, 64 a vertex more once counts of any size were needed.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

/// `lengths`: one an arc of `graph`, 1 or more. Both must outlive the batch.
[[nodiscard]] std::unique_ptr<PathBatch> make_length_batch(const PathGraph& graph,
                                                           std::span<const std::uint64_t> lengths);
[[nodiscard]] std::unique_ptr<PathBatch> make_length_batch(const PathGraph& graph,
                                                           std::span<const std::uint32_t> lengths);

/// The lengths in half the memory, if no path can be longer than 32 bits hold; none if one can.
[[nodiscard]] std::vector<std::uint32_t> short_lengths(std::span<const std::uint64_t> lengths,
                                                       std::int64_t vertices);

}  // namespace tradegraph::kernels
