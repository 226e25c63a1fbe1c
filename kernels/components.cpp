#include "kernels/components.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

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

/// Each firm's own number, in the row layout.
Vector numbers(const DistributedMatrix& a) {
  Vector result(a.grid(), a.row_layout());
#pragma omp parallel for
  for (std::int64_t i = 0; i < result.count(); ++i) result[i] = result.global_of(i).value();
  return result;
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
  auto parent = numbers(a);
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

/// Positions on this rank of firms that are their component's root.
std::vector<std::int64_t> own_roots(const Vector& root) {
  std::vector<std::int64_t> positions;
  for (std::int64_t i = 0; i < root.count(); ++i) {
    if (root[i] == root.global_of(i).value()) positions.push_back(i);
  }
  return positions;
}

std::vector<std::int64_t> pick(const Vector& from, const std::vector<std::int64_t>& positions) {
  std::vector<std::int64_t> values;
  values.reserve(positions.size());
  for (const auto position : positions) values.push_back(from[position]);
  return values;
}

/// How many of the `rows` are below each, of all ranks' together: their order, without sorting.
std::vector<std::int64_t> order_among(const Vector& any, const std::vector<std::int64_t>& rows) {
  const auto& grid = any.grid();
  Vector mark(grid, matrix::Layout(grid.shape(), any.size(), matrix::Alignment::slices));
  const IndexExchange at_rows(grid, mark.layout(), rows);
  at_rows.scatter(mark, std::span<const std::int64_t>(std::vector<std::int64_t>(rows.size(), 1)),
                  std::plus<>());
  const bool twice = std::ranges::any_of(mark.values(), [](auto m) { return m > 1; });
  require(!comm::any_rank(grid.group(), twice), ErrorKind::internal,
          "input rows of firms are not a permutation");
  const auto mine = std::accumulate(mark.values().begin(), mark.values().end(), std::int64_t{0});
  std::exclusive_scan(mark.values().begin(), mark.values().end(), mark.values().begin(),
                      comm::exclusive_scan(grid.group(), mine));
  return at_rows.gather(mark);
}

/// Labels by smallest input row, and sizes.
Components canonical(const Vector& root, const Vector& row) {
  const auto& grid = root.grid();
  const IndexExchange at_roots(grid, root.layout(), root.values());
  Vector first_row(grid, root.layout(), kNone);
  at_roots.scatter(first_row, row.values(), lower);
  Vector size(grid, root.layout());
  const Vector ones(grid, root.layout(), 1);
  at_roots.scatter(size, ones.values(), std::plus<>());

  const auto roots = own_roots(root);
  const auto labels = order_among(root, pick(first_row, roots));
  Vector label_of_root(grid, root.layout(), kNone);
  for (std::size_t k = 0; k < roots.size(); ++k) label_of_root[roots[k]] = labels[k];

  const auto count =
      comm::all_reduce(grid.group(), static_cast<std::int64_t>(roots.size()), comm::ReduceOp::sum);
  Components result{Vector(grid, root.layout(), at_roots.gather(label_of_root)),
                    Vector(grid, matrix::Layout(grid.shape(), count, matrix::Alignment::slices))};
  const auto sizes = pick(size, roots);
  matrix::scatter_add<std::int64_t>(result.sizes, labels, sizes);
  return result;
}

}  // namespace

Components components(const DistributedMatrix& a, const Vector& row,
                      const ComponentsConfig& config) {
  require(a.rows() == a.columns() && row.size() == a.rows(), ErrorKind::internal,
          "components need a square matrix and one input row a firm");
  return canonical(roots_of(a, config), matrix::redistribute(row, a.row_layout()));
}

Components components(const DistributedMatrix& a, const ComponentsConfig& config) {
  return components(a, numbers(a), config);
}

}  // namespace tradegraph::kernels
