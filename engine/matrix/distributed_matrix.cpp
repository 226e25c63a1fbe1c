#include "engine/matrix/distributed_matrix.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/comm/agreement.hpp"
#include "engine/matrix/csr_build.hpp"
#include "engine/matrix/csr_columns.hpp"
#include "engine/matrix/csr_filter.hpp"

namespace tradegraph::matrix {

struct DistributedMatrix::Plans {
  std::vector<std::pair<Layout, std::pair<Layout, Redistribution>>> made;
};

DistributedMatrix::DistributedMatrix(const comm::ProcessGrid& grid, Layout rows, Layout columns,
                                     ValueType type, Faces block)
    : grid_(&grid),
      row_layout_(rows),
      column_layout_(columns),
      type_(type),
      block_(std::make_shared<Faces>(std::move(block))),
      plans_(std::make_shared<Plans>()) {}

DistributedMatrix DistributedMatrix::with_block(GrbMatrix block) const {
  auto result = *this;
  result.block_ = std::make_shared<Faces>();
  result.block_->graphblas.emplace(std::move(block));
  return result;
}

DistributedMatrix DistributedMatrix::with_block(CsrBlock block) const {
  auto result = *this;
  result.type_ = block.type();
  result.block_ = std::make_shared<Faces>();
  result.block_->csr.emplace(std::move(block));
  result.block_->off_diagonal = block_->off_diagonal;
  return result;
}

const GrbMatrix& DistributedMatrix::block() const {
  if (!block_->graphblas) block_->graphblas.emplace(to_graphblas(*block_->csr));
  return *block_->graphblas;
}

const CsrBlock& DistributedMatrix::csr() const {
  if (!block_->csr) {
    block_->csr.emplace(from_graphblas(type_, block(), local_rows(), local_columns()));
  }
  return *block_->csr;
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
  const auto& block = csr();
  const auto row_number = row_layout_.partition().globals_of(grid_->row());
  const auto column_number = column_layout_.partition().globals_of(grid_->column());
  const auto entries = static_cast<std::size_t>(block.entries());
  Triples triples{std::vector<std::int64_t>(entries), std::vector<std::int64_t>(entries), {}, {}};
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    auto to = static_cast<std::size_t>(block.begin(r));
    for (const auto column : block.row(r)) {
      triples.row[to] = row_number[static_cast<std::size_t>(r)];
      triples.column[to++] = column_number[column];
    }
  }
  if (type_ == ValueType::int64) {
    const auto values = block.values<std::int64_t>();
    triples.integer.assign(values.begin(), values.end());
  } else if (type_ == ValueType::real) {
    const auto values = block.values<double>();
    triples.real.assign(values.begin(), values.end());
  }
  return triples;
}

std::int64_t DistributedMatrix::entries() const {
  const auto mine = block_->csr ? block_->csr->entries() : block_->graphblas->entries();
  return comm::all_reduce(grid_->group(), mine, comm::ReduceOp::sum);
}

LoadBalance DistributedMatrix::balance() const {
  const auto mine = csr().entries();
  const auto total = comm::all_reduce(grid_->group(), mine, comm::ReduceOp::sum);
  return {comm::all_reduce(grid_->group(), mine, comm::ReduceOp::max),
          static_cast<double>(total) / grid_->group().size()};
}

LoadBalance predicted_balance(const comm::Communicator& comm, comm::GridShape shape,
                              std::int64_t matrix_rows, std::int64_t matrix_columns,
                              std::span<const std::int64_t> row,
                              std::span<const std::int64_t> column) {
  const PartitionTable rows(Layout(shape, matrix_rows, Alignment::rows).partition());
  const PartitionTable columns(Layout(shape, matrix_columns, Alignment::columns).partition());
  std::vector<std::int64_t> links(static_cast<std::size_t>(shape.rows * shape.columns), 0);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const int place = rows.part_of(row[i]) * shape.columns + columns.part_of(column[i]);
    ++links[static_cast<std::size_t>(place)];
  }
  comm::all_reduce_in_place(comm, std::span(links), comm::ReduceOp::sum);
  const auto total = std::accumulate(links.begin(), links.end(), std::int64_t{0});
  return {*std::max_element(links.begin(), links.end()),
          static_cast<double>(total) / static_cast<double>(links.size())};
}

void DistributedMatrix::require_same_shape(const DistributedMatrix& other) const {
  require(row_layout_ == other.row_layout_ && column_layout_ == other.column_layout_ &&
              type_ == other.type_,
          ErrorKind::internal, "element-wise operation on matrices of different shape or type");
}

namespace {

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
  auto sum = with_block(united(csr(), other.csr()));
  sum.block_->off_diagonal = block_->off_diagonal && other.block_->off_diagonal;
  return sum;
}

DistributedMatrix DistributedMatrix::multiply_elements(const DistributedMatrix& other) const {
  require_same_shape(other);
  GrbMatrix product(grb_type(type_), local_rows(), local_columns());
  check_grb(GrB_Matrix_eWiseMult_BinaryOp(product.get(), nullptr, nullptr, times_op(type_),
                                          block().get(), other.block().get(), nullptr));
  return with_block(std::move(product));
}

DistributedMatrix DistributedMatrix::select_greater(double threshold) const {
  GrbMatrix kept(grb_type(type_), local_rows(), local_columns());
  check_grb(GrB_Matrix_select_FP64(kept.get(), nullptr, nullptr, GrB_VALUEGT_FP64, block().get(),
                                   threshold, nullptr));
  return with_block(std::move(kept));
}

DistributedMatrix DistributedMatrix::without_diagonal() const {
  if (block_->off_diagonal) return *this;
  const auto rows = row_layout_.partition().globals_of(grid_->row());
  const auto columns = column_layout_.partition().globals_of(grid_->column());
  auto result = with_block(filter_block(csr(), [&](std::int64_t r, std::int64_t c) {
    return rows[static_cast<std::size_t>(r)] != columns[static_cast<std::size_t>(c)];
  }));
  result.block_->off_diagonal = true;
  return result;
}

DistributedMatrix DistributedMatrix::select_labels(const DistributedVector<Label>& labels,
                                                   Label wanted) const {
  const auto of_row = expand_rows(labels);
  const auto of_column = expand_columns(labels);
  return with_block(filter_block(csr(), [&](std::int64_t r, std::int64_t c) {
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
  return type_ == ValueType::pattern ? *this : with_block(csr().pattern());
}

namespace {

/// Sum of a row's values; of a pattern, its entries.
template <class T>
T row_sum(const CsrBlock& block, std::int64_t r) {
  if (block.type() == ValueType::pattern) return static_cast<T>(block.row(r).size());
  return with_value_type(block.type(), [&](auto zero) {
    const auto values = block.values<decltype(zero)>();
    T sum = 0;
    for (auto i = block.begin(r); i < block.begin(r + 1); ++i) {
      sum += static_cast<T>(values[static_cast<std::size_t>(i)]);
    }
    return sum;
  });
}

template <class T>
std::vector<T> row_sums(const CsrBlock& block) {
  std::vector<T> sums(static_cast<std::size_t>(block.rows()));
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    sums[static_cast<std::size_t>(r)] = row_sum<T>(block, r);
  }
  return sums;
}

/// Entries a column.
template <class T>
std::vector<T> column_counts(const CsrBlock& block) {
  const auto counts = sum_columns<std::uint32_t>(block, [&](std::int64_t r, std::uint32_t* counts) {
    for (const auto column : block.row(r)) ++counts[column];
  });
  return {counts.begin(), counts.end()};
}

}  // namespace

template <class T>
T DistributedMatrix::reduce() const {
  T sum = 0;
  for (const auto of_row : row_sums<T>(csr())) sum += of_row;
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
  const auto values = x.values();
  if (grid_->group().size() == 1) return {values.begin(), values.end()};
  if (!(x.layout() == row_layout_)) return expand_rows(plan(x, row_layout_).apply(x));
  return comm::all_gather_v(grid_->row_ranks(), values).values;
}

template <class T>
std::vector<T> DistributedMatrix::expand_columns(const DistributedVector<T>& x) const {
  const auto values = x.values();
  if (grid_->group().size() == 1) return {values.begin(), values.end()};
  if (!(x.layout() == column_layout_)) return expand_columns(plan(x, column_layout_).apply(x));
  return comm::all_gather_v(grid_->column_ranks(), values).values;
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
    return DistributedVector<T>(*grid_, row_layout_, partial, width);
  }
  const auto counts = scaled(row_layout_.piece_counts(grid_->row()), width);
  return DistributedVector<T>(*grid_, row_layout_,
                              comm::reduce_scatter(grid_->row_ranks(), partial, counts, op), width);
}

template <class T>
DistributedVector<T> DistributedMatrix::fold_columns(std::span<const T> partial, comm::ReduceOp op,
                                                     std::int64_t width) const {
  if (grid_->column_ranks().size() == 1) {
    return DistributedVector<T>(*grid_, column_layout_, partial, width);
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
    check_grb(GrB_mxm(product.get(), nullptr, semiring.add, semiring.products, block().get(),
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
    check_grb(GrB_mxm(product.get(), nullptr, semiring.add, semiring.products, block().get(),
                      operand.get(), GrB_DESC_T0));
  }
  auto partial = take_full<T>(product);
  partial.resize(static_cast<std::size_t>(local_columns() * width));
  return fold_columns<T>(partial, semiring.reduce, width);
}

template <class T>
DistributedVector<T> DistributedMatrix::reduce_rows() const {
  return fold_rows<T>(row_sums<T>(csr()), comm::ReduceOp::sum);
}

template <class T>
DistributedVector<T> DistributedMatrix::reduce_columns() const {
  // Values are added in the order of the rows, so that threads do not show in the last bits.
  if (type_ != ValueType::pattern) {
    return fold_columns<T>(row_sums<T>(transposed(csr())), comm::ReduceOp::sum);
  }
  return fold_columns<T>(column_counts<T>(csr()), comm::ReduceOp::sum);
}

#define TRADEGRAPH_INSTANTIATE(T)                                                                \
  template std::vector<T> DistributedMatrix::expand_rows(const DistributedVector<T>&) const;     \
  template std::vector<T> DistributedMatrix::expand_columns(const DistributedVector<T>&) const;  \
  template DistributedVector<T> DistributedMatrix::fold_rows(std::span<const T>, comm::ReduceOp, \
                                                             std::int64_t) const;                \
  template DistributedVector<T> DistributedMatrix::fold_columns(                                 \
      std::span<const T>, comm::ReduceOp, std::int64_t) const;

TRADEGRAPH_INSTANTIATE(std::int32_t)
TRADEGRAPH_INSTANTIATE(std::uint32_t)
TRADEGRAPH_INSTANTIATE(std::int64_t)
TRADEGRAPH_INSTANTIATE(double)
TRADEGRAPH_INSTANTIATE(Int128)
#undef TRADEGRAPH_INSTANTIATE

#define TRADEGRAPH_INSTANTIATE(T)                                                   \
  template DistributedVector<T> DistributedMatrix::mxv(const DistributedVector<T>&, \
                                                       const Semiring<T>&) const;   \
  template DistributedVector<T> DistributedMatrix::vxm(const DistributedVector<T>&, \
                                                       const Semiring<T>&) const;   \
  template DistributedVector<T> DistributedMatrix::reduce_rows<T>() const;          \
  template DistributedVector<T> DistributedMatrix::reduce_columns<T>() const;

TRADEGRAPH_INSTANTIATE(std::int64_t)
TRADEGRAPH_INSTANTIATE(double)
#undef TRADEGRAPH_INSTANTIATE

}  // namespace tradegraph::matrix
