#pragma once
/// Cells of result tables as text.

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "io/table.hpp"

namespace tradegraph::io {

/// Longest text of a number, with room to spare.
inline constexpr std::size_t kNumberBytes = 32;

[[nodiscard]] inline bool is_empty(std::int64_t value) { return value == kEmptyInteger; }
[[nodiscard]] inline bool is_empty(double value) { return std::isnan(value); }
[[nodiscard]] inline bool is_empty(std::string_view value) { return value.empty(); }

/// The shortest decimal text that reads back as the same number; nothing for an empty cell. Throws
/// `internal` on an infinite number, which no result may hold.
template <class Number>
void append_number(std::string& text, Number value) {
  if (is_empty(value)) return;
  if constexpr (std::is_same_v<Number, double>) {
    require(std::isfinite(value), ErrorKind::internal, "a result is infinite");
  }
  std::array<char, kNumberBytes> digits;
  const auto [end, code] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  require(code == std::errc(), ErrorKind::internal, "a number is too long");
  text.append(digits.data(), end);
}

/// A cell of a CSV file, in quotes where it needs them (RFC 4180).
inline void append_csv(std::string& text, std::string_view cell) {
  const auto is_special = [](char c) { return c == ',' || c == '"' || c == '\n' || c == '\r'; };
  if (!std::ranges::any_of(cell, is_special)) {
    text.append(cell);
    return;
  }
  text += '"';
  for (const char c : cell) {
    if (c == '"') text += '"';
    text += c;
  }
  text += '"';
}

}  // namespace tradegraph::io
