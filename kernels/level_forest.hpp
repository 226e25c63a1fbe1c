#pragma once
/// Disjoint sets that remember at which level elements came together.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "kernels/eps_levels.hpp"

namespace tradegraph::kernels {

/// Joins must come level by level, ascending; within a level threads may join at the same time
/// (Anderson & Woll 1991, as in union_find.hpp). Each element is linked at most once, to a smaller
/// one that is in its set from that level on: the links form a minimum spanning forest, and one
/// ascending pass over the elements finds the sets of any level.
class LevelForest {
 public:
  static constexpr Level kNever = std::numeric_limits<Level>::max();

  explicit LevelForest(std::size_t elements)
      : parent_(elements), link_(elements), joined_(elements, kNever) {
    std::iota(parent_.begin(), parent_.end(), std::uint32_t{0});
  }

  /// Representative of an element's set. Halves the path it walks.
  [[nodiscard]] std::uint32_t find(std::uint32_t element) {
    for (;;) {
      auto parent = load(element);
      if (parent == element) return element;
      const auto grandparent = load(parent);
      if (grandparent == parent) return parent;
      at(element).compare_exchange_weak(parent, grandparent, std::memory_order_relaxed);
      element = grandparent;
    }
  }

  /// If true, the element is in the set of `root`, which `find` returned some time ago. One load.
  [[nodiscard]] bool hangs_on(std::uint32_t element, std::uint32_t root) {
    return load(element) == root;
  }

  void join(std::uint32_t a, std::uint32_t b, Level level) {
    for (;;) {
      a = find(a);
      b = find(b);
      if (a == b) return;
      if (a < b) std::swap(a, b);
      auto root = a;
      if (!at(a).compare_exchange_strong(root, b, std::memory_order_relaxed)) continue;
      link_[a] = b;  // whoever won the exchange is alone to write here
      joined_[a] = level;
      return;
    }
  }

  [[nodiscard]] std::vector<std::uint32_t> take_links() { return std::move(link_); }
  [[nodiscard]] std::vector<Level> take_levels() { return std::move(joined_); }

 private:
  std::atomic_ref<std::uint32_t> at(std::uint32_t element) {
    return std::atomic_ref(parent_[element]);
  }
  std::uint32_t load(std::uint32_t element) { return at(element).load(std::memory_order_relaxed); }

  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> link_;
  std::vector<Level> joined_;
};

}  // namespace tradegraph::kernels
