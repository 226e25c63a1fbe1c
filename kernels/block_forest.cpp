#include "kernels/block_forest.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::kernels {

using matrix::CsrBlock;
using matrix::DistributedMatrix;

namespace {

/// Firms of a block's rows or columns. One number a strip, so that the table stays in the nearest
/// cache while links ask for their firms at random.
class FirmNumbers {
 public:
  FirmNumbers(const matrix::Partition& partition, int part)
      : shift_(std::has_single_bit(static_cast<std::uint64_t>(partition.strip_length()))
                   ? std::countr_zero(static_cast<std::uint64_t>(partition.strip_length()))
                   : 0) {
    for (std::int64_t local = 0; local < partition.local_size(part); local += 1LL << shift_) {
      firm_minus_local_.push_back(partition.global_of(part, local).value() - local);
    }
  }
  [[nodiscard]] std::int64_t operator[](std::int64_t local) const {
    return local + firm_minus_local_[static_cast<std::size_t>(local >> shift_)];
  }

 private:
  int shift_;
  std::vector<std::int64_t> firm_minus_local_;
};

/// Hangs the firm of each row below its first entry, where that is smaller: no other row writes
/// there, so this needs no joining.
template <class Index, class Firms>
void hang_rows(const CsrBlock& block, FirmForest<Index>& forest, const Firms& firms) {
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    if (block.row(r).empty()) continue;
    const auto [firm, other] = firms(r, block.row(r).front());
    if (other < firm) forest.hang(firm, other);
  }
}

/// Joins each row with its middle entry.
template <class Index, class Firms>
void join_sample(const CsrBlock& block, FirmForest<Index>& forest, const Firms& firms) {
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    const auto row = block.row(r);
    if (row.size() < 2) continue;
    const auto [firm, other] = firms(r, row[row.size() / 2]);
    forest.join(firm, other);
  }
  forest.compress();
}

/// The root of most of some firms spread over all; -1 without firms. Nearly always that of the
/// giant component, if there is one.
template <class Index>
std::int64_t frequent_root(std::span<const Index> parents) {
  constexpr std::size_t kSample = 1024;
  std::vector<std::int64_t> roots;
  const auto step = parents.size() / kSample + 1;
  for (std::size_t v = 0; v < parents.size(); v += step) {
    roots.push_back(static_cast<std::int64_t>(parents[v]));
  }
  std::sort(roots.begin(), roots.end());
  std::int64_t best = -1;
  std::size_t most = 0;
  for (std::size_t begin = 0, end = 0; begin < roots.size(); begin = end) {
    while (end < roots.size() && roots[end] == roots[begin]) ++end;
    if (end - begin > most) {
      most = end - begin;
      best = roots[begin];
    }
  }
  return best;
}

/// The largest set of a compressed forest, most likely, and which firms were in it: a bit each, so
/// that they stay in a near cache where parents don't.
template <class Index>
class GiantSet {
 public:
  explicit GiantSet(const FirmForest<Index>& forest)
      : root_(frequent_root(forest.parents())), words_((std::ssize(forest.parents()) + 63) / 64) {
    const auto parents = forest.parents();
    const auto n = std::ssize(parents);
#pragma omp parallel for schedule(static)
    for (std::int64_t w = 0; w < words_.ssize(); ++w) {
      std::uint64_t word = 0;
      for (auto v = 64 * w; v < std::min(64 * w + 64, n); ++v) {
        const bool is_in = static_cast<std::int64_t>(parents[static_cast<std::size_t>(v)]) == root_;
        word |= static_cast<std::uint64_t>(is_in) << (v % 64);
      }
      words_[w] = word;
    }
  }
  [[nodiscard]] bool has(std::int64_t firm) const {
    return (words_[firm / 64] >> (firm % 64) & 1) != 0;
  }
  [[nodiscard]] std::int64_t root() const { return root_; }

 private:
  std::int64_t root_;
  Buffer<std::uint64_t> words_;
};

constexpr std::size_t kRun = 256;

/// Joins a row with up to `kRun` of its entries, but for links inside the giant set. Which these
/// are cannot be foreseen, so entries are picked without a branch.
template <class Index, class Firms>
void join_row(std::span<const CsrBlock::Column> columns, const GiantSet<Index>& giant,
              FirmForest<Index>& forest, const Firms& firms) {
  std::array<std::int64_t, kRun> picked;
  std::size_t count = 0;
  const auto row_firm = firms(columns.front()).first;
  const bool is_inside = giant.has(row_firm);
  for (const auto column : columns) {
    const auto other = firms(column).second;
    picked[count] = other;
    count += is_inside && giant.has(other) ? 0 : 1;
  }
  for (std::size_t k = 0; k < count; ++k) forest.join(row_firm, picked[k]);
}

/// `firms(row, column)`: the two firms of an entry.
template <class Index, class Firms>
void join_all(const CsrBlock& block, FirmForest<Index>& forest, const Firms& firms) {
  hang_rows(block, forest, firms);
  join_sample(block, forest, firms);
  const GiantSet<Index> giant(forest);
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    const auto row = block.row(r);
    for (std::size_t begin = 0; begin < row.size(); begin += kRun) {
      join_row(row.subspan(begin, std::min(kRun, row.size() - begin)), giant, forest,
               [&](std::int64_t column) { return firms(r, column); });
    }
  }
  forest.compress();
}

/// The other rank's parents of all firms; nothing if `other` is out of the group. Collective.
template <class Index>
std::vector<Index> exchange(const comm::Communicator& group, std::span<const Index> mine,
                            bool sends, int other) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(group.size()), 0);
  if (sends) counts[static_cast<std::size_t>(other)] = std::ssize(mine);
  return comm::all_to_all_v(group, sends ? mine : mine.first(0), counts).values;
}

/// A firm of both ranks' giant sets needs no joining but that of these two, so most are read in
/// order only.
template <class Index>
void join_parents(std::span<const Index> parents, FirmForest<Index>& forest) {
  if (parents.empty()) return;
  const auto n = std::ssize(parents);
  const GiantSet<Index> giant(forest);
  const auto their_giant = frequent_root(parents);
  bool meet = false;
#pragma omp parallel for schedule(static) reduction(|| : meet)
  for (std::int64_t v = 0; v < n; ++v) {
    const auto parent = static_cast<std::int64_t>(parents[static_cast<std::size_t>(v)]);
    if (parent == their_giant && giant.has(v)) {
      meet = true;
    } else if (parent != v) {
      forest.join(v, parent);
    }
  }
  if (meet) forest.join(giant.root(), their_giant);
  forest.compress();
}

}  // namespace

template <class Index>
FirmForest<Index> block_forest(const DistributedMatrix& a) {
  FirmForest<Index> forest(a.rows());
  const auto& block = a.csr();
  const auto& grid = a.grid();
  if (grid.group().size() == 1) {
    join_all(block, forest,
             [](std::int64_t row, std::int64_t column) { return std::pair(row, column); });
    return forest;
  }
  const FirmNumbers row_firm(a.row_layout().partition(), grid.row());
  const FirmNumbers column_firm(a.column_layout().partition(), grid.column());
  join_all(block, forest, [&](std::int64_t row, std::int64_t column) {
    return std::pair(row_firm[row], column_firm[column]);
  });
  return forest;
}

template <class Index>
void merge_forests(const comm::Communicator& group, FirmForest<Index>& forest) {
  const int rank = group.rank();
  const auto power = static_cast<int>(std::bit_floor(static_cast<unsigned>(group.size())));
  const bool is_extra = rank >= power;  // lets a rank below work for it
  const int twin = is_extra ? rank - power : rank + power;
  const bool has_twin = is_extra || twin < group.size();
  if (power < group.size()) {
    join_parents<Index>(exchange(group, forest.parents(), is_extra, twin), forest);
  }
  for (int step = 1; step < power; step *= 2) {
    join_parents<Index>(exchange(group, forest.parents(), !is_extra, rank ^ step), forest);
  }
  if (power < group.size()) {
    join_parents<Index>(exchange(group, forest.parents(), has_twin && !is_extra, twin), forest);
  }
}

template FirmForest<std::uint32_t> block_forest(const DistributedMatrix&);
template FirmForest<std::int64_t> block_forest(const DistributedMatrix&);
template void merge_forests(const comm::Communicator&, FirmForest<std::uint32_t>&);
template void merge_forests(const comm::Communicator&, FirmForest<std::int64_t>&);

}  // namespace tradegraph::kernels
