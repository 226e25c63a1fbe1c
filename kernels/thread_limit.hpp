#pragma once
/// Small problems run on one thread: to wake others costs more than they save, most of all where
/// ranks share cores.

#include <omp.h>

#include <cstddef>

namespace tradegraph::kernels {

class ThreadLimit {
 public:
  explicit ThreadLimit(std::size_t points) : threads_(omp_get_max_threads()) {
    if (points < kFewPoints) omp_set_num_threads(1);
  }
  ~ThreadLimit() { omp_set_num_threads(threads_); }
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  static constexpr std::size_t kFewPoints = 2000;
  int threads_;
};

}  // namespace tradegraph::kernels
