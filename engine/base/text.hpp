#pragma once
/// Numbers in messages.

#include <array>
#include <charconv>
#include <string>

namespace tradegraph {

/// The shortest text that reads back as the same double.
[[nodiscard]] inline std::string to_text(double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return {digits.data(), end};
}

}  // namespace tradegraph
