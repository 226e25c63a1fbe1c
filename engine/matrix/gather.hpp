#pragma once
/// Values of a distributed vector at arbitrary global indices, and combination of values into
/// arbitrary indices: what pointer jumping needs beside products.
///
/// Every index is asked for once a rank, however often it occurs (in label vectors most firms point
/// to the same root), so that no owner is flooded: the reduced requests of Zhang, Azad & Hu 2020,
/// doi:10.1137/1.9781611976137.5.

#include <span>
#include <vector>

#include "engine/comm/agreement.hpp"
#include "engine/matrix/distributed_vector.hpp"

namespace tradegraph::matrix {

/// A list of global indices, resolved to their owners once, for any number of exchanges with
/// vectors of the same layout. Memory: about 40 bytes an index. All functions are collective over
/// the replica group; each sends every distinct index or value once in each direction.
class IndexExchange {
 public:
  /// Throws `ErrorKind::internal` on all ranks if an index lies outside the layout on any.
  IndexExchange(const comm::ProcessGrid& grid, const Layout& layout,
                std::span<const std::int64_t> indices);

  /// x[indices[k]] for every k. `x` has width 1.
  template <comm::Transferable T>
  [[nodiscard]] std::vector<T> gather(const DistributedVector<T>& x) const;

  /// x[indices[k]] = combine(x[indices[k]], values[k]) for every k and rank, in no fixed order:
  /// `combine` must be associative and commutative.
  template <comm::Transferable T, class Combine>
  void scatter(DistributedVector<T>& x, std::span<const T> values, Combine&& combine) const;

 private:
  void resolve(std::span<const std::int64_t> indices);

  const comm::ProcessGrid* grid_;
  Layout layout_;
  std::vector<std::int64_t> slot_;            ///< of each index: its place among the distinct ones
  std::vector<std::int64_t> request_counts_;  ///< distinct indices asked of each rank
  std::vector<std::int64_t> wanted_;          ///< own positions that others ask for, by rank
  std::vector<std::int64_t> wanted_counts_;
};

template <comm::Transferable T>
std::vector<T> IndexExchange::gather(const DistributedVector<T>& x) const {
  require(x.layout() == layout_ && x.width() == 1, ErrorKind::internal,
          "gather from a vector of another layout");
  const auto values = x.values();
  const auto count = static_cast<std::int64_t>(slot_.size());
  std::vector<T> result(slot_.size());
  const auto pick = [&](std::span<const T> from) {
#pragma omp parallel for
    for (std::int64_t k = 0; k < count; ++k) {
      const auto at = static_cast<std::size_t>(k);
      result[at] = from[static_cast<std::size_t>(slot_[at])];
    }
  };
  if (grid_->group().size() == 1) {
    pick(values);
    return result;
  }
  std::vector<T> replies;
  replies.reserve(wanted_.size());
  for (const auto position : wanted_) replies.push_back(x[position]);
  pick(comm::all_to_all_v(grid_->group(), std::span<const T>(replies), wanted_counts_).values);
  return result;
}

template <comm::Transferable T, class Combine>
void IndexExchange::scatter(DistributedVector<T>& x, std::span<const T> values,
                            Combine&& combine) const {
  require(x.layout() == layout_ && x.width() == 1 && values.size() == slot_.size(),
          ErrorKind::internal, "scatter into a vector of another layout");
  if (grid_->group().size() == 1) {
    for (std::size_t k = 0; k < slot_.size(); ++k) x[slot_[k]] = combine(x[slot_[k]], values[k]);
    return;
  }
  // What this rank has for one index is combined before it is sent.
  std::size_t distinct = 0;
  for (const auto count : request_counts_) distinct += static_cast<std::size_t>(count);
  std::vector<T> sent(distinct);
  std::vector<char> filled(distinct, 0);
  for (std::size_t k = 0; k < slot_.size(); ++k) {
    const auto slot = static_cast<std::size_t>(slot_[k]);
    sent[slot] = filled[slot] != 0 ? combine(sent[slot], values[k]) : values[k];
    filled[slot] = 1;
  }
  const auto got =
      comm::all_to_all_v(grid_->group(), std::span<const T>(sent), request_counts_).values;
  for (std::size_t k = 0; k < got.size(); ++k) x[wanted_[k]] = combine(x[wanted_[k]], got[k]);
}

/// x[indices[k]] for every k. Collective; for single use, else keep an `IndexExchange`.
template <comm::Transferable T>
[[nodiscard]] std::vector<T> gather(const DistributedVector<T>& x,
                                    std::span<const std::int64_t> indices) {
  return IndexExchange(x.grid(), x.layout(), indices).gather(x);
}

/// x[indices[k]] = min(x[indices[k]], values[k]). Collective.
template <comm::Transferable T>
void scatter_min(DistributedVector<T>& x, std::span<const std::int64_t> indices,
                 std::span<const T> values) {
  IndexExchange(x.grid(), x.layout(), indices).scatter(x, values, [](const T& a, const T& b) {
    return b < a ? b : a;
  });
}

/// x[indices[k]] += values[k]. Collective.
template <comm::Transferable T>
void scatter_add(DistributedVector<T>& x, std::span<const std::int64_t> indices,
                 std::span<const T> values) {
  IndexExchange(x.grid(), x.layout(), indices).scatter(x, values, [](const T& a, const T& b) {
    return static_cast<T>(a + b);
  });
}

}  // namespace tradegraph::matrix
