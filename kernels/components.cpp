#include "kernels/components.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "engine/matrix/gather.hpp"
#include "kernels/block_forest.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using matrix::IndexExchange;
using Vector = matrix::DistributedVector<std::int64_t>;
constexpr auto kNone = std::numeric_limits<std::int64_t>::max();

std::int64_t lower(std::int64_t a, std::int64_t b) { return std::min(a, b); }

void take_lower(Vector& x, const Vector& y) {
#pragma omp parallel for
  for (std::int64_t i = 0; i < x.count(); ++i) x[i] = lower(x[i], y[i]);
}

/// Lowest value among the neighbours in either direction: the GraphBLAS form.
Vector lowest_by_products(const DistributedMatrix& a, const Vector& x) {
  const auto semiring = matrix::semiring<std::int64_t>(matrix::Add::min);
  auto lowest = a.mxv(x, semiring);
  take_lower(lowest, matrix::redistribute(a.vxm(x, semiring), a.row_layout()));
  return lowest;
}

/// Lowest value among the firms that the blocks of the firm's grid row and column join it with.
Vector lowest_by_blocks(const DistributedMatrix& a, const BlockForest& forest, const Vector& x) {
  auto rows = a.expand_rows(x);
  auto columns = a.expand_columns(x);
  std::vector<std::int64_t> lowest(rows.size() + columns.size(), kNone);
  const auto collect = [&](const auto& values, const auto& roots) {
    for (std::size_t k = 0; k < values.size(); ++k) {
      auto& low = lowest[static_cast<std::size_t>(roots[k])];
      low = lower(low, values[k]);
    }
  };
  const auto deal = [&](auto& values, const auto& roots) {
    for (std::size_t k = 0; k < values.size(); ++k) {
      values[k] = lowest[static_cast<std::size_t>(roots[k])];
    }
  };
  collect(rows, forest.root_of_row);
  collect(columns, forest.root_of_column);
  deal(rows, forest.root_of_row);
  deal(columns, forest.root_of_column);
  auto result = a.fold_rows<std::int64_t>(rows, comm::ReduceOp::min);
  const auto by_column = a.fold_columns<std::int64_t>(columns, comm::ReduceOp::min);
  take_lower(result, matrix::redistribute(by_column, a.row_layout()));
  return result;
}

using Lowest = std::function<Vector(const Vector&)>;

/// FastSV: the lowest firm of each firm's component.
Vector fast_sv(const DistributedMatrix& a, const Lowest& lowest_of) {
  auto parent = own_numbers(a);
  auto grandparent = parent;
  IndexExchange at_parents(a.grid(), parent.layout(), parent.values());
  for (;;) {
    const auto lowest = lowest_of(grandparent);
    at_parents.scatter(parent, lowest.values(), lower);  // hook the parent on the lowest
    take_lower(parent, lowest);                          // and the firm itself
    take_lower(parent, grandparent);                     // shortcut
    at_parents = IndexExchange(a.grid(), parent.layout(), parent.values());
    auto next = at_parents.gather(parent);
    const bool changed = !std::ranges::equal(next, grandparent.values());
    grandparent = Vector(a.grid(), parent.layout(), std::move(next));
    // Then every tree is a star: parent <= old grandparent = new grandparent <= parent.
    if (!comm::any_rank(a.grid().group(), changed)) return parent;
  }
}

Vector roots_of(const DistributedMatrix& a, const ComponentsConfig& config) {
  if (!config.contract_blocks) {
    return fast_sv(a, [&](const Vector& x) { return lowest_by_products(a, x); });
  }
  auto forest = comm::collectively(a.grid().group(), [&] { return block_forest(a); });
  if (a.grid().group().size() == 1) {
    return Vector(a.grid(), a.row_layout(), std::move(forest.root_of_row));
  }
  return fast_sv(a, [&](const Vector& x) { return lowest_by_blocks(a, forest, x); });
}

}  // namespace

Components components(const DistributedMatrix& a, const Vector& row,
                      const ComponentsConfig& config) {
  require(a.rows() == a.columns() && row.size() == a.rows(), ErrorKind::internal,
          "components need a square matrix and one input row a firm");
  return number_components(roots_of(a, config), matrix::redistribute(row, a.row_layout()));
}

Components components(const DistributedMatrix& a, const ComponentsConfig& config) {
  return components(a, own_numbers(a), config);
}

}  // namespace tradegraph::kernels
