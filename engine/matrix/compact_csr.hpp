#pragma once
/// A block's entries by row with 32-bit columns: what loops by hand and messages read, half the
/// bytes of GraphBLAS's 64-bit arrays.

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/matrix/csr_block.hpp"

namespace tradegraph::matrix {

/// Entries with local indices, in any order.
struct CompactEntries {
  std::vector<std::uint32_t> row;
  std::vector<std::uint32_t> column;
  std::vector<std::uint64_t> value;  ///< bits of int64 or double; empty for a pattern
};

/// Within a row the columns are in no particular order.
struct CompactCsr {
  std::vector<std::uint64_t> pointers{0};  ///< rows + 1
  std::vector<std::uint32_t> columns;
  std::vector<std::uint64_t> values;  ///< bits of int64 or double; empty for a pattern

  [[nodiscard]] std::int64_t rows() const { return static_cast<std::int64_t>(pointers.size()) - 1; }
  [[nodiscard]] std::uint64_t entries() const { return columns.size(); }
  [[nodiscard]] std::span<const std::uint32_t> row(std::int64_t r) const {
    const auto at = static_cast<std::size_t>(r);
    return {columns.data() + pointers[at], columns.data() + pointers[at + 1]};
  }
};

/// Rows or columns that a compact block may have.
inline constexpr std::int64_t kCompactSide = std::int64_t{1} << 32;

/// A block with its values. Not collective, as all of these; O(entries).
[[nodiscard]] CompactCsr compact(const CsrBlock& block);
/// The pattern of the entries for which keep(local row, local column) holds; `keep` is called once
/// an entry, by many threads.
template <class Keep>
[[nodiscard]] CompactCsr compact_filtered(const CsrBlock& block, const Keep& keep);
/// Entries of a row keep their order; those that come by row are not copied.
[[nodiscard]] CompactCsr compact(CompactEntries entries, std::int64_t rows);
/// As a block of GraphBLAS.
[[nodiscard]] GrbMatrix to_block(ValueType type, const CompactCsr& csr, std::int64_t columns);

/// Turns numbers of entries a row, held one place further on, into pointers.
void counts_to_pointers(std::vector<std::uint64_t>& pointers);

template <class Keep>
CompactCsr compact_filtered(const CsrBlock& csr, const Keep& keep) {
  const auto rows = csr.rows();
  CompactCsr kept;
  kept.pointers.resize(static_cast<std::size_t>(rows) + 1);
  // One pass over the entries, each row's into the place of all: `keep` may be slow to look up.
  std::vector<std::uint32_t> sparse(static_cast<std::size_t>(csr.entries()));
#pragma omp parallel for schedule(dynamic, 1024)
  for (std::int64_t r = 0; r < rows; ++r) {
    auto to = static_cast<std::size_t>(csr.begin(r));
    for (const auto c : csr.row(r)) {
      sparse[to] = static_cast<std::uint32_t>(c);
      to += keep(r, static_cast<std::int64_t>(c)) ? 1 : 0;
    }
    kept.pointers[static_cast<std::size_t>(r) + 1] = to - static_cast<std::size_t>(csr.begin(r));
  }
  counts_to_pointers(kept.pointers);
  kept.columns.resize(kept.pointers.back());
#pragma omp parallel for schedule(dynamic, 1024)
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto begin = sparse.begin() + static_cast<std::ptrdiff_t>(csr.begin(r));
    const auto to = kept.pointers[static_cast<std::size_t>(r)];
    const auto count = kept.pointers[static_cast<std::size_t>(r) + 1] - to;
    std::copy_n(begin, count, kept.columns.begin() + static_cast<std::ptrdiff_t>(to));
  }
  return kept;
}

}  // namespace tradegraph::matrix
