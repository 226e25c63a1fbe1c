#pragma once
/// The cells of grids, dealt to the threads of all ranks of a team as each is done with its last:
/// who is busy with something else meanwhile takes fewer.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "engine/base/random.hpp"
#include "engine/comm/shared_counter.hpp"

namespace tradegraph::kernels {

class CellDealer {
 public:
  /// The takers of cells, where they are dealt beforehand: this is the `number`-th of `count`, or
  /// none, if that is negative.
  struct Taker {
    int number;
    int count;
  };

  /// `tickets` must outlive it.
  explicit CellDealer(comm::SharedCounter& tickets) : tickets_(tickets) {}

  /// Before the cells of one or more grids are dealt. Collective.
  void start(Taker beforehand) {
    beforehand_ = beforehand;
    next_ = 0;
    first_ = 0;
    drawn_.reset();
    tickets_.reset(0);
  }

  /// Calls `treat(cell)` for cells 0..cells-1 of the next grid, each on one thread of one rank.
  /// To be called by all threads of a parallel region, for the same grids in the same order on all
  /// ranks. Neighbouring cells go to one.
  template <class Treat>
  void deal(std::int64_t cells, Treat&& treat) {
    const auto end = first_ + (cells + kCells - 1) / kCells;
    while (const auto ticket = take_below(end)) {
      const auto begin = (*ticket - first_) * kCells;
      for (auto cell = begin; cell < std::min(begin + kCells, cells); ++cell) treat(cell);
    }
#pragma omp barrier
#pragma omp single
    first_ = end;
  }

 private:
  static constexpr std::int64_t kCells = 128;
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

  /// The next ticket; nothing if it is for a grid to come, for which it stays here.
  std::optional<std::int64_t> take_below(std::int64_t end) {
    std::optional<std::int64_t> taken;
#pragma omp critical(tradegraph_cell_ticket)
    {
      if (!drawn_) drawn_ = tickets_.is_shared() ? tickets_.take() : take_own();
      if (*drawn_ < end) taken.swap(drawn_);
    }
    return taken;
  }

  /// Of those dealt beforehand. Every rank gets of town and country; in turn would not do, as the
  /// tickets of a column may be as many as the ranks.
  std::int64_t take_own() {
    if (beforehand_.number < 0) return kNone;
    const auto takers = static_cast<std::uint64_t>(beforehand_.count);
    const auto own = static_cast<std::uint64_t>(beforehand_.number);
    while (mix64(static_cast<std::uint64_t>(next_)) % takers != own) ++next_;
    return next_++;
  }

  comm::SharedCounter& tickets_;
  Taker beforehand_ = {0, 1};
  std::int64_t next_ = 0;              ///< ticket, where they are dealt beforehand
  std::int64_t first_ = 0;             ///< ticket of the grid
  std::optional<std::int64_t> drawn_;  ///< the ticket that is next here, once it is known
};

}  // namespace tradegraph::kernels
