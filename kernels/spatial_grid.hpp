#pragma once
/// Points sorted into square cells so small that any two points of one cell are neighbours.
///
/// Cells have a side slightly below eps/sqrt(2). They are stored sparsely, sorted by column and
/// then row, each with the bounding box of its points; cells of more than `kLeafPoints` points are
/// split further, as k-d trees whose nodes have boxes too. Linear memory, O(n log n) work in the
/// worst case and O(n) when cells are small.

#include <cstdint>
#include <limits>
#include <numbers>
#include <span>

#include "engine/base/buffer.hpp"
#include "kernels/box.hpp"
#include "kernels/dbscan.hpp"

namespace tradegraph::kernels {

inline constexpr std::int64_t kNoRow = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t kLeafPoints = 32;

/// A cell, or a part of one: the points at positions [first, last) of the grid's order. Children
/// are nodes `left` and `left + 1`; a leaf has left = -1.
struct GridNode {
  Box box;
  std::int64_t first = 0;
  std::int64_t last = 0;
  std::int64_t left = -1;
  std::int64_t smallest_core_row = kNoRow;  ///< kNoRow: no core inside

  [[nodiscard]] std::int64_t size() const { return last - first; }
  [[nodiscard]] bool is_leaf() const { return left < 0; }
  [[nodiscard]] bool has_core() const { return smallest_core_row != kNoRow; }
};

/// Position of a cell in the grid; differences above its reach mean "not adjacent", no more.
struct CellPlace {
  std::int64_t column;
  std::int64_t row;
};

class SpatialGrid {
 public:
  /// How many columns and rows away cells are adjacent: enough for neighbours at eps, and the most.
  static constexpr int kLeastReach = 2;
  static constexpr int kMostReach = 3;
  /// Cells of a square of adjacent ones, at most.
  static constexpr int kMostAdjacent = (2 * kMostReach + 1) * (2 * kMostReach + 1);

  /// Throws `ErrorKind::usage` if the extent of the points exceeds 2^45 eps.
  SpatialGrid(const PointSet& points, double eps_m, int reach = kLeastReach);

  [[nodiscard]] std::int64_t cells() const { return places_.ssize(); }
  [[nodiscard]] std::int64_t points() const { return x_.ssize(); }

  /// Points of cells that are not adjacent are about so far apart at least.
  [[nodiscard]] static double reach_m(double eps_m, int reach) {
    return (reach - 0.05) * eps_m * std::numbers::sqrt2 / 2;
  }
  /// In columns and rows.
  [[nodiscard]] int reach() const { return reach_; }
  /// Points of cells that are not adjacent are further apart than this.
  [[nodiscard]] double reach_m() const { return reach_m_; }

  /// Nodes 0..cells()-1 are the cells.
  [[nodiscard]] std::int64_t nodes() const { return nodes_.ssize(); }
  [[nodiscard]] const GridNode& node(std::int64_t i) const { return nodes_[i]; }
  [[nodiscard]] const CellPlace& cell_place(std::int64_t cell) const { return places_[cell]; }
  /// First cell of a column; the column's cells end where the next column's begin.
  [[nodiscard]] std::span<const std::int64_t> column_first() const { return column_first_; }

  /// By position in the grid's order.
  [[nodiscard]] Place place(std::int64_t position) const { return {x_[position], y_[position]}; }
  [[nodiscard]] const double* x() const { return x_.data(); }
  [[nodiscard]] const double* y() const { return y_.data(); }
  /// The point's number in the input.
  [[nodiscard]] std::int64_t point(std::int64_t position) const { return point_[position]; }
  /// From now on a point's number is its position.
  void number_by_position();
  /// Cell that holds a position; O(log cells).
  [[nodiscard]] std::int64_t cell_at(std::int64_t position) const;

  /// Writes `smallest_core_row` into all nodes. `core` is by position, `row` by input number.
  void mark_cores(std::span<const std::uint8_t> core, std::span<const std::int64_t> row);

 private:
  /// Cells and points from the points `sorted` by key: column, then a row of so many bits.
  template <class Keyed>
  void arrange(const PointSet& points, std::span<const Keyed> sorted, int row_bits);
  /// `starts`: of the cells among the points, and the number of points.
  template <class Keyed>
  void place_cells(std::span<const Keyed> sorted, std::span<const std::int64_t> starts,
                   int row_bits);
  template <class Keyed>
  void gather(const PointSet& points, std::span<const Keyed> sorted);
  void split_large_cells();
  std::int64_t mark(std::int64_t i, std::span<const std::uint8_t> core,
                    std::span<const std::int64_t> row);

  int reach_;
  double reach_m_ = 0;
  Buffer<double> x_;
  Buffer<double> y_;
  Buffer<std::int64_t> point_;
  Buffer<GridNode> nodes_;
  Buffer<CellPlace> places_;
  Buffer<std::int64_t> column_first_;
};

}  // namespace tradegraph::kernels
