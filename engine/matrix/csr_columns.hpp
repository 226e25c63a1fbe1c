#pragma once
/// Sums a column of a block, by several threads without locks.

#include <omp.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/matrix/csr_block.hpp"

namespace tradegraph::matrix {

namespace detail {

/// Each thread adds on an array of its own, as long as these take no more memory than twice the
/// entries with values.
template <class T>
int threads_for_columns(const CsrBlock& block) {
  const auto room = block.entries() * 16;
  const auto array =
      std::max<std::int64_t>(block.columns(), 1) * static_cast<std::int64_t>(sizeof(T));
  return static_cast<int>(std::clamp<std::int64_t>(room / array, 1, omp_get_max_threads()));
}

}  // namespace detail

/// One T a column, 0 at first. `add(row, sums)` adds to `sums[column]` for the entries of a row; it
/// is called once a row, by several threads. T is an integer, so that the order does not show.
template <class T, class Add>
[[nodiscard]] std::vector<T> sum_columns(const CsrBlock& block, const Add& add) {
  const int threads = detail::threads_for_columns<T>(block);
  std::vector<Buffer<T>> of_thread;
  for (int t = 0; t < threads; ++t) of_thread.emplace_back(block.columns());
  std::vector<T> sums(static_cast<std::size_t>(block.columns()));
#pragma omp parallel num_threads(threads)
  {
    auto& mine = of_thread[static_cast<std::size_t>(omp_get_thread_num())];
    std::fill(mine.begin(), mine.end(), T{});
#pragma omp for schedule(dynamic, 2048)
    for (std::int64_t r = 0; r < block.rows(); ++r) add(r, mine.data());
    // A team may come out smaller than asked for: then the other arrays hold nothing.
    const auto team = static_cast<std::size_t>(omp_get_num_threads());
#pragma omp for schedule(static)
    for (std::int64_t c = 0; c < block.columns(); ++c) {
      T sum{};
      for (std::size_t t = 0; t < team; ++t) sum += of_thread[t][c];
      sums[static_cast<std::size_t>(c)] = sum;
    }
  }
  return sums;
}

}  // namespace tradegraph::matrix
