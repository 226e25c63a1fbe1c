#include "engine/matrix/distributed_matrix.hpp"

#include <algorithm>
#include <utility>

#include "engine/comm/agreement.hpp"
#include "engine/matrix/assembly.hpp"
#include "engine/matrix/block_filter.hpp"

namespace tradegraph::matrix {

struct DistributedMatrix::Plans {
  std::vector<std::pair<Layout, std::pair<Layout, Redistribution>>> made;
};

DistributedMatrix::DistributedMatrix(const comm::ProcessGrid& grid, Layout rows, Layout columns,
                                     ValueType type, GrbMatrix block)
    : grid_(&grid),
      row_layout_(rows),
      column_layout_(columns),
      type_(type),
      block_(std::move(block)),
      plans_(std::make_shared<Plans>()) {}

DistributedMatrix DistributedMatrix::with_block(GrbMatrix block) const {
  DistributedMatrix result(*grid_, row_layout_, column_layout_, type_, std::move(block));
  result.plans_ = plans_;
  return result;
}

DistributedMatrix DistributedMatrix::build(const comm::ProcessGrid& grid, std::int64_t rows,
                                           std::int64_t columns, ValueType type,
                                           const Triples& entries) {
  const Layout row_layout(grid.shape(), rows, Alignment::rows);
  const Layout column_layout(grid.shape(), columns, Alignment::columns);
  const auto mine = local_entries(grid, row_layout, column_layout, type, entries);
  auto block = comm::collectively(grid.group(), [&] {
    return build_block(type, row_layout.partition().local_size(grid.row()),
                       column_layout.partition().local_size(grid.column()), mine);
  });
  return DistributedMatrix(grid, row_layout, column_layout, type, std::move(block));
}

std::int64_t DistributedMatrix::local_rows() const {
  return row_layout_.partition().local_size(grid_->row());
}

std::int64_t DistributedMatrix::local_columns() const {
  return column_layout_.partition().local_size(grid_->column());
}

GlobalIndex DistributedMatrix::global_row(LocalRow row) const {
  return row_layout_.partition().global_of(grid_->row(), row.value());
}

GlobalIndex DistributedMatrix::global_column(LocalCol column) const {
  return column_layout_.partition().global_of(grid_->column(), column.value());
}

Triples DistributedMatrix::global_triples() const {
  auto triples = extract_triples(type_, block_);
  for (auto& row : triples.row) row = global_row(LocalRow(row)).value();
  for (auto& column : triples.column) column = global_column(LocalCol(column)).value();
  return triples;
}

std::int64_t DistributedMatrix::entries() const {
  return comm::all_reduce(grid_->group(), block_.entries(), comm::ReduceOp::sum);
}

LoadBalance DistributedMatrix::balance() const {
  const auto mine = block_.entries();
  const auto total = comm::all_reduce(grid_->group(), mine, comm::ReduceOp::sum);
  return {comm::all_reduce(grid_->group(), mine, comm::ReduceOp::max),
          static_cast<double>(total) / grid_->group().size()};
}

LoadBalance predicted_balance(comm::GridShape shape, std::int64_t matrix_rows,
                              std::int64_t matrix_columns, std::span<const std::int64_t> row,
                              std::span<const std::int64_t> column) {
  const Layout rows(shape, matrix_rows, Alignment::rows);
  const Layout columns(shape, matrix_columns, Alignment::columns);
  std::vector<std::int64_t> links(static_cast<std::size_t>(shape.rows * shape.columns), 0);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int r = rows.partition().part_of(GlobalIndex(row[i]));
    const int c = columns.partition().part_of(GlobalIndex(column[i]));
    ++links[static_cast<std::size_t>(r * shape.columns + c)];
  }
  return {*std::max_element(links.begin(), links.end()),
          static_cast<double>(row.size()) / static_cast<double>(links.size())};
}

DistributedMatrix DistributedMatrix::copy() const { return with_block(block_.copy()); }

DistributedMatrix DistributedMatrix::transpose() const {
  if (grid_->group().size() == 1) {  // no entry moves to another rank
    GrbMatrix turned(grb_type(type_), block_.columns(), block_.rows());
    check_grb(GrB_transpose(turned.get(), nullptr, nullptr, block_.get(), nullptr));
    const auto& shape = grid_->shape();
    return DistributedMatrix(*grid_, Layout(shape, columns(), Alignment::rows),
                             Layout(shape, rows(), Alignment::columns), type_, std::move(turned));
  }
  auto triples = global_triples();
  std::swap(triples.row, triples.column);
  return build(*grid_, columns(), rows(), type_, triples);
}

void DistributedMatrix::require_same_shape(const DistributedMatrix& other) const {
  require(row_layout_ == other.row_layout_ && column_layout_ == other.column_layout_ &&
              type_ == other.type_,
          ErrorKind::internal, "element-wise operation on matrices of different shape or type");
}

namespace {

GrB_BinaryOp plus_op(ValueType type) {
  switch (type) {
    case ValueType::int64: return GrB_PLUS_INT64;
    case ValueType::real: return GrB_PLUS_FP64;
    default: return GrB_ONEB_BOOL;
  }
}

GrB_BinaryOp times_op(ValueType type) {
  switch (type) {
    case ValueType::int64: return GrB_TIMES_INT64;
    case ValueType::real: return GrB_TIMES_FP64;
    default: return GrB_ONEB_BOOL;
  }
}

}  // namespace

DistributedMatrix DistributedMatrix::add(const DistributedMatrix& other) const {
  require_same_shape(other);
  GrbMatrix sum(grb_type(type_), block_.rows(), block_.columns());
  check_grb(GrB_Matrix_eWiseAdd_BinaryOp(sum.get(), nullptr, nullptr, plus_op(type_), block_.get(),
                                         other.block_.get(), nullptr));
  return with_block(std::move(sum));
}

DistributedMatrix DistributedMatrix::multiply_elements(const DistributedMatrix& other) const {
  require_same_shape(other);
  GrbMatrix product(grb_type(type_), block_.rows(), block_.columns());
  check_grb(GrB_Matrix_eWiseMult_BinaryOp(product.get(), nullptr, nullptr, times_op(type_),
                                          block_.get(), other.block_.get(), nullptr));
  return with_block(std::move(product));
}

DistributedMatrix DistributedMatrix::select_greater(double threshold) const {
  GrbMatrix kept(grb_type(type_), block_.rows(), block_.columns());
  check_grb(GrB_Matrix_select_FP64(kept.get(), nullptr, nullptr, GrB_VALUEGT_FP64, block_.get(),
                                   threshold, nullptr));
  return with_block(std::move(kept));
}

DistributedMatrix DistributedMatrix::without_diagonal() const {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(local_rows()));
  std::vector<std::int64_t> columns(static_cast<std::size_t>(local_columns()));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    rows[r] = global_row(LocalRow(static_cast<std::int64_t>(r))).value();
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    columns[c] = global_column(LocalCol(static_cast<std::int64_t>(c))).value();
  }
  return with_block(filter_block(type_, block_, [&](std::int64_t r, std::int64_t c) {
    return rows[static_cast<std::size_t>(r)] != columns[static_cast<std::size_t>(c)];
  }));
}

DistributedMatrix DistributedMatrix::select_labels(const DistributedVector<Label>& labels,
                                                   Label wanted) const {
  const auto of_row = expand_rows(labels);
  const auto of_column = expand_columns(labels);
  return with_block(filter_block(type_, block_, [&](std::int64_t r, std::int64_t c) {
    const Label a = of_row[static_cast<std::size_t>(r)];
    const Label b = of_column[static_cast<std::size_t>(c)];
    return a == b && (wanted == kNoCluster ? a != kNoCluster : a == wanted);
  }));
}

DistributedMatrix DistributedMatrix::select_same_label(
    const DistributedVector<Label>& labels) const {
  return select_labels(labels, kNoCluster);
}

DistributedMatrix DistributedMatrix::extract_label(const DistributedVector<Label>& labels,
                                                   Label label) const {
  require(label != kNoCluster, ErrorKind::internal, "noise is not a cluster to extract");
  return select_labels(labels, label);
}

DistributedMatrix DistributedMatrix::pattern() const {
  if (type_ == ValueType::pattern) return copy();
  GrbMatrix ones(GrB_BOOL, block_.rows(), block_.columns());
  check_grb(GrB_Matrix_apply(ones.get(), nullptr, nullptr, GxB_ONE_BOOL, block_.get(), nullptr));
  auto result = with_block(std::move(ones));
  result.type_ = ValueType::pattern;
  return result;
}

template <class T>
T DistributedMatrix::reduce() const {
  T sum = 0;
  if (type_ == ValueType::pattern) {
    sum = static_cast<T>(block_.entries());
  } else if constexpr (std::same_as<T, double>) {
    check_grb(GrB_Matrix_reduce_FP64(&sum, nullptr, GrB_PLUS_MONOID_FP64, block_.get(), nullptr));
  } else {
    check_grb(GrB_Matrix_reduce_INT64(&sum, nullptr, GrB_PLUS_MONOID_INT64, block_.get(), nullptr));
  }
  return comm::all_reduce(grid_->group(), sum, comm::ReduceOp::sum);
}

template double DistributedMatrix::reduce<double>() const;
template std::int64_t DistributedMatrix::reduce<std::int64_t>() const;

template <class T>
const Redistribution& DistributedMatrix::plan(const DistributedVector<T>& x,
                                              const Layout& to) const {
  for (const auto& [from, rest] : plans_->made) {
    if (from == x.layout() && rest.first == to) return rest.second;
  }
  plans_->made.emplace_back(x.layout(), std::pair{to, Redistribution(*grid_, x.layout(), to)});
  return plans_->made.back().second.second;
}

template <class T>
std::vector<T> DistributedMatrix::expand_rows(const DistributedVector<T>& x) const {
  if (!(x.layout() == row_layout_)) return expand_rows(plan(x, row_layout_).apply(x));
  return comm::all_gather_v(grid_->row_ranks(), x.values()).values;
}

template <class T>
std::vector<T> DistributedMatrix::expand_columns(const DistributedVector<T>& x) const {
  if (!(x.layout() == column_layout_)) return expand_columns(plan(x, column_layout_).apply(x));
  return comm::all_gather_v(grid_->column_ranks(), x.values()).values;
}

namespace {

std::vector<std::int64_t> scaled(std::vector<std::int64_t> counts, std::int64_t width) {
  for (auto& count : counts) count *= width;
  return counts;
}

}  // namespace

template <class T>
DistributedVector<T> DistributedMatrix::fold_rows(std::span<const T> partial, comm::ReduceOp op,
                                                  std::int64_t width) const {
  if (grid_->row_ranks().size() == 1) {
    return DistributedVector<T>(*grid_, row_layout_, {partial.begin(), partial.end()}, width);
  }
  const auto counts = scaled(row_layout_.piece_counts(grid_->row()), width);
  return DistributedVector<T>(*grid_, row_layout_,
                              comm::reduce_scatter(grid_->row_ranks(), partial, counts, op), width);
}

template <class T>
DistributedVector<T> DistributedMatrix::fold_columns(std::span<const T> partial, comm::ReduceOp op,
                                                     std::int64_t width) const {
  if (grid_->column_ranks().size() == 1) {
    return DistributedVector<T>(*grid_, column_layout_, {partial.begin(), partial.end()}, width);
  }
  const auto counts = scaled(column_layout_.piece_counts(grid_->column()), width);
  return DistributedVector<T>(*grid_, column_layout_,
                              comm::reduce_scatter(grid_->column_ranks(), partial, counts, op),
                              width);
}

template <class T>
DistributedVector<T> DistributedMatrix::mxv(const DistributedVector<T>& x,
                                            const Semiring<T>& semiring) const {
  const auto width = x.width();
  const auto expanded = expand_columns(x);
  const BorrowedMatrix<T> operand(expanded, local_columns(), width);
  auto product = constant_matrix<T>(semiring.identity, local_rows(), width);
  if (local_rows() > 0 && local_columns() > 0) {
    check_grb(GrB_mxm(product.get(), nullptr, semiring.add, semiring.products, block_.get(),
                      operand.get(), nullptr));
  }
  auto partial = take_full<T>(product);
  partial.resize(static_cast<std::size_t>(local_rows() * width));
  return fold_rows<T>(partial, semiring.reduce, width);
}

template <class T>
DistributedVector<T> DistributedMatrix::vxm(const DistributedVector<T>& x,
                                            const Semiring<T>& semiring) const {
  // (x A)' = A' x: the descriptor transposes, and the link's value stays the first argument.
  const auto width = x.width();
  const auto expanded = expand_rows(x);
  const BorrowedMatrix<T> operand(expanded, local_rows(), width);
  auto product = constant_matrix<T>(semiring.identity, local_columns(), width);
  if (local_rows() > 0 && local_columns() > 0) {
    check_grb(GrB_mxm(product.get(), nullptr, semiring.add, semiring.products, block_.get(),
                      operand.get(), GrB_DESC_T0));
  }
  auto partial = take_full<T>(product);
  partial.resize(static_cast<std::size_t>(local_columns() * width));
  return fold_columns<T>(partial, semiring.reduce, width);
}

template <class T>
DistributedVector<T> DistributedMatrix::reduce_rows() const {
  if (type_ != ValueType::pattern) {
    const DistributedVector<T> ones(*grid_, column_layout_, T{1});
    return mxv(ones, semiring<T>(Add::plus, Multiply::times));
  }
  // Entries a row stand in the row pointers: no product has to visit them.
  std::vector<T> counts(static_cast<std::size_t>(local_rows()));
  const CsrView csr(block_);
  for (std::size_t r = 0; r < counts.size(); ++r) {
    counts[r] = static_cast<T>(csr.row(static_cast<std::int64_t>(r)).size());
  }
  return fold_rows<T>(counts, comm::ReduceOp::sum);
}

template <class T>
DistributedVector<T> DistributedMatrix::reduce_columns() const {
  if (type_ != ValueType::pattern) {
    const DistributedVector<T> ones(*grid_, row_layout_, T{1});
    return vxm(ones, semiring<T>(Add::plus, Multiply::times));
  }
  std::vector<T> counts(static_cast<std::size_t>(local_columns()), T{0});
  const CsrView csr(block_);
  for (std::int64_t r = 0; r < csr.rows(); ++r) {
    for (const auto column : csr.row(r)) counts[column] += 1;
  }
  return fold_columns<T>(counts, comm::ReduceOp::sum);
}

#define TRADEGRAPH_INSTANTIATE(T)                                                                \
  template std::vector<T> DistributedMatrix::expand_rows(const DistributedVector<T>&) const;     \
  template std::vector<T> DistributedMatrix::expand_columns(const DistributedVector<T>&) const;  \
  template DistributedVector<T> DistributedMatrix::fold_rows(std::span<const T>, comm::ReduceOp, \
                                                             std::int64_t) const;                \
  template DistributedVector<T> DistributedMatrix::fold_columns(                                 \
      std::span<const T>, comm::ReduceOp, std::int64_t) const;                                   \
  template DistributedVector<T> DistributedMatrix::mxv(const DistributedVector<T>&,              \
                                                       const Semiring<T>&) const;                \
  template DistributedVector<T> DistributedMatrix::vxm(const DistributedVector<T>&,              \
                                                       const Semiring<T>&) const;                \
  template DistributedVector<T> DistributedMatrix::reduce_rows<T>() const;                       \
  template DistributedVector<T> DistributedMatrix::reduce_columns<T>() const;

TRADEGRAPH_INSTANTIATE(std::int64_t)
TRADEGRAPH_INSTANTIATE(double)
#undef TRADEGRAPH_INSTANTIATE

template std::vector<std::int32_t> DistributedMatrix::expand_rows(
    const DistributedVector<std::int32_t>&) const;
template std::vector<std::int32_t> DistributedMatrix::expand_columns(
    const DistributedVector<std::int32_t>&) const;

}  // namespace tradegraph::matrix
