#include "engine/matrix/csr_build.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <functional>
#include <numeric>
#include <tuple>
#include <utility>

#include "engine/base/parallel.hpp"

namespace tradegraph::matrix {

namespace {

using Column = CsrBlock::Column;

constexpr std::int64_t kEntriesAChunk = 1 << 16;
constexpr std::int64_t kMostChunks = 256;
constexpr std::int64_t kMostBuckets = 1024;

std::int64_t chunks_for(std::int64_t entries) {
  return std::clamp<std::int64_t>(entries / kEntriesAChunk, 1, kMostChunks);
}

/// Entries in the order of the input.
class ListedEntries {
 public:
  explicit ListedEntries(std::span<const PackedEntry> entries)
      : entries_(entries), chunks_(chunks_for(size())) {}

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(entries_.size()); }
  [[nodiscard]] std::int64_t chunks() const { return chunks_; }
  /// visit(row)
  template <class Visit>
  void for_each_row(std::int64_t chunk, Visit&& visit) const {
    for_each(chunk, [&](std::uint32_t row, Column, std::int64_t) { visit(row); });
  }
  /// visit(row, column, number of the entry)
  template <class Visit>
  void for_each(std::int64_t chunk, Visit&& visit) const {
    for (auto i = size() * chunk / chunks_; i < size() * (chunk + 1) / chunks_; ++i) {
      const auto entry = entries_[static_cast<std::size_t>(i)];
      visit(row_of(entry), column_of(entry), i);
    }
  }

 private:
  std::span<const PackedEntry> entries_;
  std::int64_t chunks_;
};

/// Entries of a block with rows and columns exchanged.
class TurnedEntries {
 public:
  explicit TurnedEntries(const CsrBlock& block) : block_(block), chunks_(chunks_for(size())) {}

  [[nodiscard]] std::int64_t size() const { return block_.entries(); }
  [[nodiscard]] std::int64_t chunks() const { return chunks_; }
  template <class Visit>
  void for_each_row(std::int64_t chunk, Visit&& visit) const {
    const auto columns = block_.column_of_entry();
    const auto end = static_cast<std::size_t>(block_.begin(first_row(chunk + 1)));
    for (auto i = static_cast<std::size_t>(block_.begin(first_row(chunk))); i < end; ++i) {
      visit(columns[i]);
    }
  }
  template <class Visit>
  void for_each(std::int64_t chunk, Visit&& visit) const {
    for (auto r = first_row(chunk); r < first_row(chunk + 1); ++r) {
      auto number = block_.begin(r);
      for (const auto column : block_.row(r)) visit(column, static_cast<Column>(r), number++);
    }
  }

 private:
  [[nodiscard]] std::int64_t first_row(std::int64_t chunk) const {
    if (chunk == chunks_) return block_.rows();
    const auto pointers = block_.pointers();
    const auto at = std::lower_bound(pointers.begin(), pointers.end(), size() * chunk / chunks_);
    return std::min(block_.rows(), static_cast<std::int64_t>(at - pointers.begin()));
  }

  const CsrBlock& block_;
  std::int64_t chunks_;
};

struct Moved {
  std::uint32_t row;
  Column column;
};
struct MovedNumbered {
  std::uint32_t row;
  Column column;
  std::int64_t number;
};

/// Entries by row, then column, then the order they came in.
struct Sorted {
  CsrBlock::Pattern pattern;
  Buffer<std::int64_t> number;  ///< of each entry in the input; empty unless asked for
  bool repeats = false;
};

/// Sorts entries by row. `Entry` is `Moved`, or `MovedNumbered` to learn where each came from.
template <class Entry, class Source>
class RowSorter {
 public:
  RowSorter(std::int64_t rows, const Source& source)
      : rows_(rows),
        source_(source),
        shift_(static_cast<int>(std::bit_width(static_cast<std::uint64_t>(rows / kMostBuckets)))),
        buckets_((rows >> shift_) + 1),
        moved_(source.size()),
        bucket_begin_(static_cast<std::size_t>(buckets_) + 1, 0) {
    sorted_.pattern = {Buffer<std::int64_t>(rows + 1), Buffer<Column>(source.size())};
    if constexpr (kNumbered) sorted_.number = Buffer<std::int64_t>(source.size());
  }

  [[nodiscard]] Sorted run() {
    to_buckets();
    std::atomic<bool> repeats = false;
    parallel_takers(buckets_, [&](const auto& take) {
      std::vector<std::int64_t> next;
      std::vector<std::pair<Column, std::int64_t>> scratch;
      for (auto b = take(); b >= 0; b = take()) {
        if (sort_bucket(b, next, scratch)) repeats = true;
      }
    });
    sorted_.pattern.pointers[rows_] = source_.size();
    sorted_.repeats = repeats;
    return std::move(sorted_);
  }

 private:
  static constexpr bool kNumbered = std::is_same_v<Entry, MovedNumbered>;

  // Loops keep what they write through in variables of their own: members might be written over.
  void to_buckets() {
    const auto chunks = source_.chunks();
    const int shift = shift_;
    std::vector<std::int64_t> at(static_cast<std::size_t>(chunks * buckets_), 0);
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t c = 0; c < chunks; ++c) {
      auto* const counts = at.data() + c * buckets_;
      source_.for_each_row(c, [=](std::uint32_t row) { ++counts[row >> shift]; });
    }
    std::int64_t before = 0;
    for (std::int64_t b = 0; b < buckets_; ++b) {
      bucket_begin_[static_cast<std::size_t>(b)] = before;
      for (std::int64_t c = 0; c < chunks; ++c) {
        auto& count = at[static_cast<std::size_t>(c * buckets_ + b)];
        before += std::exchange(count, before);
      }
    }
    bucket_begin_.back() = before;
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t c = 0; c < chunks; ++c) {
      auto* const next = at.data() + c * buckets_;
      auto* const moved = moved_.data();
      source_.for_each(c, [=](std::uint32_t row, Column column, std::int64_t number) {
        auto& to = moved[next[row >> shift]++];
        if constexpr (kNumbered) {
          to = {row, column, number};
        } else {
          to = {row, column};
        }
      });
    }
  }

  /// Sorts one bucket by row and column; whether an entry repeats.
  bool sort_bucket(std::int64_t b, std::vector<std::int64_t>& next,
                   std::vector<std::pair<Column, std::int64_t>>& scratch) {
    const auto first = b << shift_;
    const auto last = std::min(rows_, (b + 1) << shift_);
    const auto begin = bucket_begin_[static_cast<std::size_t>(b)];
    const auto end = bucket_begin_[static_cast<std::size_t>(b) + 1];
    next.assign(static_cast<std::size_t>(last - first) + 1, 0);
    auto* const at = next.data();  // of a row, counted from the bucket's first
    const auto* const moved = moved_.data();
    auto* const pointers = sorted_.pattern.pointers.data();
    auto* const columns = sorted_.pattern.columns.data();
    for (auto i = begin; i < end; ++i) ++at[moved[i].row - first];
    auto before = begin;
    for (auto r = first; r < last; ++r) {
      pointers[r] = before;
      before += std::exchange(at[r - first], before);
    }
    for (auto i = begin; i < end; ++i) {
      const auto to = at[moved[i].row - first]++;
      columns[to] = moved[i].column;
      if constexpr (kNumbered) sorted_.number[to] = moved[i].number;
    }
    bool repeats = false;
    for (auto r = first; r < last; ++r) {
      repeats = sort_row(pointers[r], at[r - first], scratch) || repeats;
    }
    return repeats;
  }

  /// Whether an entry repeats.
  bool sort_row(std::int64_t begin, std::int64_t end,
                std::vector<std::pair<Column, std::int64_t>>& scratch) {
    auto* columns = sorted_.pattern.columns.data();
    if (std::adjacent_find(columns + begin, columns + end, std::greater_equal<>()) ==
        columns + end) {
      return false;
    }
    if constexpr (kNumbered) {
      scratch.clear();
      for (auto i = begin; i < end; ++i) scratch.emplace_back(columns[i], sorted_.number[i]);
      std::sort(scratch.begin(), scratch.end());
      for (auto i = begin; i < end; ++i) {
        std::tie(columns[i], sorted_.number[i]) = scratch[static_cast<std::size_t>(i - begin)];
      }
    } else {
      std::sort(columns + begin, columns + end);
    }
    return std::adjacent_find(columns + begin, columns + end) != columns + end;
  }

  std::int64_t rows_;
  const Source& source_;
  int shift_;
  std::int64_t buckets_;
  Buffer<Entry> moved_;
  std::vector<std::int64_t> bucket_begin_;
  Sorted sorted_;
};

template <class Entry, class Source>
Sorted sort_by_row(std::int64_t rows, const Source& source) {
  return RowSorter<Entry, Source>(rows, source).run();
}

/// Number of the first of the equal entries, by entry of the merged pattern; one more at the end.
struct Merged {
  CsrBlock::Pattern pattern;
  Buffer<std::int64_t> first;
};

Merged merge_repeats(const CsrBlock::Pattern& sorted) {
  const auto rows = sorted.pointers.ssize() - 1;
  const auto* columns = sorted.columns.data();
  const auto starts_group = [&](std::int64_t r, std::int64_t i) {
    return i == sorted.pointers[r] || columns[i] != columns[i - 1];
  };
  Buffer<std::int64_t> pointers(rows + 1);
  pointers[rows] = 0;
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < rows; ++r) {
    pointers[r] = 0;
    for (auto i = sorted.pointers[r]; i < sorted.pointers[r + 1]; ++i) {
      pointers[r] += starts_group(r, i) ? 1 : 0;
    }
  }
  std::exclusive_scan(pointers.begin(), pointers.end(), pointers.begin(), std::int64_t{0});
  Merged merged{{std::move(pointers), {}}, {}};
  const auto kept = merged.pattern.pointers[rows];
  merged.pattern.columns = Buffer<Column>(kept);
  merged.first = Buffer<std::int64_t>(kept + 1);
  merged.first[kept] = sorted.columns.ssize();
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < rows; ++r) {
    auto to = merged.pattern.pointers[r];
    for (auto i = sorted.pointers[r]; i < sorted.pointers[r + 1]; ++i) {
      if (!starts_group(r, i)) continue;
      merged.pattern.columns[to] = columns[i];
      merged.first[to++] = i;
    }
  }
  return merged;
}

/// values[number] in the order of the sorted entries; groups from `first` on are added up.
template <class T>
Buffer<T> arranged(std::span<const T> values, const Buffer<std::int64_t>& number,
                   const Buffer<std::int64_t>& first) {
  const auto value = [&](std::int64_t i) { return values[static_cast<std::size_t>(number[i])]; };
  const auto count = first.empty() ? number.ssize() : first.ssize() - 1;
  Buffer<T> result(count);
#pragma omp parallel for schedule(static)
  for (std::int64_t k = 0; k < count; ++k) {
    const auto begin = first.empty() ? k : first[k];
    const auto end = first.empty() ? k + 1 : first[k + 1];
    T sum = value(begin);
    for (auto i = begin + 1; i < end; ++i) sum += value(i);
    result[k] = sum;
  }
  return result;
}

}  // namespace

std::vector<CsrBlock> build_csr(std::int64_t rows, std::int64_t columns,
                                std::span<const PackedEntry> entries,
                                std::span<const ValueColumn> values) {
  CsrBlock::check_columns(columns);
  const ListedEntries listed(entries);
  auto sorted =
      values.empty() ? sort_by_row<Moved>(rows, listed) : sort_by_row<MovedNumbered>(rows, listed);
  Buffer<std::int64_t> first;
  if (sorted.repeats) {
    auto merged = merge_repeats(sorted.pattern);
    sorted.pattern = std::move(merged.pattern);
    first = std::move(merged.first);
  }
  std::vector<CsrBlock> blocks{CsrBlock(columns, std::move(sorted.pattern))};
  for (const auto& column : values) {
    blocks.push_back(std::visit(
        [&](auto of_entry) {
          return blocks.front().with_values(arranged(of_entry, sorted.number, first));
        },
        column));
  }
  return blocks;
}

CsrBlock transposed(const CsrBlock& block) {
  CsrBlock::check_columns(block.rows());
  const TurnedEntries turned(block);
  if (block.type() == ValueType::pattern) {
    return CsrBlock(block.rows(), sort_by_row<Moved>(block.columns(), turned).pattern);
  }
  auto sorted = sort_by_row<MovedNumbered>(block.columns(), turned);
  const CsrBlock pattern(block.rows(), std::move(sorted.pattern));
  return with_value_type(block.type(), [&](auto zero) {
    return pattern.with_values(arranged(block.values<decltype(zero)>(), sorted.number, {}));
  });
}

}  // namespace tradegraph::matrix
