#pragma once
/// An order of firms, as a matrix sees it: which of its entries lead upwards.

#include <cstdint>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::matrix {

/// Firms in the order of (key, number). Memory: 8 bytes a row and a column of the block.
class Ascent {
 public:
  /// `matrix` is square, `key` one value a row in any layout; `matrix` must outlive this.
  /// Collective: expands the keys along grid rows and columns.
  Ascent(const DistributedMatrix& matrix, const DistributedVector<std::int64_t>& key);

  /// Row before column.
  [[nodiscard]] bool rises(std::int64_t row, std::int64_t column) const {
    const auto of_row = row_key_[static_cast<std::size_t>(row)];
    const auto of_column = column_key_[static_cast<std::size_t>(column)];
    return of_row < of_column || (of_row == of_column && number_rises(row, column));
  }
  /// Column before row.
  [[nodiscard]] bool falls(std::int64_t row, std::int64_t column) const {
    const auto of_row = row_key_[static_cast<std::size_t>(row)];
    const auto of_column = column_key_[static_cast<std::size_t>(column)];
    return of_row > of_column || (of_row == of_column && number_falls(row, column));
  }

 private:
  [[nodiscard]] bool number_rises(std::int64_t row, std::int64_t column) const {
    return matrix_->global_row(LocalRow(row)) < matrix_->global_column(LocalCol(column));
  }
  [[nodiscard]] bool number_falls(std::int64_t row, std::int64_t column) const {
    return matrix_->global_row(LocalRow(row)) > matrix_->global_column(LocalCol(column));
  }

  const DistributedMatrix* matrix_;
  std::vector<std::int64_t> row_key_;
  std::vector<std::int64_t> column_key_;
};

}  // namespace tradegraph::matrix
