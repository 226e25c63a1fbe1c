#pragma once
/// A number that all ranks take turns at, without any of them waiting for another: the ticket
/// dispenser of work that is dealt as it gets done.

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

  /// Adds `step` and returns the number before. Not collective; one thread of a rank at a time.
  [[nodiscard]] std::int64_t take(std::int64_t step = 1);
  /// Collective.
  void reset(std::int64_t value);

 private:
  const Communicator* comm_;
  MPI_Win window_ = MPI_WIN_NULL;
  std::int64_t* value_ = nullptr;
};

}  // namespace tradegraph::comm
