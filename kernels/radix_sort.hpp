#pragma once
/// Stable sort of points by an integer key, with OpenMP threads.

#include <cstdint>
#include <span>

namespace tradegraph::kernels {

struct KeyedPoint {
  std::uint64_t key;
  std::int64_t point;
};

/// Sorts by `key`, of which only the lowest `key_bits` may be set; equal keys keep their order.
/// Least significant digit first, at most 12 bits a pass: O(n * key_bits / 12) work, a second array
/// of n.
void sort_by_key(std::span<KeyedPoint> items, int key_bits);

}  // namespace tradegraph::kernels
