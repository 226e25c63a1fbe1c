#pragma once
/// Ids to numbers.

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/string_column.hpp"

namespace tradegraph::io {

/// 64 well-mixed bits of a text.
[[nodiscard]] std::uint64_t hash_text(std::string_view text);

/// The rank among `ranks` that answers for the text of this hash.
[[nodiscard]] int hash_owner(std::uint64_t hash, int ranks);

/// Finds the first place of each distinct text of a column. Open addressing in 64 parts, each
/// built by one thread and small enough for its cache. Memory: 16 to 32 bytes a text while built,
/// then half of it.
class IdTable {
 public:
  /// `ids` must outlive the table and have less than 2^39 texts. Not collective.
  explicit IdTable(const StringColumn& ids);

  /// Index of the first text equal to `id`; -1 if there is none. Threads may call it together.
  [[nodiscard]] std::int64_t find(std::string_view id) const { return find(id, hash_text(id)); }
  [[nodiscard]] std::int64_t find(std::string_view id, std::uint64_t hash) const;
  /// Ask for the memory that `find` reads first, and then next, some time before it is needed.
  void prefetch_slot(std::uint64_t hash) const;
  void prefetch_text(std::uint64_t hash) const;

  struct Repeat {
    std::int64_t index;
    std::int64_t first;  ///< smaller index of an equal text
  };
  /// The texts that are no first ones, by index.
  [[nodiscard]] const std::vector<Repeat>& repeats() const { return repeats_; }

 private:
  static constexpr std::size_t kParts = 64;
  struct Part {
    std::size_t first_slot = 0;
    std::size_t mask = 0;
  };
  /// Texts ordered by part, then index; and where each part starts.
  struct ByPart {
    std::vector<std::uint64_t> hashes;  ///< by index
    std::vector<std::int64_t> order;
    std::array<std::int64_t, kParts + 1> starts{};
  };

  [[nodiscard]] static ByPart sort_by_part(const StringColumn& ids);
  void size_parts(const ByPart& sorted);
  [[nodiscard]] std::vector<Repeat> fill_part(const ByPart& sorted, std::size_t part);

  const StringColumn* ids_;
  std::array<Part, kParts> parts_{};
  /// 0 = free; else 24 bits of the hash and, below them, index + 1.
  std::vector<std::uint64_t> slots_;
  std::vector<Repeat> repeats_;
};

/// The first of each group of equal texts, in their order.
[[nodiscard]] StringColumn distinct(const StringColumn& texts);

}  // namespace tradegraph::io
