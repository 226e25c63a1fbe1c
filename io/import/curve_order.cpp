#include "io/import/curve_order.hpp"

#include <omp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/comm/collectives.hpp"
#include "io/parallel.hpp"

namespace tradegraph::io {

namespace {

struct KeyedItem {
  std::uint64_t key;
  std::int64_t item;
  friend auto operator<=>(const KeyedItem&, const KeyedItem&) = default;
};

/// Sorts by (key, item): pieces by threads, then merges pairs of neighbours.
std::vector<KeyedItem> sorted_items(std::span<const std::uint64_t> keys) {
  std::vector<KeyedItem> items(keys.size());
  const auto count = static_cast<std::int64_t>(keys.size());
  const std::int64_t threads = omp_get_max_threads();
  const std::int64_t grain = std::max<std::int64_t>(4096, (count + threads - 1) / threads);
  parallel_pieces(
      count,
      [&](std::int64_t begin, std::int64_t end) {
        for (auto i = begin; i < end; ++i) {
          items[static_cast<std::size_t>(i)] = {keys[static_cast<std::size_t>(i)], i};
        }
        std::sort(items.begin() + begin, items.begin() + end);
      },
      grain);
  for (std::int64_t width = grain; width < count; width *= 2) {
    parallel_pieces(
        count,
        [&](std::int64_t begin, std::int64_t end) {
          if (begin + width >= end) return;
          std::inplace_merge(items.begin() + begin, items.begin() + begin + width,
                             items.begin() + end);
        },
        2 * width);
  }
  return items;
}

std::vector<std::int64_t> count_below(const std::vector<KeyedItem>& items,
                                      std::span<const std::uint64_t> keys) {
  std::vector<std::int64_t> counts;
  for (const auto key : keys) {
    const auto at = std::lower_bound(items.begin(), items.end(), KeyedItem{key, -1});
    counts.push_back(at - items.begin());
  }
  return counts;
}

/// For each of the p - 1 cuts, how many of this rank's sorted items come before it.
std::vector<std::int64_t> find_cuts(const comm::Communicator& comm,
                                    const std::vector<KeyedItem>& items) {
  const auto total =
      comm::all_reduce(comm, static_cast<std::int64_t>(items.size()), comm::ReduceOp::sum);
  const auto cuts = static_cast<std::size_t>(comm.size() - 1);
  std::vector<std::int64_t> target;
  for (int r = 1; r < comm.size(); ++r) target.push_back(total * r / comm.size());
  // The largest key with at most `target` items below it, built from its highest bit down.
  std::vector<std::uint64_t> key(cuts, 0);
  for (int bit = 62; bit >= 0; --bit) {
    auto trial = key;
    for (auto& k : trial) k |= std::uint64_t{1} << bit;
    auto below = count_below(items, trial);
    comm::all_reduce_in_place(comm, std::span<std::int64_t>(below), comm::ReduceOp::sum);
    for (std::size_t c = 0; c < cuts; ++c) {
      if (below[c] <= target[c]) key[c] = trial[c];
    }
  }
  // Items of that very key are dealt to the cut in rank order.
  const auto mine_below = count_below(items, key);
  auto after = key;
  for (auto& k : after) ++k;
  const auto mine_through = count_below(items, after);
  auto below = mine_below;
  comm::all_reduce_in_place(comm, std::span<std::int64_t>(below), comm::ReduceOp::sum);
  std::vector<std::int64_t> result(cuts);
  for (std::size_t c = 0; c < cuts; ++c) {
    const std::int64_t equal = mine_through[c] - mine_below[c];
    const std::int64_t before = comm::exclusive_scan(comm, equal);
    const std::int64_t wanted = target[c] - below[c] - before;
    result[c] = mine_below[c] + std::clamp<std::int64_t>(wanted, 0, equal);
  }
  return result;
}

/// How the curve lies in a square: its axes may be exchanged, and both mirrored.
constexpr std::uint32_t kExchanged = 1;
constexpr std::uint32_t kMirrored = 2;

/// Four levels of the curve at once: for each way it may lie and each four bits of x and of y, the
/// eight bits of the position and, above them, how the curve lies in that cell.
constexpr int kLevels = 4;
constexpr std::uint32_t kSide = 1U << kLevels;

constexpr std::uint16_t descend(std::uint32_t lie, std::uint32_t x, std::uint32_t y) {
  std::uint32_t position = 0;
  for (int bit = kLevels - 1; bit >= 0; --bit) {
    const std::uint32_t bits[2] = {(x >> bit) & 1, (y >> bit) & 1};
    const std::uint32_t mirrored = (lie & kMirrored) != 0 ? 1 : 0;
    const std::uint32_t right = bits[lie & kExchanged] ^ mirrored;
    const std::uint32_t upper = bits[1 - (lie & kExchanged)] ^ mirrored;
    position = (position << 2) | ((3 * right) ^ upper);
    // A lower quadrant's curve is the whole one, turned, and on the right mirrored.
    if (upper == 0) lie ^= right == 1 ? kExchanged | kMirrored : kExchanged;
  }
  return static_cast<std::uint16_t>((lie << 8) | position);
}

constexpr auto kDescents = [] {
  std::array<std::uint16_t, 4 * kSide * kSide> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    table[i] = descend(i / (kSide * kSide), i / kSide % kSide, i % kSide);
  }
  return table;
}();

}  // namespace

std::uint64_t hilbert_position(std::uint32_t x, std::uint32_t y) {
  static_assert(kHilbertOrder == 31, "one level more than the curve has makes whole steps of four");
  // The level above is all in its lower left quadrant, which exchanges the axes: begin exchanged.
  std::uint32_t lie = kExchanged;
  std::uint64_t position = 0;
  for (int bit = 32 - kLevels; bit >= 0; bit -= kLevels) {
    const std::uint32_t step =
        kDescents[(lie * kSide + ((x >> bit) % kSide)) * kSide + ((y >> bit) % kSide)];
    position = (position << (2 * kLevels)) | (step & 0xFF);
    lie = step >> 8;
  }
  return position;
}

std::vector<std::uint64_t> curve_keys(const comm::Communicator& comm, std::span<const double> x,
                                      std::span<const double> y) {
  constexpr double kFar = std::numeric_limits<double>::max();
  std::array<double, 4> bounds{kFar, kFar, kFar, kFar};  // min x, min y, -max x, -max y
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i])) continue;
    bounds = {std::min(bounds[0], x[i]), std::min(bounds[1], y[i]), std::min(bounds[2], -x[i]),
              std::min(bounds[3], -y[i])};
  }
  comm::all_reduce_in_place(comm, std::span<double>(bounds), comm::ReduceOp::min);
  const double side = std::max(-bounds[2] - bounds[0], -bounds[3] - bounds[1]);
  constexpr double kCells = 2147483648.0;
  const double cells_a_metre = side > kCells / kFar ? kCells / side : 0;
  const auto cell = [&](double value, double lowest) {
    return static_cast<std::uint32_t>(std::min((value - lowest) * cells_a_metre, kCells - 1));
  };
  std::vector<std::uint64_t> keys(x.size(), kNoPlaceKey);
  parallel_pieces(static_cast<std::int64_t>(x.size()), [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      if (std::isnan(x[i])) continue;
      keys[i] = hilbert_position(cell(x[i], bounds[0]), cell(y[i], bounds[1]));
    }
  });
  return keys;
}

CurveOrder order_by_key(const comm::Communicator& comm, std::span<const std::uint64_t> keys) {
  const auto items = sorted_items(keys);
  CurveOrder result;
  result.order.reserve(items.size());
  for (const auto& item : items) result.order.push_back(item.item);
  result.destination.assign(items.size(), 0);
  if (comm.size() == 1) return result;
  for (const auto cut : find_cuts(comm, items)) {
    for (auto i = static_cast<std::size_t>(cut); i < items.size(); ++i) ++result.destination[i];
  }
  return result;
}

}  // namespace tradegraph::io
