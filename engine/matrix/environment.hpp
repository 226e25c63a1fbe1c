#pragma once
/// Starts and ends the libraries in order: MPI, then GraphBLAS; one per program.

#include <optional>

#include "engine/comm/communicator.hpp"

namespace tradegraph::matrix {

class Environment {
 public:
  /// `threads` a rank; 0 = the cores of the host divided by its ranks. Collective over all ranks.
  Environment(int& argc, char**& argv, int threads = 0);
  /// For programs that have started MPI themselves (tests).
  explicit Environment(int threads = 0);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  std::optional<comm::MpiSession> mpi_;
};

/// OpenMP and GraphBLAS threads from now on; 0 = the cores of the host divided by its ranks.
/// Collective over all ranks. Returns the number set.
int set_threads(const comm::Communicator& world, int threads);
[[nodiscard]] int threads();

/// One thread while it lives: where sums of doubles must not depend on the number of threads.
class SingleThread {
 public:
  SingleThread();
  ~SingleThread();
  SingleThread(const SingleThread&) = delete;
  SingleThread& operator=(const SingleThread&) = delete;

 private:
  int before_;
};

}  // namespace tradegraph::matrix
