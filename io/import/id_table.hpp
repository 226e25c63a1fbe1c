#pragma once
/// Ids to numbers.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/string_column.hpp"

namespace tradegraph::io {

/// 64 well-mixed bits of a text.
[[nodiscard]] std::uint64_t hash_text(std::string_view text);

/// The rank among `ranks` that answers for the text of this hash.
[[nodiscard]] int hash_owner(std::uint64_t hash, int ranks);

/// Finds the first place of each distinct text of a column.
///
/// Texts are dealt by hash to 64 parts, each built by one thread, and in a part to buckets of two
/// to four. A bucket is one run of bytes that holds, a text, 8 bits of its hash, its length, its
/// index and the text itself: a look-up reads where the bucket begins, of which a core's cache
/// holds much, and then mostly one cache line. Memory: 9 bytes a distinct text besides the text;
/// while being built, 32 more a text.
class IdTable {
 public:
  /// Keeps nothing of `ids`, which has less than 2^40 texts. Not collective. Throws
  /// `ErrorKind::memory` for more than some 256 GiB of text.
  explicit IdTable(const StringColumn& ids);

  /// Index of the first text equal to `id`; -1 if there is none. Threads may call it together.
  [[nodiscard]] std::int64_t find(std::string_view id) const { return find(id, hash_text(id)); }
  [[nodiscard]] std::int64_t find(std::string_view id, std::uint64_t hash) const;
  /// Ask for the memory that `find` reads first, and then next, some time before it is needed.
  void prefetch_bucket(std::uint64_t hash) const;
  void prefetch_texts(std::uint64_t hash) const;

  struct Repeat {
    std::int64_t index;
    std::int64_t first;  ///< smaller index of an equal text
  };
  /// The texts that are no first ones, by index.
  [[nodiscard]] const std::vector<Repeat>& repeats() const { return repeats_; }

 private:
  static constexpr std::size_t kParts = 64;
  struct Part {
    std::size_t mask = 0;               ///< number of buckets - 1
    std::vector<std::uint32_t> starts;  ///< of the buckets in `bytes`, and the end
    std::vector<char> bytes;
  };
  struct Text {
    std::uint64_t hash;
    std::int64_t index;
  };
  /// Texts ordered by part, then index; and where each part starts.
  struct ByPart {
    std::vector<Text> texts;
    std::array<std::int64_t, kParts + 1> starts{};
  };

  [[nodiscard]] static ByPart sort_by_part(const StringColumn& ids);
  /// The texts that no equal one of `part` precedes; the others go to `repeats`.
  [[nodiscard]] static std::vector<Text> find_firsts(const StringColumn& ids,
                                                     std::span<const Text> part,
                                                     std::vector<Repeat>& repeats);
  [[nodiscard]] static Part fill_part(const StringColumn& ids, std::span<const Text> firsts);

  std::array<Part, kParts> parts_;
  std::vector<Repeat> repeats_;
};

/// The first of each group of equal texts, in their order.
[[nodiscard]] StringColumn distinct(const StringColumn& texts);

}  // namespace tradegraph::io
