#pragma once
/// The cells of a grid, dealt to the threads of all ranks of a team as each is done with its last:
/// who has more to do beforehand takes fewer.

#include <algorithm>
#include <cstdint>
#include <memory>

#include "engine/comm/communicator.hpp"
#include "engine/comm/shared_counter.hpp"

namespace tradegraph::kernels {

class CellDealer {
 public:
  /// Collective over the team, which must outlive it; so is its end.
  explicit CellDealer(const comm::Communicator& team) {
    if (team.size() > 1) shared_ = std::make_unique<comm::SharedCounter>(team);
  }

  /// For the cells of another grid, or the same ones again. Collective.
  void restart() {
    next_ = 0;
    if (shared_) shared_->reset(0);
  }

  /// Calls `treat(cell)` for cells 0..cells-1, each on one thread of one rank. To be called by all
  /// threads of all ranks; neighbouring cells go to one.
  template <class Treat>
  void deal(std::int64_t cells, Treat&& treat) {
    for (auto first = take() * kCells; first < cells; first = take() * kCells) {
      const auto last = std::min(first + kCells, cells);
      for (auto cell = first; cell < last; ++cell) treat(cell);
    }
  }

 private:
  static constexpr std::int64_t kCells = 128;

  std::int64_t take() {
    std::int64_t ticket = 0;
#pragma omp critical(tradegraph_cell_ticket)
    ticket = shared_ ? shared_->take() : next_++;
    return ticket;
  }

  std::unique_ptr<comm::SharedCounter> shared_;
  std::int64_t next_ = 0;  ///< on one rank
};

}  // namespace tradegraph::kernels
