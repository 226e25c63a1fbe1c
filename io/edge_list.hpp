#pragma once
/// Networks given as links only: edge-list CSV, and what readers of links return.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

/// Links as each rank happened to read them, with repeats and self-loops as in the file; links of
/// rank r precede those of rank r + 1.
struct EdgeList {
  std::int64_t nodes = 0;
  /// A link stands for both directions and is listed once.
  bool symmetric = false;
  std::vector<std::int64_t> source;  ///< numbers of nodes, from 0
  std::vector<std::int64_t> target;
  std::vector<double> weight;  ///< parallel to `source`; empty if the file has none
  /// The first weight below 0, as "FILE:LINE: ...", for whoever needs a strength; the same on all
  /// ranks, empty if there is none.
  std::string negative_weight;
  /// Ids of this rank's slice of the nodes (`Slices(nodes, ranks)`), in the order of their numbers.
  StringColumn ids;
};

/// Reads a CSV with header and the columns `source`, `target` and, where it has one, `weight`
/// (others are left out). Nodes are numbered by first appearance, the source before the target of a
/// row, at any number of ranks. Collective; threads of a rank share its part of the file. Cost: the
/// file once; ids move once to the rank that their hash names, and once to their slice. Errors, on
/// all ranks: `bad_input` with file and line (missing file or column, empty id, weight that is no
/// finite number, broken quoting, invalid UTF-8), the first ten shown, all counted.
[[nodiscard]] EdgeList read_edge_list(const comm::Communicator& comm, const std::string& path);

}  // namespace tradegraph::io
