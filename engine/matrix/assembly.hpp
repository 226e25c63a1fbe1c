#pragma once
/// Entries with global indices to the entries of this rank's block.

#include "engine/comm/process_grid.hpp"
#include "engine/matrix/handles.hpp"
#include "engine/matrix/layout.hpp"

namespace tradegraph::matrix {

/// Sends each of this rank's `entries` to the rank of its block, and returns what arrives with
/// local indices. Collective over the replica group; sends each entry once. Throws
/// `ErrorKind::internal` on all ranks for an index out of range.
[[nodiscard]] Triples local_entries(const comm::ProcessGrid& grid, const Layout& rows,
                                    const Layout& columns, ValueType type, const Triples& entries);

}  // namespace tradegraph::matrix
