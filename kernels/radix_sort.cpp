#include "kernels/radix_sort.hpp"

#include <omp.h>

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "engine/base/buffer.hpp"

namespace tradegraph::kernels {

namespace {

constexpr int kMostDigitBits = 12;
constexpr std::size_t kSmall = 1 << 13;  // below, threads and histograms cost more than they save

struct Digit {
  int shift;
  int bits;
  [[nodiscard]] std::size_t buckets() const { return std::size_t{1} << bits; }
  template <class Keyed>
  [[nodiscard]] std::size_t operator()(const Keyed& item) const {
    return static_cast<std::size_t>(item.key >> shift) & (buckets() - 1);
  }
};

/// Counts a thread and digit -> where each thread writes its first item of each digit.
void to_write_positions(std::vector<std::size_t>& counts, std::size_t buckets) {
  std::size_t position = 0;
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) {
    for (std::size_t at = bucket; at < counts.size(); at += buckets) {
      auto& count = counts[at];
      const auto here = position;
      position += count;
      count = here;
    }
  }
}

/// One stable pass from `from` to `to`; `counts` has an entry a bucket and thread.
template <class Keyed>
void pass(std::span<const Keyed> from, std::span<Keyed> to, Digit digit,
          std::vector<std::size_t>& counts) {
  const auto threads = counts.size() / digit.buckets();
  const auto n = from.size();
  std::fill(counts.begin(), counts.end(), 0);
#pragma omp parallel num_threads(static_cast<int>(threads))
  {
    // A team may come out smaller than asked for; whoever is there takes all the slices.
    const auto team = static_cast<std::size_t>(omp_get_num_threads());
    const auto me = static_cast<std::size_t>(omp_get_thread_num());
    for (auto slice = me; slice < threads; slice += team) {
      auto* mine = &counts[slice * digit.buckets()];
      for (auto i = n * slice / threads; i < n * (slice + 1) / threads; ++i) ++mine[digit(from[i])];
    }
#pragma omp barrier
#pragma omp single
    to_write_positions(counts, digit.buckets());
    for (auto slice = me; slice < threads; slice += team) {
      auto* mine = &counts[slice * digit.buckets()];
      for (auto i = n * slice / threads; i < n * (slice + 1) / threads; ++i) {
        to[mine[digit(from[i])]++] = from[i];
      }
    }
  }
}

}  // namespace

template <class Keyed>
void sort_by_key(std::span<Keyed> items, int key_bits) {
  if (items.size() < kSmall) {
    std::stable_sort(items.begin(), items.end(),
                     [](const auto& a, const auto& b) { return a.key < b.key; });
    return;
  }
  Buffer<Keyed> other(std::ssize(items));
  std::span<Keyed> from = items;
  std::span<Keyed> to = other;
  const int passes = (key_bits + kMostDigitBits - 1) / kMostDigitBits;
  for (int done = 0, shift = 0; done < passes; ++done) {
    const Digit digit{shift, (key_bits - shift) / (passes - done)};
    std::vector<std::size_t> counts(static_cast<std::size_t>(omp_get_max_threads()) *
                                    digit.buckets());
    pass<Keyed>(from, to, digit, counts);
    std::swap(from, to);
    shift += digit.bits;
  }
  if (from.data() == items.data()) return;
#pragma omp parallel for schedule(static)
  for (std::size_t i = 0; i < items.size(); ++i) items[i] = from[i];
}

template void sort_by_key(std::span<KeyedPoint> items, int key_bits);
template void sort_by_key(std::span<ShortKeyedPoint> items, int key_bits);
template void sort_by_key(std::span<Key> items, int key_bits);

}  // namespace tradegraph::kernels
