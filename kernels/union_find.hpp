#pragma once
/// Disjoint sets that threads may join at the same time without locks (Anderson & Woll 1991,
/// doi:10.1145/103418.103458), in the form of Sutton, Ben-Nun & Barak 2018 (Afforest),
/// doi:10.1109/IPDPS.2018.00012: the larger of two roots is hooked below the smaller by
/// compare-and-swap. The representative of a set is its smallest element once all joins are done,
/// so the outcome does not depend on the order of the joins.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>

#include "engine/base/buffer.hpp"

namespace tradegraph::kernels {

/// `Index` is as short as the number of elements allows: all the time goes into random reads of
/// parents. A root is its own parent, and a parent is never above its child.
template <class Index>
class BasicUnionFind {
 public:
  explicit BasicUnionFind(std::int64_t size) : parent_(size) {
#pragma omp parallel for schedule(static)
    for (std::int64_t v = 0; v < size; ++v) parent_[v] = static_cast<Index>(v);
  }

  /// Hangs `element`, which must be a root, below a smaller one, or below itself: that changes
  /// nothing. Threads may do so at once for different elements, and do nothing else meanwhile.
  void hang(std::int64_t element, std::int64_t below) {
    parent_of(element).store(static_cast<Index>(below), std::memory_order_relaxed);
  }

  /// Hides the wait for an element that is joined soon.
  void prefetch(std::int64_t element) const { __builtin_prefetch(parent_.data() + element); }

  /// Representative of `element`'s set. Halves the path it walks. Any number of threads.
  [[nodiscard]] std::int64_t find(std::int64_t element) {
    auto at = static_cast<Index>(element);
    for (;;) {
      auto parent = load(at);
      if (parent == at) return at;
      const auto grandparent = load(parent);
      if (grandparent == parent) return parent;
      parent_of(at).compare_exchange_weak(parent, grandparent, std::memory_order_relaxed);
      at = grandparent;
    }
  }

  /// Any number of threads. Returns after one read of each parent if these are the same.
  void join(std::int64_t a, std::int64_t b) {
    auto p = load(a);
    auto q = load(b);
    while (p != q) {
      const auto low = std::min(p, q);
      const auto high = std::max(p, q);
      const auto above = load(high);
      if (above == low || (above == high && hook(high, low))) return;
      p = load(load(high));
      q = load(low);
    }
  }

  /// Points an element at its representative, which is returned; while nobody joins. Any number of
  /// threads. Starts from the grandparent whether that is needed or not, as it can't be foreseen.
  std::int64_t compress(std::int64_t element) {
    auto parent = load(load(element));
    for (auto above = load(parent); above != parent; above = load(parent)) parent = above;
    parent_of(element).store(parent, std::memory_order_relaxed);
    return parent;
  }
  /// The same for every element. All threads.
  void compress() {
#pragma omp parallel for schedule(static, 4096)
    for (std::int64_t v = 0; v < parent_.ssize(); ++v) compress(v);
  }
  /// The elements' parents: representatives, after `compress`.
  [[nodiscard]] std::span<const Index> parents() const { return parent_; }

 private:
  template <class I>
  std::atomic_ref<Index> parent_of(I element) {
    return std::atomic_ref(parent_[element]);
  }
  template <class I>
  Index load(I element) {
    return parent_of(element).load(std::memory_order_relaxed);
  }
  bool hook(Index high, Index low) {
    auto root = high;
    return parent_of(high).compare_exchange_strong(root, low, std::memory_order_relaxed);
  }

  Buffer<Index> parent_;
};

using UnionFind = BasicUnionFind<std::int64_t>;

}  // namespace tradegraph::kernels
