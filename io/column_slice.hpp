#pragma once
/// One rank's part of a column that is spread over all ranks, without its element type.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/slices.hpp"

namespace tradegraph::io {

/// The four types that files of this project hold.
enum class ElementType { byte, int32, int64, float64 };

[[nodiscard]] constexpr std::size_t element_bytes(ElementType type) {
  constexpr std::size_t sizes[] = {1, 4, 8, 8};
  return sizes[static_cast<std::size_t>(type)];
}

template <class T>
[[nodiscard]] constexpr ElementType element_type() {
  if constexpr (std::same_as<T, char>) return ElementType::byte;
  if constexpr (std::same_as<T, std::int32_t>) return ElementType::int32;
  if constexpr (std::same_as<T, std::int64_t>) return ElementType::int64;
  if constexpr (std::same_as<T, double>) return ElementType::float64;
}

/// Elements [first, first + count()) of `total`; the slices of ranks 0, 1, ... follow one another.
struct ColumnSlice {
  ElementType type = ElementType::byte;
  std::int64_t first = 0;
  std::int64_t total = 0;
  std::span<const std::byte> bytes;

  template <class T>
  [[nodiscard]] static ColumnSlice of(const std::vector<T>& values, std::int64_t first,
                                      std::int64_t total) {
    return {element_type<T>(), first, total, std::as_bytes(std::span(values))};
  }
  [[nodiscard]] std::int64_t count() const {
    return static_cast<std::int64_t>(bytes.size() / element_bytes(type));
  }
};

}  // namespace tradegraph::io
