#pragma once
/// A number that all ranks take turns at, without any of them waiting for another: the ticket
/// dispenser of work that is dealt as it gets done.
///
/// It needs MPI's one-sided communication, which some networks lack (Open MPI over plain TCP).
/// There each rank takes every size-th number from its own on: the same numbers, dealt beforehand.
///
/// Teams of ranks that count apart share one window of all ranks: Open MPI names the file of a
/// window on one host by the number of its communicator, which disjoint teams have in common.

#include <cstdint>

#include "engine/comm/communicator.hpp"

namespace tradegraph::comm {

class SharedCounter {
 public:
  /// Starts at 0. The last rank keeps it, which must call MPI now and then for the others to get
  /// numbers: rank 0 often has more to do. Collective.
  explicit SharedCounter(const Communicator& comm) : SharedCounter(comm, comm) {}
  /// One for each team, a part of `world`. Collective over `world`.
  SharedCounter(const Communicator& world, const Communicator& team);
  /// Collective over `world`.
  ~SharedCounter();
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  /// Whether numbers go to whoever asks next.
  [[nodiscard]] bool is_shared() const { return team_->size() == 1 || window_ != MPI_WIN_NULL; }
  /// The next number. Not collective; one thread of a rank at a time.
  [[nodiscard]] std::int64_t take();
  /// The next number; the `step` from it on go to nobody else. Needs `is_shared()`.
  [[nodiscard]] std::int64_t skip(std::int64_t step);
  /// Collective over the team.
  void reset(std::int64_t value);

 private:
  [[nodiscard]] bool keeps() const { return team_->rank() == team_->size() - 1; }

  const Communicator* team_;
  int keeper_;  ///< rank in `world` of the team's last
  MPI_Win window_ = MPI_WIN_NULL;
  std::int64_t* value_ = nullptr;
  std::int64_t own_next_ = 0;  ///< without a window
};

}  // namespace tradegraph::comm
