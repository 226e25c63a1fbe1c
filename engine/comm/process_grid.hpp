#pragma once
/// Ranks arranged as replicas x rows x columns, for any number of ranks.
///
/// A replica group holds the whole matrix; its ranks hold 2-D blocks. Work over many sources is
/// split over replicas, work on one vector over the grid. Rank order: replica, then row, then
/// column.

#include <string>

#include "engine/comm/communicator.hpp"

namespace tradegraph::comm {

struct GridShape {
  int replicas = 1;
  int rows = 1;
  int columns = 1;

  [[nodiscard]] int ranks() const { return replicas * rows * columns; }
  [[nodiscard]] std::string text() const;  ///< "S,R,C"
  friend bool operator==(const GridShape&, const GridShape&) = default;

  /// One replica; as square as the divisors of `ranks` allow. Rows >= columns: what is said of a
  /// row then comes together on fewer ranks.
  [[nodiscard]] static GridShape nearest_square(int ranks);
  /// From "S,R,C". Throws `ErrorKind::usage` if malformed or if S*R*C is not `ranks`.
  [[nodiscard]] static GridShape parse(const std::string& text, int ranks);
};

class ProcessGrid {
 public:
  /// Collective over `world`, which must have `shape.ranks()` ranks (else `ErrorKind::usage`).
  ProcessGrid(const Communicator& world, GridShape shape);

  [[nodiscard]] GridShape shape() const { return shape_; }
  [[nodiscard]] int replica() const { return replica_; }
  [[nodiscard]] int row() const { return row_; }
  [[nodiscard]] int column() const { return column_; }

  /// All ranks.
  [[nodiscard]] const Communicator& world() const { return world_; }
  /// The ranks that together hold one copy of the matrix; rank = row * columns + column.
  [[nodiscard]] const Communicator& group() const { return group_; }
  /// The ranks of this grid row; rank = column.
  [[nodiscard]] const Communicator& row_ranks() const { return row_ranks_; }
  /// The ranks of this grid column; rank = row.
  [[nodiscard]] const Communicator& column_ranks() const { return column_ranks_; }
  /// The ranks that hold the same block in the other replica groups; rank = replica.
  [[nodiscard]] const Communicator& twins() const { return twins_; }

  /// Rank within `group()` at a place of the grid.
  [[nodiscard]] int rank_at(int row, int column) const { return row * shape_.columns + column; }

 private:
  GridShape shape_;
  int replica_;
  int row_;
  int column_;
  Communicator world_;
  Communicator group_;
  Communicator row_ranks_;
  Communicator column_ranks_;
  Communicator twins_;
};

}  // namespace tradegraph::comm
