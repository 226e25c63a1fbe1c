#include "kernels/cluster_links.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/degree.hpp"

namespace tradegraph::kernels {

using matrix::DistributedMatrix;

namespace {

void check_labels(const DistributedMatrix& a, const Labels& labels, std::int64_t clusters) {
  require(labels.layout() == a.row_layout(), ErrorKind::internal,
          "labels are not in the row layout of the network");
  comm::collectively(a.grid().group(), [&] {
    for (const auto label : labels.values()) require_label(label, clusters);
  });
}

/// Units a block row (`rows`) and a block column (`columns`).
struct BlockUnits {
  std::vector<Int128> rows;
  std::vector<Int128> columns;

  explicit BlockUnits(const DistributedMatrix& a)
      : rows(static_cast<std::size_t>(a.local_rows()), 0),
        columns(static_cast<std::size_t>(a.local_columns()), 0) {}
  void add(std::size_t row, std::size_t column, Int128 units) {
    rows[row] += units;
    columns[column] += units;
  }
};

/// Sales (row sums) plus purchases (column sums) a firm. Collective.
FirmUnits fold(const DistributedMatrix& a, const BlockUnits& partial) {
  const auto& grid = a.grid();
  const auto fold_one = [&](const comm::Communicator& line, const std::vector<Int128>& values,
                            const matrix::Layout& layout, int part) {
    return FirmUnits(grid, layout,
                     comm::reduce_scatter(line, std::span<const Int128>(values),
                                          layout.piece_counts(part), comm::ReduceOp::sum));
  };
  auto sum = fold_one(grid.row_ranks(), partial.rows, a.row_layout(), grid.row());
  const auto bought = matrix::redistribute(
      fold_one(grid.column_ranks(), partial.columns, a.column_layout(), grid.column()),
      a.row_layout());
  for (std::int64_t i = 0; i < sum.count(); ++i) sum[i] += bought[i];
  return sum;
}

}  // namespace

FixedPointScale amount_scale(const DistributedMatrix& amount) {
  const auto& group = amount.grid().group();
  const double mine = comm::collectively(group, [&] {
    require(amount.type() == matrix::ValueType::real, ErrorKind::internal,
            "amounts are not of type real");
    double largest = 0;
    for (const double x : extract_triples(amount.type(), amount.block()).real) {
      require(std::isfinite(x), ErrorKind::internal, "an amount is not finite");
      largest = std::max(largest, std::abs(x));
    }
    return largest;
  });
  const double largest = comm::all_reduce(group, mine, comm::ReduceOp::max);
  return FixedPointScale::for_range(largest, 2 * amount.entries());
}

FirmAmounts firm_amounts(const DistributedMatrix& amount, const Labels& labels) {
  const auto scale = amount_scale(amount);
  const auto of_row = amount.expand_rows(labels);
  const auto of_column = amount.expand_columns(labels);
  const matrix::CsrView links(amount.block());
  BlockUnits total(amount);
  BlockUnits inside(amount);
  for (std::int64_t r = 0; r < amount.local_rows(); ++r) {
    const auto row = static_cast<std::size_t>(r);
    auto at = links.begin(r);
    for (const auto column : links.row(r)) {
      const auto units = scale.units(links.value<double>(at++));
      total.add(row, column, units);
      if (of_row[row] != kNoCluster && of_row[row] == of_column[column]) {
        inside.add(row, column, units);
      }
    }
  }
  return {scale, fold(amount, total), fold(amount, inside)};
}

ClusterLinks cluster_links(const DistributedMatrix& a, const DistributedMatrix& u,
                           const Labels& labels, std::int64_t clusters,
                           const DistributedMatrix* amount) {
  check_labels(a, labels, clusters);
  const auto sum = matrix::semiring<std::int64_t>(matrix::Add::plus);
  const auto u_in = u.select_same_label(labels).pattern();
  const auto a_in = a.select_same_label(labels).pattern();
  auto partners_inside = u_in.reduce_rows<std::int64_t>();
  auto degrees = u_in.mxv(partners_inside, sum);
  auto suppliers = matrix::redistribute(a_in.reduce_columns<std::int64_t>(), a.row_layout());
  auto buyer_degrees = a_in.mxv(suppliers, sum);
  std::optional<FirmAmounts> amounts;
  if (amount != nullptr) amounts.emplace(firm_amounts(*amount, labels));
  return {labels,
          clusters,
          degree(u, DegreeMode::out),
          std::move(partners_inside),
          std::move(degrees),
          a_in.reduce_rows<std::int64_t>(),
          std::move(suppliers),
          std::move(buyer_degrees),
          std::move(amounts)};
}

}  // namespace tradegraph::kernels
