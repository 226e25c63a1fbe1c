#pragma once
/// Lists of plain values, one after another in a row of bytes, for messages between ranks of one
/// binary.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/base/error.hpp"

namespace tradegraph {

template <class T>
void pack(std::span<const T> values, std::vector<std::byte>& bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  const auto count = static_cast<std::int64_t>(values.size());
  const auto at = bytes.size();
  bytes.resize(at + sizeof count + values.size_bytes());
  std::memcpy(&bytes[at], &count, sizeof count);
  if (count > 0) std::memcpy(&bytes[at + sizeof count], values.data(), values.size_bytes());
}

/// Takes the list that `bytes` start with off them.
template <class T>
[[nodiscard]] Buffer<T> unpack(std::span<const std::byte>& bytes) {
  std::int64_t count = 0;
  require(bytes.size() >= sizeof count, ErrorKind::internal, "a message ends early");
  std::memcpy(&count, bytes.data(), sizeof count);
  Buffer<T> values(count);
  const auto size = values.size() * sizeof(T);
  bytes = bytes.subspan(sizeof count);
  require(bytes.size() >= size, ErrorKind::internal, "a message ends early");
  if (size > 0) std::memcpy(values.data(), bytes.data(), size);
  bytes = bytes.subspan(size);
  return values;
}

}  // namespace tradegraph
