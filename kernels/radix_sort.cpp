#include "kernels/radix_sort.hpp"

#include <omp.h>

#include <algorithm>
#include <cstddef>

namespace tradegraph::kernels {

namespace {

constexpr int kDigitBits = 11;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
constexpr std::size_t kSmall = 1 << 13;  // below, threads and histograms cost more than they save

struct Digit {
  int shift;
  [[nodiscard]] std::size_t operator()(const KeyedPoint& item) const {
    return static_cast<std::size_t>(item.key >> shift) & (kBuckets - 1);
  }
};

/// Counts a thread and digit -> where each thread writes its first item of each digit.
void to_write_positions(std::vector<std::size_t>& counts, std::size_t threads) {
  std::size_t position = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    for (std::size_t thread = 0; thread < threads; ++thread) {
      auto& count = counts[thread * kBuckets + bucket];
      const auto here = position;
      position += count;
      count = here;
    }
  }
}

/// One stable pass from `from` to `to`; `counts` has kBuckets entries a thread.
void pass(const std::vector<KeyedPoint>& from, std::vector<KeyedPoint>& to, Digit digit,
          std::vector<std::size_t>& counts) {
  const auto threads = counts.size() / kBuckets;
  const auto n = from.size();
  std::fill(counts.begin(), counts.end(), 0);
#pragma omp parallel num_threads(static_cast<int>(threads))
  {
    // A team may come out smaller than asked for; whoever is there takes all the slices.
    const auto team = static_cast<std::size_t>(omp_get_num_threads());
    const auto me = static_cast<std::size_t>(omp_get_thread_num());
    for (auto slice = me; slice < threads; slice += team) {
      auto* mine = &counts[slice * kBuckets];
      for (auto i = n * slice / threads; i < n * (slice + 1) / threads; ++i) ++mine[digit(from[i])];
    }
#pragma omp barrier
#pragma omp single
    to_write_positions(counts, threads);
    for (auto slice = me; slice < threads; slice += team) {
      auto* mine = &counts[slice * kBuckets];
      for (auto i = n * slice / threads; i < n * (slice + 1) / threads; ++i) {
        to[mine[digit(from[i])]++] = from[i];
      }
    }
  }
}

}  // namespace

void sort_by_key(std::vector<KeyedPoint>& items, int key_bits) {
  if (items.size() < kSmall) {
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.key < b.key; });
    return;
  }
  std::vector<KeyedPoint> other(items.size());
  std::vector<std::size_t> counts(static_cast<std::size_t>(omp_get_max_threads()) * kBuckets);
  for (int shift = 0; shift < key_bits; shift += kDigitBits) {
    pass(items, other, Digit{shift}, counts);
    items.swap(other);
  }
}

}  // namespace tradegraph::kernels
