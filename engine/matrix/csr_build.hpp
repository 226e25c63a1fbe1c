#pragma once
/// Blocks as compressed sparse rows from entries in any order, and from other blocks. All by
/// parallel passes over the arrays; nothing here is collective.
///
/// Entries are sorted by row in two stable passes: first into buckets of a few thousand rows, one
/// stream a bucket and chunk of the input, then by row within each bucket, which fits a cache.
/// Entries that come in ascending order of columns, as from a transposition, need no more; rows
/// that do not are sorted one by one.

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "engine/matrix/csr_block.hpp"

namespace tradegraph::matrix {

/// Row and column of an entry in one word, the row in the upper half.
using PackedEntry = std::uint64_t;
[[nodiscard]] constexpr PackedEntry pack_entry(std::uint64_t row, std::uint64_t column) {
  return row << 32 | column;
}
[[nodiscard]] constexpr std::uint32_t row_of(PackedEntry entry) {
  return static_cast<std::uint32_t>(entry >> 32);
}
[[nodiscard]] constexpr std::uint32_t column_of(PackedEntry entry) {
  return static_cast<std::uint32_t>(entry);
}

/// One value an entry.
using ValueColumn = std::variant<std::span<const std::int64_t>, std::span<const double>>;

/// The pattern of the entries, and a block with the same pattern for each column of values. Repeats
/// of an entry become one; their values are added in the order they come in. O(entries) work and
/// 16 bytes an entry while it runs (24 with values).
[[nodiscard]] std::vector<CsrBlock> build_csr(std::int64_t rows, std::int64_t columns,
                                              std::span<const PackedEntry> entries,
                                              std::span<const ValueColumn> values = {});

/// Rows become columns; values go along.
[[nodiscard]] CsrBlock transposed(const CsrBlock& block);

/// Union of two patterns of the same shape and type, values added.
[[nodiscard]] CsrBlock united(const CsrBlock& a, const CsrBlock& b);

}  // namespace tradegraph::matrix
