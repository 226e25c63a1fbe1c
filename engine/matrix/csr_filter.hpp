#pragma once
/// Part of a block: two parallel passes over its rows and no sorting.

#include "engine/matrix/csr_block.hpp"

namespace tradegraph::matrix {

namespace detail {

/// Row pointers of the kept entries.
template <class Keep>
Buffer<std::int64_t> kept_pointers(const CsrBlock& block, const Keep& keep) {
  Buffer<std::int64_t> pointers(block.rows() + 1);
  pointers[0] = 0;
#pragma omp parallel for schedule(dynamic, 1024)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    std::int64_t kept = 0;
    for (const auto c : block.row(r)) kept += keep(r, static_cast<std::int64_t>(c)) ? 1 : 0;
    pointers[r + 1] = kept;
  }
  for (std::int64_t r = 0; r < block.rows(); ++r) pointers[r + 1] += pointers[r];
  return pointers;
}

/// Calls copy(from, to) for the number of each kept entry before and after.
template <class Keep, class Copy>
void for_each_kept(const CsrBlock& block, const CsrBlock::Pattern& kept, const Keep& keep,
                   const Copy& copy) {
#pragma omp parallel for schedule(dynamic, 1024)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    auto from = block.begin(r);
    auto to = kept.pointers[r];
    for (const auto c : block.row(r)) {
      if (keep(r, static_cast<std::int64_t>(c))) copy(from, to++);
      ++from;
    }
  }
}

}  // namespace detail

/// The entries for which keep(local row, local column) holds. `keep` is called twice an entry, by
/// many threads. A block of which all is kept is shared, not copied.
template <class Keep>
[[nodiscard]] CsrBlock filter_block(const CsrBlock& block, const Keep& keep) {
  CsrBlock::Pattern kept{detail::kept_pointers(block, keep), {}};
  const auto entries = kept.pointers[block.rows()];
  if (entries == block.entries()) return block;
  kept.columns = Buffer<CsrBlock::Column>(entries);
  const auto column = block.column_of_entry();
  const auto copy_columns = [&](std::int64_t from, std::int64_t to) {
    kept.columns[to] = column[static_cast<std::size_t>(from)];
  };
  if (block.type() == ValueType::pattern) {
    detail::for_each_kept(block, kept, keep, copy_columns);
    return CsrBlock(block.columns(), std::move(kept));
  }
  return with_value_type(block.type(), [&](auto zero) {
    using T = decltype(zero);
    const auto values = block.values<T>();
    Buffer<T> kept_values(entries);
    detail::for_each_kept(block, kept, keep, [&](std::int64_t from, std::int64_t to) {
      copy_columns(from, to);
      kept_values[to] = values[static_cast<std::size_t>(from)];
    });
    return CsrBlock(block.columns(), std::move(kept)).with_values(std::move(kept_values));
  });
}

}  // namespace tradegraph::matrix
