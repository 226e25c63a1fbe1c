#pragma once
/// A number that all ranks take turns at, without any of them waiting for another: the ticket
/// dispenser of work that is dealt as it gets done.
///
/// It needs MPI's one-sided communication, which some networks lack (Open MPI over plain TCP).
/// There each rank takes every size-th number from its own on: the same numbers, dealt beforehand.

#include <cstdint>

#include "engine/comm/communicator.hpp"

namespace tradegraph::comm {

class SharedCounter {
 public:
  /// Starts at 0; rank 0 keeps it. Collective.
  explicit SharedCounter(const Communicator& comm);
  /// Collective.
  ~SharedCounter();
  SharedCounter(const SharedCounter&) = delete;
  SharedCounter& operator=(const SharedCounter&) = delete;

  /// Whether numbers go to whoever asks next.
  [[nodiscard]] bool is_shared() const { return window_ != MPI_WIN_NULL; }
  /// The next number. Not collective; one thread of a rank at a time.
  [[nodiscard]] std::int64_t take();
  /// The next number; the `step` from it on go to nobody else. Needs `is_shared()`.
  [[nodiscard]] std::int64_t skip(std::int64_t step);
  /// Collective.
  void reset(std::int64_t value);

 private:
  const Communicator* comm_;
  MPI_Win window_ = MPI_WIN_NULL;
  std::int64_t* value_ = nullptr;
  std::int64_t own_next_ = 0;  ///< where the counter is not shared
};

}  // namespace tradegraph::comm
