#pragma once
/// n values, or n rows of `width` values, spread over the ranks of a replica group.

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/comm/collectives.hpp"
#include "engine/matrix/layout.hpp"

namespace tradegraph::matrix {

/// Dense; row-major when `width` > 1 (a tall-skinny matrix). T is a transferable type. Every
/// replica group holds its own copy.
template <comm::Transferable T>
class DistributedVector {
 public:
  /// All values are `initial`. Not collective.
  DistributedVector(const comm::ProcessGrid& grid, const Layout& layout, T initial = T{},
                    std::int64_t width = 1)
      : grid_(&grid),
        layout_(layout),
        width_(width),
        values_(layout.count(grid.group().rank()) * width, initial) {}
  /// Copies this rank's values.
  DistributedVector(const comm::ProcessGrid& grid, const Layout& layout, std::span<const T> mine,
                    std::int64_t width = 1)
      : grid_(&grid), layout_(layout), width_(width), values_(Buffer<T>::copy_of(mine)) {
    require(static_cast<std::int64_t>(values_.size()) == layout.count(grid.group().rank()) * width,
            ErrorKind::internal, "a vector's values do not fit its layout");
  }
  /// Takes over this rank's values.
  DistributedVector(const comm::ProcessGrid& grid, const Layout& layout, Buffer<T> mine)
      : grid_(&grid), layout_(layout), width_(1), values_(std::move(mine)) {
    require(values_.ssize() == layout.count(grid.group().rank()), ErrorKind::internal,
            "a vector's values do not fit its layout");
  }
  DistributedVector(const comm::ProcessGrid& grid, const Layout& layout, const std::vector<T>& mine,
                    std::int64_t width = 1)
      : DistributedVector(grid, layout, std::span<const T>(mine), width) {}

  [[nodiscard]] const comm::ProcessGrid& grid() const { return *grid_; }
  [[nodiscard]] const Layout& layout() const { return layout_; }
  [[nodiscard]] std::int64_t size() const { return layout_.size(); }
  [[nodiscard]] std::int64_t width() const { return width_; }
  /// Rows on this rank.
  [[nodiscard]] std::int64_t count() const { return layout_.count(grid_->group().rank()); }
  /// Global number of this rank's row `position`.
  [[nodiscard]] GlobalIndex global_of(std::int64_t position) const {
    return layout_.global_of(grid_->group().rank(), position);
  }

  [[nodiscard]] std::span<T> values() { return values_; }
  [[nodiscard]] std::span<const T> values() const { return values_; }
  [[nodiscard]] T& operator[](std::int64_t position) { return values_[position]; }
  [[nodiscard]] const T& operator[](std::int64_t position) const { return values_[position]; }

 private:
  const comm::ProcessGrid* grid_;
  Layout layout_;
  std::int64_t width_;
  Buffer<T> values_;  ///< first touched by the threads that work on it
};

/// Moves the elements of vectors from one layout to another of the same size. Made once, used for
/// any number of vectors. In every layout a rank's elements ascend globally, in strips that follow
/// each other; so both ends know the order of what passes between them, and copy runs of elements.
/// Memory: 16 bytes a run, of 64 elements in large networks.
class Redistribution {
 public:
  /// Not collective: both sides compute the same plan from index arithmetic.
  Redistribution(const comm::ProcessGrid& grid, const Layout& from, const Layout& to);

  /// Collective over the replica group; sends each element once.
  template <comm::Transferable T>
  [[nodiscard]] DistributedVector<T> apply(const DistributedVector<T>& vector) const {
    require(vector.layout() == from_, ErrorKind::internal, "redistribution of another layout");
    const auto width = vector.width();
    if (identity_) {
      return DistributedVector<T>(*grid_, to_, vector.values(), width);
    }
    std::vector<T> sent(vector.values().size());
    auto next = sent.begin();
    for (const auto& run : outgoing_) {
      next = std::copy_n(vector.values().begin() + run.position * width, run.length * width, next);
    }
    const auto got =
        comm::all_to_all_v(grid_->group(), std::span<const T>(sent), scaled(send_counts_, width));
    DistributedVector<T> result(*grid_, to_, T{}, width);
    auto from = got.values.begin();
    for (const auto& run : incoming_) {
      std::copy_n(from, run.length * width, result.values().begin() + run.position * width);
      from += run.length * width;
    }
    return result;
  }

 private:
  /// Consecutive elements of this rank.
  struct Run {
    std::int64_t position;
    std::int64_t length;
  };
  static std::vector<std::int64_t> scaled(std::vector<std::int64_t> counts, std::int64_t width) {
    for (auto& count : counts) count *= width;
    return counts;
  }
  [[nodiscard]] std::vector<Run> runs_by_rank(const Layout& here, const Layout& there,
                                              std::vector<std::int64_t>& counts) const;

  const comm::ProcessGrid* grid_;
  Layout from_;
  Layout to_;
  bool identity_ = false;                  ///< one rank: nothing moves
  std::vector<Run> outgoing_;              ///< of the old layout, by destination
  std::vector<Run> incoming_;              ///< of the new layout, by source
  std::vector<std::int64_t> send_counts_;  ///< elements to each rank
};

/// `vector` in another layout; for single use, else keep a `Redistribution`. Collective.
template <comm::Transferable T>
[[nodiscard]] DistributedVector<T> redistribute(const DistributedVector<T>& vector,
                                                const Layout& to) {
  if (vector.layout() == to) return vector;
  return Redistribution(vector.grid(), vector.layout(), to).apply(vector);
}

/// The whole vector on every rank, in global order. Collective; for small vectors and tests.
template <comm::Transferable T>
[[nodiscard]] std::vector<T> gather_all(const DistributedVector<T>& vector) {
  const Layout slices(vector.grid().shape(), vector.size(), Alignment::slices);
  const auto in_order = redistribute(vector, slices);
  return comm::all_gather_v(vector.grid().group(), in_order.values()).values;
}

}  // namespace tradegraph::matrix
