#include "app/trade_network.hpp"

#include <utility>

#include "engine/comm/agreement.hpp"
#include "io/edge_list.hpp"
#include "io/matrix_market.hpp"
#include "io/snapshot.hpp"
#include "kernels/network_forms.hpp"

namespace tradegraph::app {

namespace {

bool ends_with(const std::string& text, const std::string& tail) {
  return text.size() >= tail.size() && text.compare(text.size() - tail.size(), tail.size(), tail) == 0;
}

/// Supplier of each link of this rank's slice.
std::vector<std::int64_t> suppliers(const io::Network& tables) {
  std::vector<std::int64_t> result(tables.trade.columns.size());
  const auto& pointers = tables.trade.row_pointers;
  for (std::size_t i = 0; i + 1 < pointers.size(); ++i) {
    std::fill(result.begin() + pointers[i], result.begin() + pointers[i + 1],
              tables.firms.first + static_cast<std::int64_t>(i));
  }
  return result;
}

}  // namespace

TradeNetwork::TradeNetwork(const comm::ProcessGrid& grid, io::Network tables, bool directed)
    : grid_(&grid),
      tables_(std::move(tables)),
      directed_(directed),
      slices_(grid.shape(), tables_.firms.total, matrix::Alignment::slices) {
  require(slices_.count(grid.group().rank()) == tables_.firms.count(), ErrorKind::internal,
          "the slices of the table are not those of the engine");
}

namespace {

using matrix::DistributedMatrix;
using matrix::ValueType;

/// Links with a weight each, loops dropped and repeats added.
DistributedMatrix weighted(const comm::ProcessGrid& grid, std::int64_t firms,
                           const matrix::Triples& ends, const std::vector<double>& weight) {
  matrix::Triples triples{ends.row, ends.column, weight, {}};
  return DistributedMatrix::build(grid, firms, firms, ValueType::real, triples).without_diagonal();
}

}  // namespace

void TradeNetwork::build_matrices() {
  const auto n = tables_.firms.total;
  const auto& group = grid_->group();
  matrix::Triples ends{suppliers(tables_), tables_.trade.columns, {}, {}};
  links_.emplace(
      DistributedMatrix::build(*grid_, n, n, ValueType::pattern, ends).without_diagonal());
  const auto some_rank_has = [&](const std::vector<double>& column) {
    return comm::any_rank(group, !column.empty());
  };
  if (some_rank_has(tables_.trade.amount)) {
    amount_.emplace(weighted(*grid_, n, ends, tables_.trade.amount));
  }
  if (some_rank_has(tables_.trade.count)) {
    count_.emplace(weighted(*grid_, n, ends, tables_.trade.count));
  }
  tables_.trade = {};  // the matrices hold it from here on
  input_row_.emplace(to_rows(tables_.firms.input_row));
  order_of_rows_.emplace(group, n, input_row_->values());
  order_of_table_.emplace(group, n, tables_.firms.input_row);
}

TradeNetwork TradeNetwork::load(const comm::ProcessGrid& grid, const std::string& path) {
  const auto& group = grid.group();
  const bool is_graph = ends_with(path, ".mtx") || ends_with(path, ".csv");
  require(is_graph || ends_with(path, ".h5"), ErrorKind::bad_input,
          path + ": a network is a snapshot (.h5), Matrix Market (.mtx) or an edge list (.csv)");
  if (!is_graph) {
    TradeNetwork network(grid, io::read_snapshot(group, path), true);
    network.build_matrices();
    return network;
  }
  auto edges = ends_with(path, ".mtx") ? io::read_matrix_market(group, path)
                                       : io::read_edge_list(group, path);
  return from_edges(grid, std::move(edges));
}

TradeNetwork TradeNetwork::from_edges(const comm::ProcessGrid& grid, io::EdgeList edges) {
  io::Network tables;
  const matrix::Slices slices(edges.nodes, grid.group().size());
  tables.firms.total = edges.nodes;
  tables.firms.first = slices.begin(grid.group().rank());
  tables.firms.id = std::move(edges.ids);
  for (std::int64_t i = 0; i < slices.count(grid.group().rank()); ++i) {
    tables.firms.input_row.push_back(tables.firms.first + i);
  }
  TradeNetwork network(grid, std::move(tables), !edges.symmetric);
  network.links_from(edges);
  return network;
}

}  // namespace tradegraph::app
