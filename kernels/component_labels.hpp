#pragma once
/// Components from a representative a firm: canonical numbers and sizes, for weak and strong ones.

#include <cstdint>

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/union_find.hpp"

namespace tradegraph::kernels {

struct Components {
  matrix::DistributedVector<std::int64_t> label;  ///< of each firm, in the row layout
  matrix::DistributedVector<std::int64_t> sizes;  ///< firms of each component, in slices

  [[nodiscard]] std::int64_t count() const { return sizes.size(); }
};

/// What is said of all components together.
struct ComponentSummary {
  std::int64_t count = 0;
  std::int64_t largest = 0;  ///< firms of the largest; 0 without firms
  std::int64_t single = 0;   ///< components of one firm
};

/// Numbers components 0, 1, ... by the smallest input row of their firms. `root`: the global number
/// of one firm of the component, the same for all of its firms; `row`: the input row of each firm,
/// a permutation of 0 .. n-1, or none where firms are numbered in input order; both in the row
/// layout. What ranks know of components of two firms or more is gathered on all: 24 bytes for each
/// such component and rank that has firms of it; the first rows of all components are two bits a
/// firm of the network on each; O(n / ranks) besides. Collective; throws `ErrorKind::internal` if
/// an input row is beyond n, or the first of two components.
[[nodiscard]] Components number_components(const matrix::DistributedVector<std::int64_t>& root,
                                           const matrix::DistributedVector<std::int64_t>* row);

/// The same from the sets of all firms of the network of `a`, by number; own firms are compressed.
/// Index: `std::uint32_t` or `std::int64_t`.
template <class Index>
[[nodiscard]] Components number_components(const matrix::DistributedMatrix& a,
                                           BasicUnionFind<Index>& sets,
                                           const matrix::DistributedVector<std::int64_t>* row);

/// Each firm's own number, in the row layout: input rows of a network numbered in input order.
[[nodiscard]] matrix::DistributedVector<std::int64_t> own_numbers(
    const matrix::DistributedMatrix& a);

/// One all-reduce or two. Collective.
[[nodiscard]] ComponentSummary summary(const Components& components);

}  // namespace tradegraph::kernels
