#pragma once
/// A sparse matrix in 2-D blocks over the ranks of a replica group.
///
/// A block has two faces, each made from the other at first use: a GrB_Matrix for algebra, and
/// compressed sparse rows with 32-bit columns (`CsrBlock`) for assembly and for the loops that are
/// faster by hand. Matrices are values that never change: copies share their block.
///
/// Rows are dealt to grid rows, columns to grid columns (see `Partition`); rank (r, c) holds the
/// entries whose row is in row part r and whose column is in column part c. A product y = A x
/// gathers x along the grid column ("expand"), multiplies the block, and reduces partial results
/// along the grid row ("fold"): at most n/R + n/C values a rank and product, the 2-D scheme of
/// Buluc & Gilbert 2011 (CombBLAS), doi:10.1177/1094342011403516.
///
/// Functions marked collective must be called by all ranks of the replica group. Every replica
/// group holds its own copy of the matrix.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/matrix/assembly.hpp"
#include "engine/matrix/csr_block.hpp"
#include "engine/matrix/distributed_vector.hpp"
#include "engine/matrix/handles.hpp"
#include "engine/matrix/semiring.hpp"

namespace tradegraph::matrix {

/// Entries on the busiest rank against the mean.
struct LoadBalance {
  std::int64_t largest = 0;
  double mean = 0;
  [[nodiscard]] double ratio() const { return mean > 0 ? static_cast<double>(largest) / mean : 1; }
};

/// The balance that a grid of `shape` would have, without such ranks, for the entries that the
/// ranks of `comm` hold together. Collective.
[[nodiscard]] LoadBalance predicted_balance(const comm::Communicator& comm, comm::GridShape shape,
                                            std::int64_t matrix_rows, std::int64_t matrix_columns,
                                            std::span<const std::int64_t> row,
                                            std::span<const std::int64_t> column);

/// Consecutive rows of a whole matrix, from row `first` on, as compressed sparse rows with global
/// columns, which ascend without repeats; and any number of values an entry.
struct RowSlice {
  std::int64_t first = 0;
  std::span<const std::int64_t> pointers;
  std::span<const std::int64_t> columns;
  std::vector<std::span<const double>> values;
  bool off_diagonal = false;  ///< the caller vouches that no entry lies on the diagonal
};

class DistributedMatrix {
 public:
  /// From entries with global indices that any rank holds; values of repeated entries are added.
  /// Collective; sends each entry once. Throws `ErrorKind::internal` for an index out of range.
  [[nodiscard]] static DistributedMatrix build(const comm::ProcessGrid& grid, std::int64_t rows,
                                               std::int64_t columns, ValueType type,
                                               const Triples& entries);
  /// Matrices of one pattern: it alone, and one of type int64 or real for each column of values;
  /// values of repeated entries are added. Collective and costs as above.
  [[nodiscard]] static std::vector<DistributedMatrix> build_all(const comm::ProcessGrid& grid,
                                                                std::int64_t rows,
                                                                std::int64_t columns,
                                                                const EntryList& entries);
  /// Likewise from a slice of the rows on each rank: on one rank nothing is sorted. Collective.
  [[nodiscard]] static std::vector<DistributedMatrix> build_all(const comm::ProcessGrid& grid,
                                                                std::int64_t rows,
                                                                std::int64_t columns,
                                                                const RowSlice& slice);

  [[nodiscard]] const comm::ProcessGrid& grid() const { return *grid_; }
  [[nodiscard]] std::int64_t rows() const { return row_layout_.size(); }
  [[nodiscard]] std::int64_t columns() const { return column_layout_.size(); }
  [[nodiscard]] ValueType type() const { return type_; }
  [[nodiscard]] const Layout& row_layout() const { return row_layout_; }
  [[nodiscard]] const Layout& column_layout() const { return column_layout_; }

  /// The block of this rank, by local row and column, for GraphBLAS: made at first use, O(entries).
  /// Not collective, and not for use by several threads before it is made.
  [[nodiscard]] const GrbMatrix& block() const;
  /// The same as compressed sparse rows, likewise.
  [[nodiscard]] const CsrBlock& csr() const;
  [[nodiscard]] std::int64_t local_rows() const;
  [[nodiscard]] std::int64_t local_columns() const;
  [[nodiscard]] GlobalIndex global_row(LocalRow row) const;
  [[nodiscard]] GlobalIndex global_column(LocalCol column) const;
  /// The block's entries with global indices. Not collective.
  [[nodiscard]] Triples global_triples() const;

  /// Entries over all ranks. Collective.
  [[nodiscard]] std::int64_t entries() const;
  /// Collective.
  [[nodiscard]] LoadBalance balance() const;
  /// Shares the block.
  [[nodiscard]] DistributedMatrix copy() const { return *this; }

  /// Collective; sends each entry once.
  [[nodiscard]] DistributedMatrix transpose() const;
  /// Union of the patterns, values added. Both of the same shape and type. Not collective.
  [[nodiscard]] DistributedMatrix add(const DistributedMatrix& other) const;
  /// Intersection of the patterns, values multiplied. Not collective.
  [[nodiscard]] DistributedMatrix multiply_elements(const DistributedMatrix& other) const;
  /// The entries with value > threshold. Not collective.
  [[nodiscard]] DistributedMatrix select_greater(double threshold) const;
  /// The entries off the diagonal; shared where that is known to be all of them. Not collective.
  [[nodiscard]] DistributedMatrix without_diagonal() const;
  /// The entries whose row and column carry the same label, `kNoCluster` excluded: the inside of
  /// all clusters at once. `labels` has one label a row (square matrices, any layout). Collective.
  [[nodiscard]] DistributedMatrix select_same_label(const DistributedVector<Label>& labels) const;
  /// The entries whose row and column both carry `label`. Collective.
  [[nodiscard]] DistributedMatrix extract_label(const DistributedVector<Label>& labels,
                                                Label label) const;
  /// The entries whose row comes before their column in the order of (key, number): each link of an
  /// undirected network once. `key` has one value a row (square matrices, any layout). Collective.
  [[nodiscard]] DistributedMatrix select_rising(const DistributedVector<std::int64_t>& key) const;
  /// The same entries without their values; shares the pattern.
  [[nodiscard]] DistributedMatrix pattern() const;

  /// Sum of the values (pattern: number of entries). Collective.
  template <class T>
  [[nodiscard]] T reduce() const;
  /// Sums of the rows' values (pattern: entries a row), in the row layout. Collective.
  template <class T>
  [[nodiscard]] DistributedVector<T> reduce_rows() const;
  /// Sums of the columns' values, in the column layout. Collective.
  template <class T>
  [[nodiscard]] DistributedVector<T> reduce_columns() const;

  /// y = A x over the semiring: y[i] = sum over j of A[i,j] * x[j], `identity` where row i is
  /// empty. x has `columns()` rows of any width (then x is a tall-skinny dense matrix), in any
  /// layout; y has the row layout. Pulls along rows: the fast direction. Collective.
  template <class T>
  [[nodiscard]] DistributedVector<T> mxv(const DistributedVector<T>& x,
                                         const Semiring<T>& semiring) const;
  /// y = x A: y[j] = sum over i of x[i] * A[i,j]; y has the column layout. Pushes along rows:
  /// about three times slower than `mxv` of the transpose on a full vector. Collective.
  template <class T>
  [[nodiscard]] DistributedVector<T> vxm(const DistributedVector<T>& x,
                                         const Semiring<T>& semiring) const;

  /// C = A B at the entries of `mask`, whatever their values: C[i,j] = sum over k of A[i,k] *
  /// B[k,j] where mask[i,j] is stored and some k has both. `mask` has the rows of A and the columns
  /// of B; all may be the same matrix. The result is of type int64 or real, as T says. In as many
  /// stages as the longer side of the grid has ranks (`product_stages.hpp`), on one rank in one
  /// product without copies. Memory: both operands again, 12 bytes an entry and 8 more with values;
  /// the result; the pieces of a stage. Collective.
  template <class T>
  [[nodiscard]] DistributedMatrix mxm(const DistributedMatrix& b, const DistributedMatrix& mask,
                                      const Semiring<T>& semiring) const;

  /// Values for every row of the block, from a vector over the matrix rows. Collective.
  template <class T>
  [[nodiscard]] std::vector<T> expand_rows(const DistributedVector<T>& x) const;
  /// Values for every column of the block, from a vector over the matrix columns. Collective.
  template <class T>
  [[nodiscard]] std::vector<T> expand_columns(const DistributedVector<T>& x) const;
  /// Combines one value (or `width` values) a block row over the grid row. Collective.
  template <class T>
  [[nodiscard]] DistributedVector<T> fold_rows(std::span<const T> partial, comm::ReduceOp op,
                                               std::int64_t width = 1) const;
  /// Combines one value (or `width` values) a block column over the grid column. Collective.
  template <class T>
  [[nodiscard]] DistributedVector<T> fold_columns(std::span<const T> partial, comm::ReduceOp op,
                                                  std::int64_t width = 1) const;

 private:
  /// What copies share.
  struct Faces {
    std::optional<CsrBlock> csr;
    std::optional<GrbMatrix> graphblas;
    bool off_diagonal = false;  ///< known to have no entry on the diagonal
  };
  DistributedMatrix(const comm::ProcessGrid& grid, Layout rows, Layout columns, ValueType type,
                    Faces block);
  [[nodiscard]] DistributedMatrix with_block(GrbMatrix block) const;
  [[nodiscard]] DistributedMatrix with_block(CsrBlock block) const;
  [[nodiscard]] LocalEntries turned_entries() const;
  [[nodiscard]] DistributedMatrix select_labels(const DistributedVector<Label>& labels,
                                                Label wanted) const;
  template <class T>
  [[nodiscard]] const Redistribution& plan(const DistributedVector<T>& x, const Layout& to) const;
  void require_same_shape(const DistributedMatrix& other) const;

  const comm::ProcessGrid* grid_;
  Layout row_layout_;
  Layout column_layout_;
  ValueType type_;
  std::shared_ptr<Faces> block_;
  /// Plans between the layouts that products need, made at first use.
  struct Plans;
  std::shared_ptr<Plans> plans_;
};

}  // namespace tradegraph::matrix
