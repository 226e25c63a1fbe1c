#include "engine/matrix/handles.hpp"

#include <algorithm>

#include "engine/base/error.hpp"

namespace tradegraph::matrix {

GrB_Type grb_type(ValueType type) {
  switch (type) {
    case ValueType::pattern: return GrB_BOOL;
    case ValueType::int64: return GrB_INT64;
    case ValueType::real: return GrB_FP64;
  }
  throw Error(ErrorKind::internal, "unknown value type");
}

template <>
GrB_Type grb_type_of<std::int64_t>() {
  return GrB_INT64;
}
template <>
GrB_Type grb_type_of<double>() {
  return GrB_FP64;
}

namespace {

/// GraphBLAS refuses matrices with a side of 0: an empty block is kept as one empty row or column.
GrB_Index side(std::int64_t length) {
  return static_cast<GrB_Index>(std::max<std::int64_t>(length, 1));
}

}  // namespace

GrbMatrix::GrbMatrix(GrB_Type type, std::int64_t rows, std::int64_t columns) {
  check_grb(GrB_Matrix_new(&handle_, type, side(rows), side(columns)));
  check_grb(GxB_Matrix_Option_set(handle_, GxB_FORMAT, GxB_BY_ROW));
}

std::int64_t GrbMatrix::rows() const {
  GrB_Index n = 0;
  check_grb(GrB_Matrix_nrows(&n, handle_));
  return static_cast<std::int64_t>(n);
}

std::int64_t GrbMatrix::columns() const {
  GrB_Index n = 0;
  check_grb(GrB_Matrix_ncols(&n, handle_));
  return static_cast<std::int64_t>(n);
}

std::int64_t GrbMatrix::entries() const {
  GrB_Index n = 0;
  check_grb(GrB_Matrix_nvals(&n, handle_));
  return static_cast<std::int64_t>(n);
}

GrbMatrix GrbMatrix::copy() const {
  GrB_Matrix twin = nullptr;
  check_grb(GrB_Matrix_dup(&twin, handle_));
  return GrbMatrix(twin);
}

GrbVector::GrbVector(GrB_Type type, std::int64_t size) {
  check_grb(GrB_Vector_new(&handle_, type, side(size)));
}

template <class T>
GrbMatrix constant_matrix(T value, std::int64_t rows, std::int64_t columns) {
  GrbMatrix matrix(grb_type_of<T>(), rows, columns);
  const auto count = side(rows) * side(columns);
  auto* values = static_cast<T*>(std::malloc(count * sizeof(T)));
  require(values != nullptr, ErrorKind::memory, "out of memory");
#pragma omp parallel for
  for (GrB_Index i = 0; i < count; ++i) values[i] = value;
  void* owned = values;
  check_grb(GxB_Matrix_pack_FullR(matrix.get(), &owned, count * sizeof(T), false, nullptr));
  return matrix;
}

template <class T>
BorrowedMatrix<T>::BorrowedMatrix(std::span<const T> values, std::int64_t rows,
                                  std::int64_t columns)
    : matrix_(grb_type_of<T>(), rows, columns) {
  if (values.empty()) {
    matrix_ = constant_matrix(T{}, rows, columns);
    return;
  }
  // GraphBLAS asks for a pointer to values it may own; as an operand they are only read.
  void* shared = const_cast<T*>(values.data());
  check_grb(GxB_Matrix_pack_FullR(matrix_.get(), &shared, values.size_bytes(), false, nullptr));
  borrowed_ = true;
}

template <class T>
BorrowedMatrix<T>::~BorrowedMatrix() {
  if (!borrowed_) return;
  void* shared = nullptr;
  GrB_Index bytes = 0;
  bool iso = false;
  GxB_Matrix_unpack_FullR(matrix_.get(), &shared, &bytes, &iso, nullptr);
}

template <class T>
std::vector<T> take_full(GrbMatrix& matrix) {
  const auto count = static_cast<std::size_t>(matrix.rows() * matrix.columns());
  void* values = nullptr;
  GrB_Index bytes = 0;
  bool iso = false;
  check_grb(GxB_Matrix_unpack_FullR(matrix.get(), &values, &bytes, &iso, nullptr));
  const T* typed = static_cast<const T*>(values);
  std::vector<T> result;
  if (iso) {
    result.assign(count, typed[0]);
  } else {
    result.assign(typed, typed + count);
  }
  std::free(values);
  return result;
}

template GrbMatrix constant_matrix(std::int64_t, std::int64_t, std::int64_t);
template GrbMatrix constant_matrix(double, std::int64_t, std::int64_t);
template class BorrowedMatrix<std::int64_t>;
template class BorrowedMatrix<double>;
template std::vector<std::int64_t> take_full<std::int64_t>(GrbMatrix&);
template std::vector<double> take_full<double>(GrbMatrix&);

namespace {

const GrB_Index* indices(const std::vector<std::int64_t>& v) {
  return reinterpret_cast<const GrB_Index*>(v.data());  // int64 and uint64 may alias
}
GrB_Index* indices(std::vector<std::int64_t>& v) { return reinterpret_cast<GrB_Index*>(v.data()); }

}  // namespace

GrbMatrix build_block(ValueType type, std::int64_t rows, std::int64_t columns,
                      const Triples& local) {
  GrbMatrix block(grb_type(type), rows, columns);
  const auto* row = indices(local.row);
  const auto* column = indices(local.column);
  const auto count = static_cast<GrB_Index>(local.size());
  if (count == 0) return block;
  switch (type) {
    case ValueType::int64:
      check_grb(GrB_Matrix_build_INT64(block.get(), row, column, local.integer.data(), count,
                                       GrB_PLUS_INT64));
      break;
    case ValueType::real:
      check_grb(
          GrB_Matrix_build_FP64(block.get(), row, column, local.real.data(), count, GrB_PLUS_FP64));
      break;
    case ValueType::pattern: {
      GrB_Scalar one = nullptr;
      check_grb(GrB_Scalar_new(&one, GrB_BOOL));
      check_grb(GrB_Scalar_setElement_BOOL(one, true));
      const auto info = GxB_Matrix_build_Scalar(block.get(), row, column, one, count);
      GrB_Scalar_free(&one);
      check_grb(info);
      break;
    }
  }
  check_grb(GrB_Matrix_wait(block.get(), GrB_MATERIALIZE));
  return block;
}

Triples extract_triples(ValueType type, const GrbMatrix& block) {
  Triples triples;
  auto count = static_cast<GrB_Index>(block.entries());
  triples.row.resize(count);
  triples.column.resize(count);
  auto* row = indices(triples.row);
  auto* column = indices(triples.column);
  switch (type) {
    case ValueType::int64:
      triples.integer.resize(count);
      check_grb(
          GrB_Matrix_extractTuples_INT64(row, column, triples.integer.data(), &count, block.get()));
      break;
    case ValueType::real:
      triples.real.resize(count);
      check_grb(
          GrB_Matrix_extractTuples_FP64(row, column, triples.real.data(), &count, block.get()));
      break;
    case ValueType::pattern:
      check_grb(GrB_Matrix_extractTuples_BOOL(row, column, nullptr, &count, block.get()));
      break;
  }
  return triples;
}

CsrView::CsrView(const GrbMatrix& block) : block_(block), rows_(block.rows()) {
  check_grb(GxB_Matrix_unpack_CSR(block.get(), &pointers_, &columns_, &values_, &pointers_bytes_,
                                  &columns_bytes_, &values_bytes_, &iso_, nullptr, nullptr));
}

CsrView::~CsrView() {
  GxB_Matrix_pack_CSR(block_.get(), &pointers_, &columns_, &values_, pointers_bytes_,
                      columns_bytes_, values_bytes_, iso_, false, nullptr);
}

}  // namespace tradegraph::matrix
