#pragma once
/// Disjoint sets that remember at which level elements came together.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "engine/base/buffer.hpp"
#include "kernels/eps_levels.hpp"

namespace tradegraph::kernels {

/// Sets of the same elements, for several settings apart; the settings of an element lie together,
/// because what asks for one mostly asks for all. Joins must come level by level, ascending; within
/// a level threads may join at the same time (Anderson & Woll 1991, as in union_find.hpp). Each
/// element is linked at most once, to a smaller one that is in its set from that level on: the
/// links form a minimum spanning forest, and one ascending pass over the elements finds the sets of
/// any level.
class LevelForests {
 public:
  static constexpr Level kNever = std::numeric_limits<Level>::max();
  /// By element. Where it never joined another, `to` is undefined.
  struct Links {
    Buffer<std::uint32_t> to;
    Buffer<Level> joined;
  };

  LevelForests(std::size_t elements, std::size_t settings)
      : settings_(settings), parent_(static_cast<std::int64_t>(elements * settings)) {
    const auto n = static_cast<std::int64_t>(elements);
    for (std::size_t setting = 0; setting < settings; ++setting) {
      links_.push_back({Buffer<std::uint32_t>(n), Buffer<Level>(n, kNever)});
    }
#pragma omp parallel for schedule(static)
    for (std::size_t element = 0; element < elements; ++element) {
      for (std::size_t setting = 0; setting < settings; ++setting) {
        parent_[element * settings + setting] = static_cast<std::uint32_t>(element);
      }
    }
  }

  /// Representative of an element's set. Halves the path it walks.
  [[nodiscard]] std::uint32_t find(std::uint32_t element, std::size_t setting) {
    for (;;) {
      auto parent = load(element, setting);
      if (parent == element) return element;
      const auto grandparent = load(parent, setting);
      if (grandparent == parent) return parent;
      at(element, setting).compare_exchange_weak(parent, grandparent, std::memory_order_relaxed);
      element = grandparent;
    }
  }

  /// An element of the same set: two with the same are in one. One load.
  [[nodiscard]] std::uint32_t parent(std::uint32_t element, std::size_t setting) {
    return load(element, setting);
  }

  void join(std::uint32_t a, std::uint32_t b, Level level, std::size_t setting) {
    for (;;) {
      a = find(a, setting);
      b = find(b, setting);
      if (a == b) return;
      if (a < b) std::swap(a, b);
      auto root = a;
      if (!at(a, setting).compare_exchange_strong(root, b, std::memory_order_relaxed)) continue;
      links_[setting].to[a] = b;  // whoever won the exchange is alone to write here
      links_[setting].joined[a] = level;
      return;
    }
  }

  /// No more joins of this setting.
  [[nodiscard]] Links take(std::size_t setting) { return std::move(links_[setting]); }

 private:
  std::atomic_ref<std::uint32_t> at(std::uint32_t element, std::size_t setting) {
    return std::atomic_ref(parent_[element * settings_ + setting]);
  }
  std::uint32_t load(std::uint32_t element, std::size_t setting) {
    return at(element, setting).load(std::memory_order_relaxed);
  }

  std::size_t settings_;
  Buffer<std::uint32_t> parent_;
  std::vector<Links> links_;  ///< by setting
};

}  // namespace tradegraph::kernels
