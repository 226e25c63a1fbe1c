#pragma once
/// An input taken apart into numbers and bytes, for targets whose input is no file.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace tradegraph::fuzz {

/// Takes bytes from the front; where there are none left, they are 0.
class ByteSource {
 public:
  ByteSource(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }

  /// A number of first .. last, from as few bytes as hold the range.
  template <class T>
  [[nodiscard]] T between(T first, T last) {
    const auto range = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
    const auto taken = number(range < 256 ? 1 : range < 65536 ? 2 : 8) % (range + 1);
    return static_cast<T>(static_cast<std::uint64_t>(first) + taken);
  }

  /// Any 64 bits.
  [[nodiscard]] std::uint64_t word() { return number(8); }

  /// The next `count` bytes, or those that are left.
  [[nodiscard]] std::string bytes(std::size_t count) {
    const auto taken = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return {taken.begin(), taken.end()};
  }

 private:
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const auto byte : bytes(count)) value = value << 8 | static_cast<std::uint8_t>(byte);
    return value;
  }

  std::span<const std::uint8_t> rest_;
};

}  // namespace tradegraph::fuzz
