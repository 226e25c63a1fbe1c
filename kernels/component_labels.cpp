#include "kernels/component_labels.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>

#include "engine/matrix/gather.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::IndexExchange;
using Vector = matrix::DistributedVector<std::int64_t>;
constexpr auto kNone = std::numeric_limits<std::int64_t>::max();

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

}  // namespace

Components number_components(const Vector& root, const Vector& row) {
  const auto& grid = root.grid();
  const IndexExchange at_roots(grid, root.layout(), root.values());
  Vector first_row(grid, root.layout(), kNone);
  at_roots.scatter(first_row, row.values(),
                   [](std::int64_t a, std::int64_t b) { return std::min(a, b); });
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

Vector own_numbers(const matrix::DistributedMatrix& a) {
  Vector result(a.grid(), a.row_layout());
#pragma omp parallel for
  for (std::int64_t i = 0; i < result.count(); ++i) result[i] = result.global_of(i).value();
  return result;
}

ComponentSummary summary(const Components& components) {
  const auto& group = components.sizes.grid().group();
  std::int64_t largest = 0;
  std::int64_t single = 0;
  for (const auto size : components.sizes.values()) {
    largest = std::max(largest, size);
    single += size == 1 ? 1 : 0;
  }
  return {components.count(), comm::all_reduce(group, largest, comm::ReduceOp::max),
          comm::all_reduce(group, single, comm::ReduceOp::sum)};
}

}  // namespace tradegraph::kernels
