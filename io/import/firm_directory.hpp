#pragma once
/// From ids to the numbers of firms, over all ranks.

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/comm/communicator.hpp"
#include "io/import/id_table.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::io {

/// Ids and the number of each; -1 stands for no firm.
class NumberedIds {
 public:
  NumberedIds(const StringColumn& ids, std::vector<std::int64_t> numbers)
      : table_(ids), numbers_(std::move(numbers)) {}
  /// Numbers 0, 1, 2, ... in the order of the ids, which need no memory.
  explicit NumberedIds(const StringColumn& ids) : table_(ids) {}

  /// -1 if the id is not here, or of no firm.
  [[nodiscard]] std::int64_t find(std::string_view id, std::uint64_t hash) const {
    const std::int64_t index = table_.find(id, hash);
    return index < 0 || numbers_.empty() ? index : numbers_[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] std::int64_t find(std::string_view id) const { return find(id, hash_text(id)); }
  [[nodiscard]] const IdTable& table() const { return table_; }

 private:
  IdTable table_;
  std::vector<std::int64_t> numbers_;
};

/// All firms, on every rank. Collective; O(firms) memory and traffic a rank.
[[nodiscard]] NumberedIds all_firms(const comm::Communicator& comm, const FirmTable& firms);

/// The firms whose ids hash to this rank. Collective: ids and numbers move once.
[[nodiscard]] NumberedIds own_firms(const comm::Communicator& comm, const FirmTable& firms);

/// The numbers of `wanted`, which are distinct, from the ranks that own them. Collective: one
/// request and one reply an id.
[[nodiscard]] NumberedIds ask_owners(const comm::Communicator& comm, const NumberedIds& owned,
                                     const StringColumn& wanted);

/// The number of the firm that each of this rank's `wanted` ids belongs to; -1 for no firm.
/// Collective; costs as the two above.
[[nodiscard]] std::vector<std::int64_t> find_firms(const comm::Communicator& comm,
                                                   const FirmTable& firms,
                                                   const StringColumn& wanted);

}  // namespace tradegraph::io
