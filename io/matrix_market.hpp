#pragma once
/// Matrix Market files as networks: row = source, column = target.

#include <cstdint>
#include <string>

#include "engine/comm/communicator.hpp"
#include "io/edge_list.hpp"

namespace tradegraph::io {

/// What the header of a file promises.
struct MatrixMarketSizes {
  std::int64_t nodes = 0;
  /// Links once read, both directions of skew-symmetric entries; no more than fit into the file.
  std::int64_t links = 0;
};

/// Reads the header alone, for what must be known before the file is read: allocates nothing by
/// its numbers. Not collective. Throws `bad_input` as `read_matrix_market` does for the header.
[[nodiscard]] MatrixMarketSizes read_matrix_market_sizes(const std::string& path);

/// Reads a square coordinate matrix: pattern, real or integer; general, symmetric or
/// skew-symmetric (whose links get both directions, the second with the weight negated). Ids are
/// the file's own numbers, "1" .. "n". Collective; each rank parses a part of the file by all its
/// threads.
/// Errors, on all ranks: `bad_input` with file and line (missing file, other formats, more or fewer
/// entries than the header says; entries that are none, their numbers named as columns `source`,
/// `target` and `weight`: no node, no finite number, no whole one where the field is integer, above
/// the diagonal of a symmetric matrix), the first ten bad entries shown, all counted.
[[nodiscard]] EdgeList read_matrix_market(const comm::Communicator& comm, const std::string& path);

}  // namespace tradegraph::io
