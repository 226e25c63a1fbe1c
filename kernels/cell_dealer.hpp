#pragma once
/// The cells of a grid, dealt to some ranks of a team, and to the threads of each as they are done
/// with their last.

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "engine/base/random.hpp"

namespace tradegraph::kernels {

/// Deals once.
class CellDealer {
 public:
  /// For the `taker`-th of so many ranks that take cells; -1: for one that takes none.
  CellDealer(int taker, int takers) : taker_(taker), takers_(takers) {}

  /// Calls `treat(cell)` for the cells among 0..cells-1 that this rank takes, each on one thread.
  /// To be called by all threads. Neighbouring cells go to one, and every rank gets of town and
  /// country.
  template <class Treat>
  void deal(std::int64_t cells, Treat&& treat) {
    if (taker_ < 0) return;
    for (auto block = next_++; block * kCells < cells; block = next_++) {
      if (!is_own(block)) continue;
      const auto last = std::min((block + 1) * kCells, cells);
      for (auto cell = block * kCells; cell < last; ++cell) treat(cell);
    }
  }

 private:
  static constexpr std::int64_t kCells = 128;

  /// In turn would not do: the blocks of a column may be as many as the ranks.
  [[nodiscard]] bool is_own(std::int64_t block) const {
    return mix64(static_cast<std::uint64_t>(block)) % static_cast<std::uint64_t>(takers_) ==
           static_cast<std::uint64_t>(taker_);
  }

  int taker_;
  int takers_;
  std::atomic<std::int64_t> next_ = 0;  ///< block
};

}  // namespace tradegraph::kernels
