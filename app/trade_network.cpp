#include "app/trade_network.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <utility>

#include "engine/base/clock.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/edge_list.hpp"
#include "io/matrix_market.hpp"
#include "io/snapshot.hpp"
#include "io/text_file.hpp"
#include "kernels/network_forms.hpp"

namespace tradegraph::app {

namespace {

using matrix::DistributedMatrix;

/// Drops links from a firm to itself, weighed or not, as import does; a note says how many.
/// Collective.
void drop_loops(const comm::Communicator& group, io::EdgeList& edges) {
  const auto before = std::ssize(edges.source);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < edges.source.size(); ++i) {
    if (edges.source[i] == edges.target[i]) continue;
    edges.source[kept] = edges.source[i];
    edges.target[kept] = edges.target[i];
    if (!edges.weight.empty()) edges.weight[kept] = edges.weight[i];
    ++kept;
  }
  edges.source.resize(kept);
  edges.target.resize(kept);
  if (!edges.weight.empty()) edges.weight.resize(kept);
  const auto dropped =
      comm::all_reduce(group, before - std::ssize(edges.source), comm::ReduceOp::sum);
  if (dropped == 0) return;
  log::info(std::to_string(dropped) + (dropped == 1 ? " link" : " links") +
            " from a node to itself: left out");
}

/// In doubles: the numbers that a file claims may be any, and their bytes beyond 64 bits.
std::int64_t share_of_bytes(std::int64_t firms, std::int64_t links, int ranks) {
  const double bytes = 250 * static_cast<double>(firms) + 150 * static_cast<double>(links);
  constexpr double kMost = 1e18;  // leaves room for what is added to it
  return static_cast<std::int64_t>(std::min(bytes / ranks, kMost));
}

/// A Matrix Market file or an edge list as tables: ids only, in input order.
io::FirmTable nodes_only(const comm::ProcessGrid& grid, io::EdgeList& edges) {
  const Slices slices(edges.nodes, grid.group().size());
  const int rank = grid.group().rank();
  io::FirmTable firms;
  firms.total = edges.nodes;
  firms.first = slices.begin(rank);
  firms.id = std::move(edges.ids);
  return firms;
}

}  // namespace

TradeNetwork::TradeNetwork(const comm::ProcessGrid& grid, io::Network tables, bool directed)
    : grid_(&grid),
      tables_(std::move(tables)),
      directed_(directed),
      slices_(grid.shape(), tables_.firms.total, matrix::Alignment::slices) {
  auto& firms = tables_.firms;
  require(slices_.count(grid.group().rank()) == firms.count(), ErrorKind::internal,
          "the slices of the table are not those of the engine");
  // A snapshot may lack the order of its input: then its own order is the public one.
  if (firms.input_row.empty()) {
    firms.input_row.resize(static_cast<std::size_t>(firms.count()));
    std::iota(firms.input_row.begin(), firms.input_row.end(), firms.first);
  }
  order_of_table_.emplace(grid.group(), firms.total, firms.input_row);
}

void TradeNetwork::take(const std::vector<DistributedMatrix>& formed) const {
  auto next = formed.begin();
  matrices_.links.emplace(*next++);
  if (has_amounts_) matrices_.amount.emplace(*next++);
  if (has_counts_) matrices_.count.emplace(*next++);
  matrices_.input_row.emplace(to_rows(tables_.firms.input_row));
  matrices_.order_of_rows.emplace(grid_->group(), firms(), matrices_.input_row->values());
}

const TradeNetwork::Matrices& TradeNetwork::matrices() const {
  if (matrices_.links) return matrices_;
  const TimeAdder forming(times_.forming_s);
  const auto trade = std::exchange(tables_.trade, {});
  matrix::RowSlice slice{tables_.firms.first, trade.row_pointers, trade.columns, {}, true};
  if (has_amounts_) slice.values.emplace_back(trade.amount);
  if (has_counts_) slice.values.emplace_back(trade.count);
  take(DistributedMatrix::build_all(*grid_, firms(), firms(), slice));
  return matrices_;
}

kernels::TradePairs TradeNetwork::trade_pairs() const {
  if (matrices_.links) {
    auto links = matrices_.links->global_triples();
    return {std::move(links.row), std::move(links.column)};
  }
  const auto& trade = tables_.trade;
  kernels::TradePairs pairs{{}, trade.columns};
  pairs.supplier.reserve(trade.columns.size());
  for (std::size_t i = 0; i + 1 < trade.row_pointers.size(); ++i) {
    const auto count = trade.row_pointers[i + 1] - trade.row_pointers[i];
    pairs.supplier.insert(pairs.supplier.end(), static_cast<std::size_t>(count),
                          tables_.firms.first + static_cast<std::int64_t>(i));
  }
  return pairs;
}

std::int64_t estimated_bytes(const std::string& path, int ranks) {
  if (path.ends_with(".h5")) {
    const auto summary = io::read_snapshot_summary(path);
    return share_of_bytes(summary.firms, summary.links, ranks);
  }
  if (path.ends_with(".mtx")) {
    const auto sizes = io::read_matrix_market_sizes(path);
    return share_of_bytes(sizes.nodes, sizes.links, ranks);
  }
  io::refuse_folder(path);
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  require(!error, ErrorKind::bad_input, path + ": " + error.message());
  constexpr std::int64_t kBytesOfTextALink = 12;
  return share_of_bytes(0, static_cast<std::int64_t>(bytes) / kBytesOfTextALink, ranks);
}

TradeNetwork TradeNetwork::load(const comm::ProcessGrid& grid, const std::string& path) {
  const auto& group = grid.group();
  if (path.ends_with(".h5")) return from_snapshot(grid, io::read_snapshot(group, path));
  if (path.ends_with(".mtx")) return from_edges(grid, io::read_matrix_market(group, path));
  if (path.ends_with(".csv")) return from_edges(grid, io::read_edge_list(group, path));
  throw Error(ErrorKind::bad_input, path +
                                        ": a network is a snapshot (.h5), Matrix Market (.mtx) "
                                        "or an edge list (.csv)");
}

TradeNetwork TradeNetwork::from_snapshot(const comm::ProcessGrid& grid, io::Network tables) {
  TradeNetwork network(grid, std::move(tables), true);
  // A rank without links has empty columns whether or not the file has weights. A network without
  // links has any weight: there is none to lack it.
  const auto& trade = network.tables_.trade;
  const bool none = trade.total == 0;
  network.link_count_ = trade.total;
  network.has_amounts_ = none || comm::any_rank(grid.group(), !trade.amount.empty());
  network.has_counts_ = none || comm::any_rank(grid.group(), !trade.count.empty());
  return network;
}

TradeNetwork TradeNetwork::from_edges(const comm::ProcessGrid& grid, io::EdgeList edges) {
  io::Network tables;
  tables.firms = nodes_only(grid, edges);
  const bool none = !comm::any_rank(grid.group(), !edges.source.empty());
  const bool weights = none || comm::any_rank(grid.group(), !edges.weight.empty());
  drop_loops(grid.group(), edges);
  matrix::EntryList list{edges.source, edges.target, {}, true};
  if (weights) list.values.emplace_back(std::span<const double>(edges.weight));
  const auto n = tables.firms.total;
  TradeNetwork network(grid, std::move(tables), !edges.symmetric);
  network.negative_weight_ = std::move(edges.negative_weight);
  auto matrices = DistributedMatrix::build_all(grid, n, n, list);
  if (weights) matrices.push_back(matrices.back());  // one weight, whatever it is called
  network.has_amounts_ = network.has_counts_ = weights;
  network.take(matrices);
  network.link_count_ = network.links().entries();
  return network;
}

const DistributedMatrix& TradeNetwork::partners() const {
  if (!partners_) {
    static_cast<void>(matrices());  // which counts its own time
    const TimeAdder forming(times_.forming_s);
    partners_.emplace(kernels::undirected_pattern(links()));
  }
  return *partners_;
}

const DistributedMatrix& TradeNetwork::reversed_links() const {
  if (!reversed_links_) {
    static_cast<void>(matrices());  // which counts its own time
    const TimeAdder forming(times_.forming_s);
    reversed_links_.emplace(links().transpose());
  }
  return *reversed_links_;
}

const DistributedMatrix& TradeNetwork::weights(Weight weight) const {
  require(weight == Weight::none || negative_weight_.empty(), ErrorKind::bad_input,
          negative_weight_ + ": a weight is a strength, 0 or more");
  require(has(weight), ErrorKind::bad_input,
          std::string("the network has no column '") +
              (weight == Weight::amount ? "amount" : "count") + "', which --weight needs");
  if (weight == Weight::none) return links();
  return weight == Weight::amount ? *matrices().amount : *matrices().count;
}

DistributedMatrix TradeNetwork::form(bool directed, Weight weight) const {
  // A symmetric file lists each link once: both directions are there even when directed.
  if (weight == Weight::none) return directed && directed_ ? links() : partners();
  const auto& w = weights(weight);
  if (directed && directed_) return w;
  const TimeAdder forming(times_.forming_s);
  return kernels::undirected_weights(w);
}

TradeNetwork load_network(const Context& context, const comm::ProcessGrid& grid,
                          const std::string& path) {
  context.require_memory([&] { return estimated_bytes(path, grid.group().size()); }, path);
  return TradeNetwork::load(grid, path);
}

}  // namespace tradegraph::app
