#pragma once
/// Owning, move-only handles of GraphBLAS objects, and zero-copy ways in and out of them.

#include <span>
#include <utility>
#include <vector>

#include "engine/matrix/graphblas.hpp"

namespace tradegraph::matrix {

/// Type of the values of a block. `pattern` is GrB_BOOL with one value for all entries: it costs
/// no memory a link.
enum class ValueType { pattern, int64, real };

[[nodiscard]] GrB_Type grb_type(ValueType type);

template <class T>
[[nodiscard]] GrB_Type grb_type_of();
template <>
[[nodiscard]] GrB_Type grb_type_of<std::int64_t>();
template <>
[[nodiscard]] GrB_Type grb_type_of<double>();

/// Owns a GrB_Matrix.
class GrbMatrix {
 public:
  GrbMatrix() = default;
  GrbMatrix(GrB_Type type, std::int64_t rows, std::int64_t columns);
  explicit GrbMatrix(GrB_Matrix owned) : handle_(owned) {}
  GrbMatrix(GrbMatrix&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  GrbMatrix& operator=(GrbMatrix&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  GrbMatrix(const GrbMatrix&) = delete;
  GrbMatrix& operator=(const GrbMatrix&) = delete;
  ~GrbMatrix() { GrB_Matrix_free(&handle_); }

  [[nodiscard]] GrB_Matrix get() const { return handle_; }
  [[nodiscard]] GrB_Matrix* address() { return &handle_; }
  [[nodiscard]] std::int64_t rows() const;
  [[nodiscard]] std::int64_t columns() const;
  [[nodiscard]] std::int64_t entries() const;
  [[nodiscard]] GrbMatrix copy() const;

 private:
  GrB_Matrix handle_ = nullptr;
};

/// Owns a GrB_Vector.
class GrbVector {
 public:
  GrbVector(GrB_Type type, std::int64_t size);
  GrbVector(const GrbVector&) = delete;
  GrbVector& operator=(const GrbVector&) = delete;
  ~GrbVector() { GrB_Vector_free(&handle_); }

  [[nodiscard]] GrB_Vector get() const { return handle_; }
  [[nodiscard]] GrB_Vector* address() { return &handle_; }

 private:
  GrB_Vector handle_ = nullptr;
};

/// rows x columns matrix with `value` everywhere, each stored.
template <class T>
[[nodiscard]] GrbMatrix constant_matrix(T value, std::int64_t rows, std::int64_t columns);

/// A full matrix that reads the row-major `values` in place, as an operand. They must outlive it.
template <class T>
class BorrowedMatrix {
 public:
  BorrowedMatrix(std::span<const T> values, std::int64_t rows, std::int64_t columns);
  ~BorrowedMatrix();
  BorrowedMatrix(const BorrowedMatrix&) = delete;
  BorrowedMatrix& operator=(const BorrowedMatrix&) = delete;

  [[nodiscard]] GrB_Matrix get() const { return matrix_.get(); }

 private:
  GrbMatrix matrix_;
  bool borrowed_ = false;
};

/// Moves the values out of a full matrix, row-major; the matrix is left empty.
template <class T>
[[nodiscard]] std::vector<T> take_full(GrbMatrix& matrix);

/// Rows, columns and (unless the type is pattern) values of entries, in no particular order.
struct Triples {
  std::vector<std::int64_t> row;
  std::vector<std::int64_t> column;
  std::vector<double> real;           ///< for ValueType::real
  std::vector<std::int64_t> integer;  ///< for ValueType::int64

  [[nodiscard]] std::size_t size() const { return row.size(); }
};

/// Block built from local triples; values of repeated entries are added (pattern: joined).
[[nodiscard]] GrbMatrix build_block(ValueType type, std::int64_t rows, std::int64_t columns,
                                    const Triples& local);
[[nodiscard]] Triples extract_triples(ValueType type, const GrbMatrix& block);

/// The block's own CSR arrays, for the few loops that are faster by hand. Rows are sorted. The
/// block is empty while the view lives, and gets its arrays back when the view ends; so nothing
/// else may use it meanwhile, although it counts as unchanged.
class CsrView {
 public:
  explicit CsrView(const GrbMatrix& block);
  ~CsrView();
  CsrView(const CsrView&) = delete;
  CsrView& operator=(const CsrView&) = delete;

  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] std::uint64_t entries() const { return pointers_[rows_]; }
  /// All entries have the same value, which is stored once.
  [[nodiscard]] bool is_iso() const { return iso_; }
  /// Columns of all entries, row after row.
  [[nodiscard]] std::span<const std::uint64_t> columns() const { return {columns_, entries()}; }
  /// Columns of the entries in a row, ascending.
  [[nodiscard]] std::span<const std::uint64_t> row(std::int64_t r) const {
    return {columns_ + pointers_[r], columns_ + pointers_[r + 1]};
  }
  /// Position of the row's first entry among all entries, which is where its values start.
  [[nodiscard]] std::uint64_t begin(std::int64_t r) const { return pointers_[r]; }
  /// Value of the entry at `position`; T must be the block's type.
  template <class T>
  [[nodiscard]] T value(std::uint64_t position) const {
    return static_cast<const T*>(values_)[iso_ ? 0 : position];
  }

 private:
  const GrbMatrix& block_;
  std::int64_t rows_ = 0;
  GrB_Index* pointers_ = nullptr;
  GrB_Index* columns_ = nullptr;
  void* values_ = nullptr;
  GrB_Index pointers_bytes_ = 0;
  GrB_Index columns_bytes_ = 0;
  GrB_Index values_bytes_ = 0;
  bool iso_ = false;
};

}  // namespace tradegraph::matrix
