#pragma once
/// Columns of text without an allocation a cell: all bytes in one array, cells as offsets into it.

#include <cstdint>
#include <string_view>
#include <vector>

namespace tradegraph {

/// n strings; `offsets` has n + 1 entries, the first of them 0.
struct StringColumn {
  std::vector<std::int64_t> offsets{0};
  std::vector<char> bytes;

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
  [[nodiscard]] std::string_view operator[](std::int64_t i) const {
    const auto begin = static_cast<std::size_t>(offsets[static_cast<std::size_t>(i)]);
    const auto end = static_cast<std::size_t>(offsets[static_cast<std::size_t>(i) + 1]);
    return {bytes.data() + begin, end - begin};
  }
  void push_back(std::string_view text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
};

/// n cells that take few distinct values: a code a cell (-1 = empty) into a dictionary, which is
/// sorted by bytes and identical on all ranks.
struct CodeColumn {
  std::vector<std::int32_t> codes;
  StringColumn dictionary;

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(codes.size()); }
  /// Text of cell i; empty when it has none.
  [[nodiscard]] std::string_view operator[](std::int64_t i) const {
    const auto code = codes[static_cast<std::size_t>(i)];
    return code < 0 ? std::string_view{} : dictionary[code];
  }
};

}  // namespace tradegraph
