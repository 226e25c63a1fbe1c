#pragma once
/// Disjoint sets that threads may join at the same time without locks (Anderson & Woll 1991,
/// doi:10.1145/103418.103458). The representative of a set is its smallest element once all joins
/// are done, so the outcome does not depend on the order of the joins.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace tradegraph::kernels {

class UnionFind {
 public:
  explicit UnionFind(std::int64_t size) : parent_(static_cast<std::size_t>(size)) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }

  /// Representative of `element`'s set. Halves the path it walks.
  [[nodiscard]] std::int64_t find(std::int64_t element) {
    for (;;) {
      auto parent = load(element);
      if (parent == element) return element;
      const auto grandparent = load(parent);
      if (grandparent == parent) return parent;
      at(element).compare_exchange_weak(parent, grandparent, std::memory_order_relaxed);
      element = grandparent;
    }
  }

  void join(std::int64_t a, std::int64_t b) {
    for (;;) {
      a = find(a);
      b = find(b);
      if (a == b) return;
      if (a < b) std::swap(a, b);
      auto root = a;  // the larger root moves below the smaller: no cycle can arise
      if (at(a).compare_exchange_strong(root, b, std::memory_order_relaxed)) return;
    }
  }

 private:
  std::atomic_ref<std::int64_t> at(std::int64_t element) {
    return std::atomic_ref(parent_[static_cast<std::size_t>(element)]);
  }
  std::int64_t load(std::int64_t element) { return at(element).load(std::memory_order_relaxed); }

  std::vector<std::int64_t> parent_;
};

}  // namespace tradegraph::kernels
