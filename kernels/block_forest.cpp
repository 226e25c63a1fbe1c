#include "kernels/block_forest.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>

namespace tradegraph::kernels {

namespace {

/// Parents of joints; a root is its own parent, and a parent is never above its child.
class UnionFind {
 public:
  explicit UnionFind(std::int64_t size) : parent_(static_cast<std::size_t>(size)) {
    std::iota(parent_.begin(), parent_.end(), std::int64_t{0});
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
  std::atomic_ref<std::int64_t> at(std::int64_t v) {
    return std::atomic_ref(parent_[static_cast<std::size_t>(v)]);
  }
  std::int64_t load(std::int64_t v) { return at(v).load(std::memory_order_relaxed); }
  bool hook(std::int64_t high, std::int64_t low) {
    return at(high).compare_exchange_strong(high, low, std::memory_order_relaxed);
  }

  std::vector<std::int64_t> parent_;
};

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

void join_entries(UnionFind& forest, const matrix::CsrView& csr,
                  const std::vector<std::int64_t>& joint) {
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < csr.rows(); ++r) {
    if (!csr.row(r).empty()) forest.join(r, joint[csr.row(r).front()]);
  }
  forest.compress();
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < csr.rows(); ++r) {
    for (const auto column : csr.row(r)) forest.join(r, joint[column]);
  }
  forest.compress();
}

}  // namespace

BlockForest block_forest(const matrix::DistributedMatrix& a) {
  BlockForest result{std::vector<std::int64_t>(static_cast<std::size_t>(a.local_rows())),
                     joints_of_columns(a)};
  UnionFind forest(a.local_rows() + a.local_columns());
  if (a.local_rows() > 0 && a.local_columns() > 0) {
    join_entries(forest, matrix::CsrView(a.block()), result.root_of_column);
  }
  for (std::int64_t r = 0; r < a.local_rows(); ++r) {
    result.root_of_row[static_cast<std::size_t>(r)] = forest.root(r);
  }
  for (auto& joint : result.root_of_column) joint = forest.root(joint);
  return result;
}

}  // namespace tradegraph::kernels
