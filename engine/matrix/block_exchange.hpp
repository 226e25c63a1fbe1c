#pragma once
/// Values of firms to the columns of a block and sums of its rows back to the firms, again and
/// again, for products by hand: only what the block's entries need travels, and it is addressed
/// once.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::matrix {

/// For a square matrix and vectors in its row layout. Memory: 4 bytes an entry, 20 a row and column
/// of the block; nothing on one rank.
class BlockExchange {
 public:
  /// Collective; sends 8 bytes for each column and row with entries.
  explicit BlockExchange(const DistributedMatrix& a);

  /// Of each entry of `csr()`: where the value of its column stands among the expanded ones.
  [[nodiscard]] std::span<const CsrBlock::Column> index_of_entry() const { return index_; }
  /// Values of the columns that have entries, from `own`, one a firm of this rank; on one rank
  /// these are `own` itself. Valid until the next call. Collective over the replica group.
  [[nodiscard]] std::span<const double> expand(std::span<const double> own);

  /// Rows of the block are this rank's firms: there is nothing to fold.
  [[nodiscard]] bool rows_are_own() const { return grid_->row_ranks().size() == 1; }
  /// Adds up `partial`, one a block row, over the grid row: one a firm of this rank. Always in the
  /// same order. Valid until the next call. Collective over the grid row.
  [[nodiscard]] std::span<const double> fold(std::span<const double> partial);

 private:
  void plan_columns(const DistributedMatrix& a);
  void plan_rows(const DistributedMatrix& a);

  /// Values that travel: taken from `positions`, by the rank they go to or come from.
  struct Route {
    std::vector<std::int64_t> positions;
    std::vector<std::int64_t> counts;
  };

  const comm::ProcessGrid* grid_;
  std::span<const CsrBlock::Column> index_;
  Buffer<CsrBlock::Column> own_index_;
  Route column_sends_;                       ///< own firms, by the rank that wants them
  std::vector<std::int64_t> column_counts_;  ///< values that come from each rank
  Route row_sends_;                          ///< block rows, by rank of the grid row
  Route row_receives_;                       ///< own firms, by rank of the grid row
  std::int64_t first_own_row_ = 0;           ///< of this rank's firms among the block's rows
  Buffer<double> sent_;
  Buffer<double> expanded_;
  Buffer<double> received_;
  Buffer<double> folded_;
};

}  // namespace tradegraph::matrix
