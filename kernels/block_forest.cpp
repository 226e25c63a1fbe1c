#include "kernels/block_forest.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <numeric>

#include "engine/base/random.hpp"

namespace tradegraph::kernels {

namespace {

/// Parents of joints; a root is its own parent, and a parent is never above its child. `Index` is
/// as short as the number of joints allows: all the time goes into random reads of the parents.
template <class Index>
class UnionFind {
 public:
  explicit UnionFind(std::int64_t size) : parent_(static_cast<std::size_t>(size)) {
    std::iota(parent_.begin(), parent_.end(), Index{0});
  }

  /// Any number of threads.
  void join(std::int64_t a, std::int64_t b) {
    auto p = load(a);
    auto q = load(b);
    while (p != q) {
      const auto low = std::min(p, q);
      const auto high = std::max(p, q);
      const auto above = load(high);
      if (above == low || (above == high && hook(high, low))) return;
      p = load(load(high));
      q = load(low);
    }
  }
  /// Points everything at its root; while nobody joins.
  void compress() {
#pragma omp parallel for schedule(static, 4096)
    for (std::int64_t v = 0; v < static_cast<std::int64_t>(parent_.size()); ++v) {
      while (load(load(v)) != load(v)) at(v).store(load(load(v)), std::memory_order_relaxed);
    }
  }
  [[nodiscard]] std::int64_t root(std::int64_t v) const {
    return parent_[static_cast<std::size_t>(v)];
  }

 private:
  std::atomic_ref<Index> at(std::int64_t v) {
    return std::atomic_ref(parent_[static_cast<std::size_t>(v)]);
  }
  Index load(std::int64_t v) { return at(v).load(std::memory_order_relaxed); }
  bool hook(Index high, Index low) {
    return at(high).compare_exchange_strong(high, low, std::memory_order_relaxed);
  }

  std::vector<Index> parent_;
};

/// How many joints a block has; on one rank rows and columns are the same firms.
std::int64_t joints(const matrix::DistributedMatrix& a) {
  return a.local_rows() + (a.grid().group().size() == 1 ? 0 : a.local_columns());
}

/// The joint of each column of the block.
std::vector<std::int64_t> joints_of_columns(const matrix::DistributedMatrix& a) {
  std::vector<std::int64_t> joint(static_cast<std::size_t>(a.local_columns()));
  if (a.grid().group().size() == 1) {
    std::iota(joint.begin(), joint.end(), std::int64_t{0});
    return joint;
  }
  const auto& rows = a.row_layout().partition();
#pragma omp parallel for
  for (std::int64_t c = 0; c < a.local_columns(); ++c) {
    const auto firm = a.global_column(LocalCol(c));
    joint[static_cast<std::size_t>(c)] =
        rows.part_of(firm) == a.grid().row() ? rows.local_of(firm) : a.local_rows() + c;
  }
  return joint;
}

/// Joins each row with one of its entries, chosen by a hash so that no order of firms matters.
template <class Index, class JointOf>
void join_sample(UnionFind<Index>& forest, const matrix::CsrView& csr, const JointOf& joint,
                 std::uint64_t round) {
  const CounterRandom random(0, round);
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < csr.rows(); ++r) {
    const auto row = csr.row(r);
    if (row.empty()) continue;
    forest.join(r, joint(row[random.below(static_cast<std::uint64_t>(r), row.size())]));
  }
  forest.compress();
}

template <class Index, class JointOf>
void join_entries(UnionFind<Index>& forest, const matrix::CsrView& csr, const JointOf& joint) {
  for (std::uint64_t round = 0; round < 2; ++round) join_sample(forest, csr, joint, round);
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < csr.rows(); ++r) {
    for (const auto column : csr.row(r)) forest.join(r, joint(column));
  }
  forest.compress();
}

template <class Index>
BlockForest forest_of(const matrix::DistributedMatrix& a) {
  BlockForest result{std::vector<std::int64_t>(static_cast<std::size_t>(a.local_rows())),
                     joints_of_columns(a)};
  UnionFind<Index> forest(joints(a));
  if (a.grid().group().size() == 1 && a.rows() > 0) {
    join_entries(forest, matrix::CsrView(a.block()),
                 [](std::uint64_t column) { return static_cast<std::int64_t>(column); });
  } else if (a.local_rows() > 0 && a.local_columns() > 0) {
    join_entries(forest, matrix::CsrView(a.block()),
                 [&](std::uint64_t column) { return result.root_of_column[column]; });
  }
#pragma omp parallel for
  for (std::int64_t r = 0; r < a.local_rows(); ++r) {
    result.root_of_row[static_cast<std::size_t>(r)] = forest.root(r);
  }
#pragma omp parallel for
  for (std::int64_t c = 0; c < a.local_columns(); ++c) {
    auto& root = result.root_of_column[static_cast<std::size_t>(c)];
    root = forest.root(root);
  }
  return result;
}

}  // namespace

BlockForest block_forest(const matrix::DistributedMatrix& a) {
  return joints(a) <= std::numeric_limits<std::int32_t>::max() ? forest_of<std::int32_t>(a)
                                                               : forest_of<std::int64_t>(a);
}

}  // namespace tradegraph::kernels
