#include "engine/matrix/ascent.hpp"

#include "engine/matrix/csr_filter.hpp"

namespace tradegraph::matrix {

Ascent::Ascent(const DistributedMatrix& matrix, const DistributedVector<std::int64_t>& key)
    : matrix_(&matrix) {
  require(matrix.rows() == matrix.columns() && key.size() == matrix.rows(), ErrorKind::internal,
          "an order of firms needs a square matrix and a key a row");
  row_key_ = matrix.expand_rows(key);
  column_key_ = matrix.expand_columns(key);
}

DistributedMatrix DistributedMatrix::select_rising(
    const DistributedVector<std::int64_t>& key) const {
  const Ascent ascent(*this, key);
  return with_block(
      filter_block(csr(), [&](std::int64_t r, std::int64_t c) { return ascent.rises(r, c); }));
}

}  // namespace tradegraph::matrix
