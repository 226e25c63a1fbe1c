#pragma once
/// Labels of a block's rows and columns, as short as a loop over its entries wants them.

#include <cstdint>
#include <vector>

#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/cluster_sums.hpp"

namespace tradegraph::kernels {

class BlockLabels {
 public:
  /// `labels`: one a firm, in the row layout of `a`, which is square. Collective: one expand along
  /// grid rows and one along grid columns, 4 bytes a firm.
  BlockLabels(const matrix::DistributedMatrix& a, const Labels& labels)
      : BlockLabels(a, shortened(labels)) {}

  /// Both in one cluster.
  [[nodiscard]] bool same(std::int64_t row, std::uint32_t column) const {
    const auto label = of_row_[static_cast<std::size_t>(row)];
    return label == of_column_[column] && label != kNoCluster;
  }
  [[nodiscard]] const std::vector<std::int32_t>& of_row() const { return of_row_; }
  [[nodiscard]] const std::vector<std::int32_t>& of_column() const { return of_column_; }

 private:
  using Short = matrix::DistributedVector<std::int32_t>;

  BlockLabels(const matrix::DistributedMatrix& a, const Short& labels)
      : of_row_(a.expand_rows(labels)), of_column_(a.expand_columns(labels)) {}
  static Short shortened(const Labels& labels);

  std::vector<std::int32_t> of_row_;
  std::vector<std::int32_t> of_column_;
};

}  // namespace tradegraph::kernels
