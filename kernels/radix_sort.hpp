#pragma once
/// Stable sort of points by an integer key, with OpenMP threads.

#include <cstdint>
#include <span>

namespace tradegraph::kernels {

struct KeyedPoint {
  std::uint64_t key;
  std::int64_t point;
};

/// For keys and points of up to 32 bits.
struct ShortKeyedPoint {
  std::uint32_t key;
  std::uint32_t point;
};

struct Key {
  std::uint64_t key;
};

/// Sorts by `key`, of which only the lowest `key_bits` may be set; equal keys keep their order.
/// Least significant digit first, at most 12 bits a pass: O(n * key_bits / 12) work, a second array
/// of n. For the three above.
template <class Keyed>
void sort_by_key(std::span<Keyed> items, int key_bits);

}  // namespace tradegraph::kernels
