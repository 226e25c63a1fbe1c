#pragma once
/// Which rank of a replica group holds which elements of a vector.
///
/// - `rows`: aligned with the matrix rows. Rank (r, c) holds the c-th piece of row part r, so that
///   an all-gather along a grid row yields all values that the block's rows need.
/// - `columns`: likewise for columns: rank (r, c) holds the r-th piece of column part c.
/// - `slices`: rank k holds the k-th contiguous slice; the order of files.

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/slices.hpp"
#include "engine/comm/process_grid.hpp"
#include "engine/matrix/partition.hpp"

namespace tradegraph::matrix {

enum class Alignment { rows, columns, slices };

class Layout {
 public:
  struct Place {
    int rank;               ///< within the replica group
    std::int64_t position;  ///< among that rank's elements
  };

  Layout(comm::GridShape shape, std::int64_t size, Alignment alignment);

  [[nodiscard]] std::int64_t size() const { return partition_.size(); }
  [[nodiscard]] Alignment alignment() const { return alignment_; }
  [[nodiscard]] int ranks() const { return shape_.rows * shape_.columns; }
  /// The dealing of rows or columns; meaningless for slices.
  [[nodiscard]] const Partition& partition() const { return partition_; }

  [[nodiscard]] Place place_of(GlobalIndex index) const;
  /// How many elements from `index` on, this one included, follow each other on its rank as they do
  /// globally, at least.
  [[nodiscard]] std::int64_t run_from(GlobalIndex index) const;
  [[nodiscard]] GlobalIndex global_of(int rank, std::int64_t position) const;
  [[nodiscard]] std::int64_t count(int rank) const;
  /// `global_of` of all elements of a rank, by position: ascending, in every layout.
  [[nodiscard]] std::vector<std::int64_t> globals_of(int rank) const;
  /// Elements of each piece of a part, by rank within the grid row (or column).
  [[nodiscard]] std::vector<std::int64_t> piece_counts(int part) const;

  friend bool operator==(const Layout& a, const Layout& b) {
    return a.shape_.rows == b.shape_.rows && a.shape_.columns == b.shape_.columns &&
           a.alignment_ == b.alignment_ && a.partition_ == b.partition_;
  }

 private:
  struct Piece {
    int part;
    int piece;
  };
  [[nodiscard]] Piece piece_of(int rank) const;
  [[nodiscard]] int rank_of(Piece piece) const;
  [[nodiscard]] Slices pieces(int part) const;

  comm::GridShape shape_;
  Alignment alignment_;
  Partition partition_;
};

}  // namespace tradegraph::matrix
