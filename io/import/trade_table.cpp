#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/import/redistribution.hpp"
#include "io/import/trade_rows.hpp"
#include "io/parallel.hpp"
#include "io/utf8.hpp"

namespace tradegraph::io {

namespace {

struct Link {
  std::int64_t buyer;
  std::int64_t item;  ///< position among the rows; of one supplier, in the order of the file
  friend auto operator<=>(const Link&, const Link&) = default;
};

/// The rank whose slice of `total` firms holds `firm`.
std::int32_t rank_of(std::int64_t firm, std::int64_t total, int ranks) {
  auto rank = static_cast<std::int32_t>(firm * ranks / total);
  while (total * (rank + 1) / ranks <= firm) ++rank;
  return rank;
}

TradeRows send_to_suppliers(const comm::Communicator& comm, TradeRows rows, std::int64_t total) {
  if (comm.size() == 1) return rows;
  std::vector<std::int32_t> destination;
  destination.reserve(rows.supplier.size());
  for (const auto supplier : rows.supplier) {
    destination.push_back(rank_of(supplier, total, comm.size()));
  }
  // A rank without links does not know which columns the file has.
  const bool has_amount = comm::any_rank(comm, !rows.amount.empty());
  const bool has_count = comm::any_rank(comm, !rows.count.empty());
  const Redistribution plan(comm, destination);
  TradeRows received;
  received.supplier = plan.send(std::move(rows.supplier));
  received.buyer = plan.send(std::move(rows.buyer));
  if (has_amount) received.amount = plan.send(std::move(rows.amount));
  if (has_count) received.count = plan.send(std::move(rows.count));
  return received;
}

/// Links by supplier; within one, in the order of the file.
struct LinksBySupplier {
  std::vector<std::int64_t> starts;  ///< a supplier, and the end
  std::vector<Link> links;
};

/// Neighbouring suppliers whose links are small enough together for a core's cache.
struct SupplierBlocks {
  std::int64_t width;                ///< suppliers a block
  std::vector<std::int64_t> starts;  ///< a block among the links, and the end
};

/// Turns counts of pieces (rows) and blocks (columns) into where each piece begins in each block;
/// returns where blocks begin, then the end.
std::vector<std::int64_t> place_pieces(std::vector<std::int64_t>& counts, std::size_t blocks) {
  std::vector<std::int64_t> starts;
  std::int64_t next = 0;
  for (std::size_t block = 0; block < blocks; ++block) {
    starts.push_back(next);
    for (auto at = block; at < counts.size(); at += blocks) next += std::exchange(counts[at], next);
  }
  starts.push_back(next);
  return starts;
}

/// to[place[i]] = from[i]; gives the memory of `from` back.
template <class T>
void scatter(std::vector<T>& column, const std::vector<std::int64_t>& place) {
  if (column.empty()) return;
  std::vector<T> dealt(column.size());
  parallel_pieces(std::ssize(column), [&](std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      dealt[static_cast<std::size_t>(place[i])] = column[i];
    }
  });
  column = std::move(dealt);
}

/// Orders links by blocks of suppliers; in a block they keep their order.
SupplierBlocks deal_to_blocks(TradeRows& rows, std::int64_t first, std::int64_t firms) {
  constexpr std::int64_t kGrain = std::int64_t{1} << 18;
  constexpr std::int64_t kMostBlocks = 1024;
  SupplierBlocks result{std::max<std::int64_t>(4096, firms / kMostBlocks + 1), {}};
  const auto blocks = static_cast<std::size_t>(firms / result.width + 1);
  const auto links = std::ssize(rows.supplier);
  const auto pieces = static_cast<std::size_t>((links + kGrain - 1) / kGrain);
  std::vector<std::int64_t> places(pieces * blocks, 0);  // first counts, then positions
  // Calls visit(place, link) for each link, in order within a piece.
  const auto visit_all = [&](auto&& visit) {
    parallel_pieces(
        links,
        [&](std::int64_t begin, std::int64_t end) {
          auto* const mine = places.data() + static_cast<std::size_t>(begin / kGrain) * blocks;
          for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
            visit(mine[(rows.supplier[i] - first) / result.width], i);
          }
        },
        kGrain);
  };
  visit_all([](std::int64_t& count, std::size_t) { ++count; });
  result.starts = place_pieces(places, blocks);
  std::vector<std::int64_t> place_of(rows.supplier.size());
  visit_all([&](std::int64_t& place, std::size_t link) { place_of[link] = place++; });
  scatter(rows.supplier, place_of);
  scatter(rows.buyer, place_of);
  scatter(rows.amount, place_of);
  scatter(rows.count, place_of);
  return result;
}

/// Orders the links by supplier, and `rows` with them by blocks of suppliers.
LinksBySupplier by_supplier(TradeRows& rows, std::int64_t first, std::int64_t firms) {
  const auto blocks = deal_to_blocks(rows, first, firms);
  LinksBySupplier result;
  result.starts.assign(static_cast<std::size_t>(firms) + 1, 0);
  result.links.resize(rows.supplier.size());
  parallel_for(std::ssize(blocks.starts) - 1, [&](std::int64_t block) {
    const auto begin = blocks.starts[static_cast<std::size_t>(block)];
    const auto end = blocks.starts[static_cast<std::size_t>(block) + 1];
    const auto lowest = block * blocks.width;
    const std::span starts(result.starts.begin() + lowest,
                           result.starts.begin() + std::min(lowest + blocks.width, firms));
    const auto supplier_of = [&](std::int64_t link) {
      return static_cast<std::size_t>(rows.supplier[static_cast<std::size_t>(link)] - first -
                                      lowest);
    };
    for (auto link = begin; link < end; ++link) ++starts[supplier_of(link)];
    std::exclusive_scan(starts.begin(), starts.end(), starts.begin(), begin);
    std::vector<std::int64_t> next(starts.begin(), starts.end());
    for (auto link = begin; link < end; ++link) {
      auto& place = next[supplier_of(link)];
      result.links[static_cast<std::size_t>(place++)] = {rows.buyer[static_cast<std::size_t>(link)],
                                                         link};
    }
  });
  result.starts.back() = std::ssize(rows.supplier);
  return result;
}

/// Orders each supplier's links by buyer; returns how many distinct buyers each has, then the end.
std::vector<std::int64_t> sort_rows(LinksBySupplier& by) {
  const auto firms = static_cast<std::int64_t>(by.starts.size()) - 1;
  std::vector<std::int64_t> buyers(by.starts.size(), 0);
  parallel_pieces(firms, [&](std::int64_t begin, std::int64_t end) {
    for (auto f = static_cast<std::size_t>(begin); f < static_cast<std::size_t>(end); ++f) {
      const std::span row(by.links.begin() + by.starts[f], by.links.begin() + by.starts[f + 1]);
      std::sort(row.begin(), row.end());
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (i == 0 || row[i].buyer != row[i - 1].buyer) ++buyers[f];
      }
    }
  });
  return buyers;
}

/// Sums `weights` of equal pairs in the order of the file.
void sum_weights(const TradeTable& table, const LinksBySupplier& by,
                 const std::vector<double>& weights, std::vector<double>& sums) {
  if (weights.empty()) return;
  sums.assign(table.columns.size(), 0);
  const auto firms = static_cast<std::int64_t>(by.starts.size()) - 1;
  parallel_pieces(firms, [&](std::int64_t begin, std::int64_t end) {
    for (auto f = static_cast<std::size_t>(begin); f < static_cast<std::size_t>(end); ++f) {
      auto at = static_cast<std::size_t>(table.row_pointers[f]);
      for (auto i = by.starts[f]; i < by.starts[f + 1]; ++i) {
        const Link& link = by.links[static_cast<std::size_t>(i)];
        if (link.buyer != table.columns[at]) ++at;
        sums[at] += weights[static_cast<std::size_t>(link.item)];
      }
    }
  });
}

void write_columns(const LinksBySupplier& by, TradeTable& table) {
  table.columns.resize(static_cast<std::size_t>(table.row_pointers.back()));
  const auto firms = static_cast<std::int64_t>(by.starts.size()) - 1;
  parallel_pieces(firms, [&](std::int64_t begin, std::int64_t end) {
    for (auto f = static_cast<std::size_t>(begin); f < static_cast<std::size_t>(end); ++f) {
      auto at = static_cast<std::size_t>(table.row_pointers[f]);
      for (auto i = by.starts[f]; i < by.starts[f + 1]; ++i) {
        const auto buyer = by.links[static_cast<std::size_t>(i)].buyer;
        if (i == by.starts[f] || buyer != by.links[static_cast<std::size_t>(i) - 1].buyer) {
          table.columns[at++] = buyer;
        }
      }
    }
  });
}

void check_finite(const comm::Communicator& comm, const TradeTable& table, const FirmTable& firms,
                  const std::vector<double>& sums, const char* what) {
  comm::collectively(comm, [&] {
    const auto bad =
        std::find_if_not(sums.begin(), sums.end(), [](double v) { return std::isfinite(v); });
    if (bad == sums.end()) return;
    const auto row =
        std::upper_bound(table.row_pointers.begin(), table.row_pointers.end(), bad - sums.begin());
    throw Error(ErrorKind::bad_input,
                std::string("the ") + what + "s that supplier '" +
                    shown(firms.id[row - table.row_pointers.begin() - 1]) +
                    "' has with one buyer add up to more than a number can hold");
  });
}

}  // namespace

TradeTable build_trade_table(const comm::Communicator& comm, TradeRows rows, const FirmTable& firms,
                             std::int64_t& repeated) {
  rows = send_to_suppliers(comm, std::move(rows), firms.total);
  auto by = by_supplier(rows, firms.first, firms.count());
  TradeTable table;
  table.row_pointers = sort_rows(by);
  std::exclusive_scan(table.row_pointers.begin(), table.row_pointers.end(),
                      table.row_pointers.begin(), std::int64_t{0});
  write_columns(by, table);
  sum_weights(table, by, rows.amount, table.amount);
  sum_weights(table, by, rows.count, table.count);
  check_finite(comm, table, firms, table.amount, "amount");
  check_finite(comm, table, firms, table.count, "count");
  const auto links = static_cast<std::int64_t>(table.columns.size());
  table.total = comm::all_reduce(comm, links, comm::ReduceOp::sum);
  repeated = comm::all_reduce(comm, static_cast<std::int64_t>(by.links.size()) - links,
                              comm::ReduceOp::sum);
  return table;
}

}  // namespace tradegraph::io
