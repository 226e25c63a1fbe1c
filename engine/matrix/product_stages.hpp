#pragma once
/// The operands of a product C = A B of two distributed matrices, brought to each rank a piece at a
/// time.
///
/// Call *lines* the grid rows, or the grid columns if there are more of them, and *lanes* the
/// others; with more columns than rows the product is taken as C' = B' A', so that the rows of the
/// left operand always lie along lines. Rank (line r, lane c) makes block (r, c) of the product in
/// as many stages as there are lines. In stage t
///   - the right operand's block of line t goes to all lines of its lane (a broadcast), and
///   - the left operand's columns that meet line t are gathered over the lanes of a line,
/// after which the piece of the inner dimension dealt to line t is whole on both sides. It is SUMMA
/// (van de Geijn & Watts 1997, doi:10.1002/(SICI)1096-9128(199704)9:4<255::AID-CPE250>3.0.CO;2-2)
/// with as many stages as the longer side of the grid has ranks, for any grid: rows and columns may
/// be dealt differently, so that their numbers need not agree nor divide each other.
///
/// A rank receives entries / lanes of the right and entries / lines of the left operand in all, and
/// holds entries / ranks + entries / lines^2 at a time.

#include <cstdint>
#include <vector>

#include "engine/comm/collectives.hpp"
#include "engine/comm/process_grid.hpp"
#include "engine/matrix/compact_csr.hpp"
#include "engine/matrix/partition.hpp"

namespace tradegraph::matrix {

/// The grid with its longer side first.
class GridLines {
 public:
  explicit GridLines(const comm::ProcessGrid& grid)
      : grid_(&grid), turned_(grid.shape().rows < grid.shape().columns) {}

  /// Lines are grid columns: operands are to be transposed.
  [[nodiscard]] bool turned() const { return turned_; }
  [[nodiscard]] int line() const { return along().rank(); }
  [[nodiscard]] int lines() const { return along().size(); }
  /// The ranks of this lane; rank = line.
  [[nodiscard]] const comm::Communicator& along() const {
    return turned_ ? grid_->row_ranks() : grid_->column_ranks();
  }
  /// The ranks of this line; rank = lane.
  [[nodiscard]] const comm::Communicator& across() const {
    return turned_ ? grid_->column_ranks() : grid_->row_ranks();
  }

 private:
  const comm::ProcessGrid* grid_;
  bool turned_;
};

class ProductStages {
 public:
  /// `left`: rows of this line, columns of this lane; `right` likewise. `by_lane`: how the left's
  /// columns are dealt to lanes, `by_line`: the right's rows to lines; both must outlive this. Not
  /// collective.
  ProductStages(const GridLines& lines, const Partition& by_lane, const Partition& by_line,
                const CompactCsr& left, const CompactCsr& right);

  [[nodiscard]] int count() const { return lines_.lines(); }
  /// Calls visit(stage, left piece, right piece) for every stage; the pieces' inner indices are the
  /// places within that line's part. Collective over the replica group; `visit` may communicate.
  template <class Visit>
  void run(Visit&& visit) {
    if (count() == 1) {  // then there is one lane, too
      visit(0, left_, right_);
      return;
    }
    split_left();
    for (int stage = 0; stage < count(); ++stage) {
      const auto left = gather_left(stage);
      if (stage == lines_.line()) {
        broadcast_right(stage);
        visit(stage, left, right_);
      } else {
        visit(stage, left, broadcast_right(stage));
      }
    }
  }

 private:
  void split_left();
  [[nodiscard]] CompactCsr gather_left(int stage);
  /// What another line sent; nothing on the line that sends.
  CompactCsr broadcast_right(int stage);

  GridLines lines_;
  const Partition& by_lane_;
  const Partition& by_line_;
  const CompactCsr& left_;
  const CompactCsr& right_;
  std::vector<CompactEntries> split_;  ///< of the left operand, by the line that they meet
};

}  // namespace tradegraph::matrix
