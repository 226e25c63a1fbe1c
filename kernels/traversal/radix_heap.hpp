#pragma once
/// A priority queue for keys that never fall below the last one taken: shortest paths over whole
/// lengths. Keys lie in buckets by the highest bit in which they differ from the last key taken;
/// each moves down at most once a bit (Ahuja, Mehlhorn, Orlin & Tarjan 1990,
/// doi:10.1145/77600.77615).

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <limits>
#include <vector>

namespace tradegraph::kernels {

/// `Key`: an unsigned integer.
template <class Key, class Value>
class RadixHeap {
 public:
  struct Item {
    Key key;
    Value value;
  };

  [[nodiscard]] bool empty() const { return size_ == 0; }

  /// `key` must not be smaller than the last one taken.
  void push(Key key, Value value) {
    buckets_[bucket_of(key)].push_back({key, value});
    ++size_;
  }

  /// An item with the smallest key. The heap must not be empty.
  [[nodiscard]] Item take() {
    if (buckets_[0].empty()) refill();
    const auto item = buckets_[0].back();
    buckets_[0].pop_back();
    if (--size_ == 0) last_ = 0;  // whatever comes next begins anew
    return item;
  }

 private:
  [[nodiscard]] std::size_t bucket_of(Key key) const {
    return static_cast<std::size_t>(std::bit_width(key ^ last_));
  }

  /// Spreads the first bucket that has items; its smallest key becomes the last one taken.
  void refill() {
    std::size_t i = 1;
    while (buckets_[i].empty()) ++i;
    auto& bucket = buckets_[i];
    last_ = std::ranges::min(bucket, {}, &Item::key).key;
    for (const auto& item : bucket) buckets_[bucket_of(item.key)].push_back(item);
    bucket.clear();
  }

  std::array<std::vector<Item>, std::numeric_limits<Key>::digits + 1> buckets_;
  Key last_ = 0;
  std::size_t size_ = 0;
};

}  // namespace tradegraph::kernels
