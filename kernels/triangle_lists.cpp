#include "kernels/triangle_lists.hpp"

#include <omp.h>

#include <vector>

namespace tradegraph::kernels {

namespace {

using matrix::CompactCsr;

/// Which columns a row has.
class Marks {
 public:
  explicit Marks(std::size_t columns) : words_(columns / 64 + 1, 0) {}

  void set(std::span<const std::uint32_t> columns) {
    for (const auto c : columns) words_[c >> 6] |= std::uint64_t{1} << (c & 63);
  }
  void clear(std::span<const std::uint32_t> columns) {
    for (const auto c : columns) words_[c >> 6] = 0;
  }
  [[nodiscard]] const std::uint64_t* words() const { return words_.data(); }

 private:
  std::vector<std::uint64_t> words_;
};

void add(std::int64_t& count, std::int64_t found) {
#pragma omp atomic
  count += found;
}

/// The rows that a row of `left` will lead to are on their way from memory while rows before it are
/// worked on. (Inlined by force: as a call without effects it would be dropped.)
[[gnu::always_inline]] inline void prefetch(const CompactCsr& left, const CompactCsr& right,
                                            std::int64_t row) {
  constexpr std::int64_t kPointersAhead = 8;
  constexpr std::int64_t kColumnsAhead = 4;
  if (row + kPointersAhead >= left.rows()) return;
  for (const auto k : left.row(row + kPointersAhead)) __builtin_prefetch(&right.pointers[k]);
  for (const auto k : left.row(row + kColumnsAhead)) {
    __builtin_prefetch(right.columns.data() + right.pointers[k]);
  }
}

/// Row k of `right` against the marks. Plain pointers: an atomic addition would have the compiler
/// load others again.
std::int64_t scan(std::span<const std::uint32_t> row, const std::uint64_t* marks,
                  std::int64_t* of_column) {
  std::int64_t found = 0;
  for (const auto j : row) {
    if (((marks[j >> 6] >> (j & 63)) & 1) == 0) continue;
    ++found;
    add(of_column[j], 1);
  }
  return found;
}

TriangleWork count_row(std::int64_t i, const CompactCsr& left, const CompactCsr& right,
                       const Marks& marks, const TriangleCounts& counts) {
  TriangleWork work;
  std::int64_t found = 0;
  for (const auto k : left.row(i)) {
    const auto row = right.row(k);
    ++work.links;
    work.entries += static_cast<std::int64_t>(row.size());
    const auto of_link = scan(row, marks.words(), counts.of_column.data());
    if (of_link > 0) add(counts.of_inner[k], of_link);
    found += of_link;
  }
  if (found > 0) add(counts.of_row[static_cast<std::size_t>(i)], found);
  return work;
}

}  // namespace

TriangleWork count_triangles(const CompactCsr& mask, const CompactCsr& left,
                             const CompactCsr& right, const TriangleCounts& counts) {
  std::vector<Marks> marks_of_thread(static_cast<std::size_t>(omp_get_max_threads()),
                                     Marks(counts.of_column.size()));
  std::int64_t links = 0;
  std::int64_t entries = 0;
#pragma omp parallel for schedule(dynamic, 256) reduction(+ : links, entries)
  for (std::int64_t i = 0; i < mask.rows(); ++i) {
    prefetch(left, right, i);
    if (mask.row(i).empty() || left.row(i).empty()) continue;
    auto& marks = marks_of_thread[static_cast<std::size_t>(omp_get_thread_num())];
    marks.set(mask.row(i));
    const auto work = count_row(i, left, right, marks, counts);
    marks.clear(mask.row(i));
    links += work.links;
    entries += work.entries;
  }
  return {links, entries};
}

}  // namespace tradegraph::kernels
