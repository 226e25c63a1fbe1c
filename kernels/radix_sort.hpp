#pragma once
/// Stable sort of points by an integer key, with OpenMP threads.

#include <cstdint>
#include <vector>

namespace tradegraph::kernels {

struct KeyedPoint {
  std::uint64_t key;
  std::int64_t point;
};

/// Sorts by `key`, of which only the lowest `key_bits` may be set; equal keys keep their order.
/// Least significant digit first, 11 bits a pass: O(n * key_bits / 11) work, a second array of n.
void sort_by_key(std::vector<KeyedPoint>& items, int key_bits);

}  // namespace tradegraph::kernels
