#pragma once
/// Networks between clusters as GraphML, for Gephi, igraph and networkx.

#include <string>

#include "engine/comm/communicator.hpp"
#include "io/table.hpp"

namespace tradegraph::io {

/// Writes a directed graph. The first column of `nodes` holds the ids, the first two of `edges` the
/// ids of source and target; all further columns are attributes (long, double or string), left out
/// where a cell is empty. The arguments of rank 0 count. Collective. Errors, on all ranks: `io`,
/// `internal` (no column of ids, an edge to an unknown node, infinite values).
void write_graphml(const comm::Communicator& comm, const std::string& path, const Table& nodes,
                   const Table& edges);

}  // namespace tradegraph::io
