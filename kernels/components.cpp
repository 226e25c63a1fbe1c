#include "kernels/components.hpp"

#include <algorithm>
#include <limits>

#include "engine/comm/agreement.hpp"
#include "engine/matrix/gather.hpp"
#include "kernels/block_forest.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using matrix::IndexExchange;
using Vector = matrix::DistributedVector<std::int64_t>;

std::int64_t lower(std::int64_t a, std::int64_t b) { return std::min(a, b); }

void take_lower(Vector& x, const Vector& y) {
#pragma omp parallel for
  for (std::int64_t i = 0; i < x.count(); ++i) x[i] = lower(x[i], y[i]);
}

/// Lowest value among the neighbours in either direction: the GraphBLAS form.
Vector lowest_of_neighbours(const DistributedMatrix& a, const Vector& x) {
  const auto semiring = matrix::semiring<std::int64_t>(matrix::Add::min);
  auto lowest = a.mxv(x, semiring);
  take_lower(lowest, matrix::redistribute(a.vxm(x, semiring), a.row_layout()));
  return lowest;
}

/// FastSV: the lowest firm of each firm's component.
Vector fast_sv(const DistributedMatrix& a) {
  auto parent = own_numbers(a);
  auto grandparent = parent;
  IndexExchange at_parents(a.grid(), parent.layout(), parent.values());
  for (;;) {
    const auto lowest = lowest_of_neighbours(a, grandparent);
    at_parents.scatter(parent, lowest.values(), lower);  // hook the parent on the lowest
    take_lower(parent, lowest);                          // and the firm itself
    take_lower(parent, grandparent);                     // shortcut
    at_parents = IndexExchange(a.grid(), parent.layout(), parent.values());
    const auto next = at_parents.gather(parent);
    const bool changed = !std::ranges::equal(next, grandparent.values());
    grandparent = Vector(a.grid(), parent.layout(), next);
    // Then every tree is a star: parent <= old grandparent = new grandparent <= parent.
    if (!comm::any_rank(a.grid().group(), changed)) return parent;
  }
}

/// By forests, whose roots are the lowest firms of components.
template <class Index>
Components numbered_by_forest(const DistributedMatrix& a, const Vector* row) {
  auto forest = block_forest<Index>(a);
  merge_forests(a.grid().group(), forest);
  return number_components(a, forest, row);
}

Components numbered(const DistributedMatrix& a, const Vector* row, const ComponentsConfig& config) {
  if (!config.by_forests) return number_components(fast_sv(a), row);
  return a.rows() <= std::numeric_limits<std::uint32_t>::max()
             ? numbered_by_forest<std::uint32_t>(a, row)
             : numbered_by_forest<std::int64_t>(a, row);
}

}  // namespace

Components components(const DistributedMatrix& a, const Vector& row,
                      const ComponentsConfig& config) {
  require(a.rows() == a.columns() && row.size() == a.rows(), ErrorKind::internal,
          "components need a square matrix and one input row a firm");
  const auto in_rows = matrix::redistribute(row, a.row_layout());
  return numbered(a, &in_rows, config);
}

Components components(const DistributedMatrix& a, const ComponentsConfig& config) {
  require(a.rows() == a.columns(), ErrorKind::internal, "components need a square matrix");
  return numbered(a, nullptr, config);
}

}  // namespace tradegraph::kernels
