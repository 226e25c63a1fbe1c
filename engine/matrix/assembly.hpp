#pragma once
/// Entries on their way to the ranks of their blocks.

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "engine/comm/process_grid.hpp"
#include "engine/matrix/csr_build.hpp"
#include "engine/matrix/layout.hpp"

namespace tradegraph::matrix {

/// Entries with global indices, and any number of values for each.
struct EntryList {
  std::span<const std::int64_t> row;
  std::span<const std::int64_t> column;
  std::vector<ValueColumn> values;
  bool off_diagonal = false;  ///< the caller vouches that no entry lies on the diagonal
};

/// Entries by local row and column, and their values.
class LocalEntries {
 public:
  LocalEntries(LocalEntries&&) = default;
  LocalEntries& operator=(LocalEntries&&) = default;
  LocalEntries(const LocalEntries&) = delete;
  LocalEntries& operator=(const LocalEntries&) = delete;
  ~LocalEntries() = default;

  [[nodiscard]] std::span<const PackedEntry> entries() const { return entries_; }
  [[nodiscard]] std::span<const ValueColumn> values() const { return values_; }

  /// What is here already; `values` are borrowed.
  LocalEntries(Buffer<PackedEntry> entries, std::vector<ValueColumn> values)
      : own_entries_(std::move(entries)), entries_(own_entries_), values_(std::move(values)) {}
  /// Sends entry i and its values to rank destination[i] of the group; the entries of a rank arrive
  /// in order, after those of lower ranks. Collective; sends each entry once, in 8 bytes and 8 a
  /// value.
  LocalEntries(const comm::Communicator& group, const Buffer<PackedEntry>& entries,
               const Buffer<std::int32_t>& destination, std::span<const ValueColumn> values);

 private:
  Buffer<PackedEntry> own_entries_;
  std::vector<PackedEntry> got_entries_;
  std::vector<std::variant<std::vector<std::int64_t>, std::vector<double>>> got_values_;
  std::span<const PackedEntry> entries_;
  std::vector<ValueColumn> values_;
};

/// Sends each of this rank's entries to the rank of its block, and returns what arrives; on one
/// rank the values stay where they are. Collective over the replica group. Throws
/// `ErrorKind::internal` on all ranks for an index out of range, `usage` for a block of 2^32 rows.
[[nodiscard]] LocalEntries local_entries(const comm::ProcessGrid& grid, const Layout& rows,
                                         const Layout& columns, const EntryList& list);

}  // namespace tradegraph::matrix
