#pragma once
/// Loops over OpenMP threads whose bodies may throw.

#include <omp.h>

#include <atomic>
#include <cstdint>
#include <exception>

namespace tradegraph {

/// Runs `work(i)` for i in [0, count) on all threads, in any order. If bodies throw, the exception
/// of the smallest i is rethrown after the loop, so that the outcome does not depend on timing.
/// Not collective.
template <class Work>
void parallel_for(std::int64_t count, Work&& work) {
  std::exception_ptr failure;
  std::int64_t failed_at = count;
#pragma omp parallel for schedule(dynamic) if (count > 1)
  for (std::int64_t i = 0; i < count; ++i) {
    try {
      work(i);
    } catch (...) {
#pragma omp critical(tradegraph_parallel_for)
      if (i < failed_at) {
        failed_at = i;
        failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
}

/// Runs `work(begin, end)` over consecutive pieces of [0, count), each `grain` long but the last.
template <class Work>
void parallel_pieces(std::int64_t count, Work&& work, std::int64_t grain = 16384) {
  parallel_for((count + grain - 1) / grain, [&](std::int64_t piece) {
    const std::int64_t begin = piece * grain;
    work(begin, begin + grain < count ? begin + grain : count);
  });
}

/// For work that keeps something of its own a thread: runs `work(take)` once on each of at most
/// `count` threads; `take()` gives the next of 0 .. count-1 to work on, and -1 when none is left.
template <class Work>
void parallel_takers(std::int64_t count, Work&& work) {
  std::atomic<std::int64_t> next = 0;
  const auto threads = static_cast<std::int64_t>(omp_get_max_threads());
  parallel_for(count < threads ? count : threads, [&](std::int64_t) {
    work([&]() -> std::int64_t {
      const auto mine = next.fetch_add(1, std::memory_order_relaxed);
      return mine < count ? mine : -1;
    });
  });
}

}  // namespace tradegraph
