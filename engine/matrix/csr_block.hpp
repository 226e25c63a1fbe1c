#pragma once
/// A block as compressed sparse rows with 32-bit columns: half the memory of GraphBLAS's own
/// arrays, and the form on which loops by hand work.

#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

#include "engine/base/buffer.hpp"
#include "engine/matrix/handles.hpp"

namespace tradegraph::matrix {

/// Immutable; copies share their arrays, and blocks of one pattern with different values share the
/// pattern. Columns ascend within a row, without repeats.
class CsrBlock {
 public:
  using Column = std::uint32_t;
  struct Pattern {
    Buffer<std::int64_t> pointers;  ///< rows + 1
    Buffer<Column> columns;         ///< of each entry
  };

  /// Throws `ErrorKind::usage` for more than 2^32 columns: then the grid needs more columns.
  CsrBlock(std::int64_t columns, Pattern pattern)
      : columns_(columns), pattern_(std::make_shared<const Pattern>(std::move(pattern))) {
    check_columns(columns);
  }
  /// Without entries.
  CsrBlock(ValueType type, std::int64_t rows, std::int64_t columns);
  static void check_columns(std::int64_t columns) {
    require(columns <= std::int64_t{1} << 32, ErrorKind::usage,
            "a block has more than 2^32 columns: take a grid with more columns");
  }

  [[nodiscard]] std::int64_t rows() const { return pattern_->pointers.ssize() - 1; }
  [[nodiscard]] std::int64_t columns() const { return columns_; }
  [[nodiscard]] std::int64_t entries() const { return pattern_->columns.ssize(); }
  [[nodiscard]] ValueType type() const { return static_cast<ValueType>(values_.index()); }

  /// Columns of the entries in a row, ascending.
  [[nodiscard]] std::span<const Column> row(std::int64_t r) const {
    return {pattern_->columns.data() + begin(r), static_cast<std::size_t>(begin(r + 1) - begin(r))};
  }
  /// Number of the row's first entry; `begin(rows())` is the number of entries.
  [[nodiscard]] std::int64_t begin(std::int64_t r) const { return pattern_->pointers[r]; }
  [[nodiscard]] std::span<const std::int64_t> pointers() const { return pattern_->pointers; }
  [[nodiscard]] std::span<const Column> column_of_entry() const { return pattern_->columns; }
  /// Values by entry; T must be that of the block: std::int64_t or double.
  template <class T>
  [[nodiscard]] std::span<const T> values() const {
    return *std::get<Values<T>>(values_);
  }

  /// The same pattern with other values, one an entry.
  template <class T>
  [[nodiscard]] CsrBlock with_values(Buffer<T> values) const {
    require(values.ssize() == entries(), ErrorKind::internal, "values do not fit the pattern");
    CsrBlock result = pattern();
    result.values_ = std::make_shared<const Buffer<T>>(std::move(values));
    return result;
  }
  /// Without values.
  [[nodiscard]] CsrBlock pattern() const {
    CsrBlock result = *this;
    result.values_ = std::monostate{};
    return result;
  }

 private:
  template <class T>
  using Values = std::shared_ptr<const Buffer<T>>;

  std::int64_t columns_;
  std::shared_ptr<const Pattern> pattern_;
  /// In the order of `ValueType`.
  std::variant<std::monostate, Values<std::int64_t>, Values<double>> values_;
};

static_assert(static_cast<int>(ValueType::pattern) == 0 &&
              static_cast<int>(ValueType::int64) == 1 && static_cast<int>(ValueType::real) == 2);

/// Runs `work` with a std::int64_t{} or double{}, as the block's values are; not for a pattern.
template <class Work>
decltype(auto) with_value_type(ValueType type, Work&& work) {
  require(type != ValueType::pattern, ErrorKind::internal, "a pattern has no values");
  return type == ValueType::int64 ? work(std::int64_t{}) : work(double{});
}

/// Copies into GraphBLAS and out of it. All threads.
[[nodiscard]] GrbMatrix to_graphblas(const CsrBlock& block);
[[nodiscard]] CsrBlock from_graphblas(ValueType type, const GrbMatrix& block, std::int64_t rows,
                                      std::int64_t columns);

}  // namespace tradegraph::matrix
