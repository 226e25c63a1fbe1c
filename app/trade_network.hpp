#pragma once
/// A network as commands use it: the firms' table beside the matrices built from the trade.

#include <optional>
#include <string>

#include "app/context.hpp"
#include "app/input_order.hpp"
#include "engine/matrix/distributed_matrix.hpp"
#include "io/edge_list.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::app {

/// What a link weighs.
enum class Weight { none, count, amount };

/// Bytes a rank that loading `path` and measuring it take, roughly: 250 a firm and 150 a link of
/// its share, as many as a snapshot or a header of Matrix Market names (which is all that is read
/// of them), or as the text of an edge list may hold. Not collective. Throws `ErrorKind::bad_input`
/// if the file cannot be read.
[[nodiscard]] std::int64_t estimated_bytes(const std::string& path, int ranks);

/// Seconds that went into what surrounds kernels, so that commands can say what kernels took.
struct NetworkTimes {
  double forming_s = 0;    ///< matrices derived from the links: either direction, transposed
  double reading_s = 0;    ///< members and other files that a measure asks for
  double arranging_s = 0;  ///< results in input order
};

/// Nodes and links of a snapshot, a Matrix Market file or an edge list. Move-only.
class TradeNetwork {
 public:
  /// Reads `path` by its extension: .h5, .mtx, .csv. Links from a node to itself are left out,
  /// which a note says. Every replica group reads it for itself. Collective over all ranks. Throws
  /// `ErrorKind::bad_input` for a file that cannot be used.
  [[nodiscard]] static TradeNetwork load(const comm::ProcessGrid& grid, const std::string& path);

  [[nodiscard]] const comm::ProcessGrid& grid() const { return *grid_; }
  [[nodiscard]] std::int64_t firms() const { return tables_.firms.total; }
  /// This rank's contiguous slice of the firms (layout `slices()`).
  [[nodiscard]] const io::FirmTable& table() const { return tables_.firms; }
  [[nodiscard]] const io::SnapshotMetadata& metadata() const { return tables_.metadata; }
  /// False for a Matrix Market file whose header says symmetric.
  [[nodiscard]] bool directed_by_file() const { return directed_; }

  /// Pattern of the directed links, without loops: A.
  [[nodiscard]] const matrix::DistributedMatrix& links() const { return *links_; }
  /// U: who trades with whom in either direction. Made at first use; collective.
  [[nodiscard]] const matrix::DistributedMatrix& partners() const;
  /// A': links by buyer. Made at first use; collective.
  [[nodiscard]] const matrix::DistributedMatrix& reversed_links() const;
  /// Whether links have such weights, none of them negative.
  [[nodiscard]] bool has(Weight weight) const;
  /// Directed links with their weights. Throws `ErrorKind::bad_input` if the file has none.
  [[nodiscard]] const matrix::DistributedMatrix& weights(Weight weight) const;
  /// The links that a measure works on: directed or not, with or without weights; shared with the
  /// network where it has them. Collective.
  [[nodiscard]] matrix::DistributedMatrix form(bool directed, Weight weight) const;

  [[nodiscard]] NetworkTimes& times() const { return times_; }

  [[nodiscard]] const matrix::Layout& slices() const { return slices_; }
  [[nodiscard]] const matrix::Layout& rows() const { return links_->row_layout(); }
  /// Input row of each firm, in the row layout.
  [[nodiscard]] const matrix::DistributedVector<std::int64_t>& input_row() const {
    return *input_row_;
  }
  /// A column of the firms' table in the row layout. Collective.
  template <comm::Transferable T>
  [[nodiscard]] matrix::DistributedVector<T> to_rows(const std::vector<T>& slice) const {
    return matrix::redistribute(matrix::DistributedVector<T>(*grid_, slices_, slice), rows());
  }
  /// From the row layout, or from this rank's slice of the table, to slices of the input order.
  [[nodiscard]] const InputOrder& order_of_rows() const { return *order_of_rows_; }
  [[nodiscard]] const InputOrder& order_of_table() const { return *order_of_table_; }

 private:
  TradeNetwork(const comm::ProcessGrid& grid, io::Network tables, bool directed);
  [[nodiscard]] static TradeNetwork from_snapshot(const comm::ProcessGrid& grid,
                                                  io::Network tables);
  [[nodiscard]] static TradeNetwork from_edges(const comm::ProcessGrid& grid, io::EdgeList edges);
  /// Takes the matrices, which share their pattern: links, then amounts and counts where there are
  /// such; and how rows of the input are found again.
  void take(const std::vector<matrix::DistributedMatrix>& matrices, bool amounts, bool counts);

  const comm::ProcessGrid* grid_;
  io::Network tables_;
  bool directed_;
  std::string negative_weight_;  ///< where the file has one; empty if it has none
  matrix::Layout slices_;
  std::optional<matrix::DistributedMatrix> links_;
  std::optional<matrix::DistributedMatrix> amount_;
  std::optional<matrix::DistributedMatrix> count_;
  mutable std::optional<matrix::DistributedMatrix> partners_;
  mutable std::optional<matrix::DistributedMatrix> reversed_links_;
  mutable NetworkTimes times_;
  std::optional<matrix::DistributedVector<std::int64_t>> input_row_;
  std::optional<InputOrder> order_of_rows_;
  std::optional<InputOrder> order_of_table_;
};

/// `TradeNetwork::load` after a look at the memory that is allowed. Collective over all ranks.
/// Throws also `ErrorKind::memory`.
[[nodiscard]] TradeNetwork load_network(const Context& context, const comm::ProcessGrid& grid,
                                        const std::string& path);

}  // namespace tradegraph::app
