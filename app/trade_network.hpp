#pragma once
/// A network as commands use it: the firms' table beside the matrices built from the trade.

#include <optional>
#include <string>

#include "app/context.hpp"
#include "app/input_order.hpp"
#include "engine/matrix/distributed_matrix.hpp"
#include "io/edge_list.hpp"
#include "io/network_tables.hpp"
#include "kernels/identify.hpp"

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
  double forming_s = 0;    ///< matrices made of the links, either direction, transposed
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

  /// Directed links between two nodes, over all ranks.
  [[nodiscard]] std::int64_t link_count() const { return link_count_; }
  /// Those of them that are on this rank, which holds any. No matrix of a snapshot is made for it.
  [[nodiscard]] kernels::TradePairs trade_pairs() const;

  /// Pattern of the directed links, without loops: A. A snapshot's matrices are made at first use
  /// of one of them or of the row layout; collective then.
  [[nodiscard]] const matrix::DistributedMatrix& links() const { return *matrices().links; }
  /// U: who trades with whom in either direction. Made at first use; collective.
  [[nodiscard]] const matrix::DistributedMatrix& partners() const;
  /// A': links by buyer. Made at first use; collective.
  [[nodiscard]] const matrix::DistributedMatrix& reversed_links() const;
  /// Whether links have such weights, none of them negative.
  [[nodiscard]] bool has(Weight weight) const {
    return weight == Weight::none ||
           ((weight == Weight::amount ? has_amounts_ : has_counts_) && negative_weight_.empty());
  }
  /// Directed links with their weights. Throws `ErrorKind::bad_input` if the file has none.
  [[nodiscard]] const matrix::DistributedMatrix& weights(Weight weight) const;
  /// The links that a measure works on: directed or not, with or without weights; shared with the
  /// network where it has them. Collective.
  [[nodiscard]] matrix::DistributedMatrix form(bool directed, Weight weight) const;

  [[nodiscard]] NetworkTimes& times() const { return times_; }

  [[nodiscard]] const matrix::Layout& slices() const { return slices_; }
  [[nodiscard]] const matrix::Layout& rows() const { return links().row_layout(); }
  /// Input row of each firm, in the row layout.
  [[nodiscard]] const matrix::DistributedVector<std::int64_t>& input_row() const {
    return *matrices().input_row;
  }
  /// A column of the firms' table in the row layout. Collective.
  template <comm::Transferable T>
  [[nodiscard]] matrix::DistributedVector<T> to_rows(const std::vector<T>& slice) const {
    return matrix::redistribute(matrix::DistributedVector<T>(*grid_, slices_, slice), rows());
  }
  /// From the row layout, or from this rank's slice of the table, to slices of the input order.
  [[nodiscard]] const InputOrder& order_of_rows() const { return *matrices().order_of_rows; }
  [[nodiscard]] const InputOrder& order_of_table() const { return *order_of_table_; }

 private:
  TradeNetwork(const comm::ProcessGrid& grid, io::Network tables, bool directed);
  [[nodiscard]] static TradeNetwork from_snapshot(const comm::ProcessGrid& grid,
                                                  io::Network tables);
  [[nodiscard]] static TradeNetwork from_edges(const comm::ProcessGrid& grid, io::EdgeList edges);
  /// What is made of the links, in the row layout.
  struct Matrices {
    std::optional<matrix::DistributedMatrix> links;
    std::optional<matrix::DistributedMatrix> amount;
    std::optional<matrix::DistributedMatrix> count;
    std::optional<matrix::DistributedVector<std::int64_t>> input_row;
    std::optional<InputOrder> order_of_rows;
  };
  /// Takes the matrices, which share their pattern: links, then amounts and counts where there are
  /// such; and how rows of the input are found again.
  void take(const std::vector<matrix::DistributedMatrix>& formed) const;
  /// Makes them of the trade table, which is not needed any more, unless they are there.
  [[nodiscard]] const Matrices& matrices() const;

  const comm::ProcessGrid* grid_;
  mutable io::Network tables_;
  bool directed_;
  std::int64_t link_count_ = 0;
  bool has_amounts_ = false;
  bool has_counts_ = false;
  std::string negative_weight_;  ///< where the file has one; empty if it has none
  matrix::Layout slices_;
  mutable Matrices matrices_;
  mutable std::optional<matrix::DistributedMatrix> partners_;
  mutable std::optional<matrix::DistributedMatrix> reversed_links_;
  mutable NetworkTimes times_;
  std::optional<InputOrder> order_of_table_;
};

/// `TradeNetwork::load` after a look at the memory that is allowed. Collective over all ranks.
/// Throws also `ErrorKind::memory`.
[[nodiscard]] TradeNetwork load_network(const Context& context, const comm::ProcessGrid& grid,
                                        const std::string& path);

}  // namespace tradegraph::app
