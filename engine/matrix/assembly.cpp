#include "engine/matrix/assembly.hpp"

#include <algorithm>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::matrix {

namespace {

/// Entries by destination rank, ready for an all-to-all.
struct Shipment {
  Triples entries;
  std::vector<std::int64_t> counts;
};

Shipment sort_by_rank(const Triples& entries, const Layout& rows, const Layout& columns,
                      comm::GridShape shape) {
  const auto ranks = static_cast<std::size_t>(shape.rows * shape.columns);
  std::vector<std::int32_t> destination(entries.size());
  Shipment shipment{{}, std::vector<std::int64_t>(ranks, 0)};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const int row = rows.partition().part_of(GlobalIndex(entries.row[i]));
    const int column = columns.partition().part_of(GlobalIndex(entries.column[i]));
    destination[i] = row * shape.columns + column;
    ++shipment.counts[static_cast<std::size_t>(destination[i])];
  }
  std::vector<std::size_t> next(ranks, 0);
  for (std::size_t r = 1; r < ranks; ++r) {
    next[r] = next[r - 1] + static_cast<std::size_t>(shipment.counts[r - 1]);
  }
  auto& out = shipment.entries;
  out.row.resize(entries.size());
  out.column.resize(entries.size());
  out.real.resize(entries.real.size());
  out.integer.resize(entries.integer.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto slot = next[static_cast<std::size_t>(destination[i])]++;
    out.row[slot] = entries.row[i];
    out.column[slot] = entries.column[i];
    if (!entries.real.empty()) out.real[slot] = entries.real[i];
    if (!entries.integer.empty()) out.integer[slot] = entries.integer[i];
  }
  return shipment;
}

Triples ship(const comm::Communicator& group, const Shipment& shipment, ValueType type) {
  const auto send = [&](const auto& values) {
    return comm::all_to_all_v(group, std::span(values), shipment.counts).values;
  };
  Triples received;
  received.row = send(shipment.entries.row);
  received.column = send(shipment.entries.column);
  if (type == ValueType::real) received.real = send(shipment.entries.real);
  if (type == ValueType::int64) received.integer = send(shipment.entries.integer);
  return received;
}

void check_indices(const Triples& entries, std::int64_t rows, std::int64_t columns) {
  const auto inside = [](const std::vector<std::int64_t>& indices, std::int64_t bound) {
    return std::all_of(indices.begin(), indices.end(),
                       [=](std::int64_t i) { return i >= 0 && i < bound; });
  };
  require(entries.row.size() == entries.column.size() && inside(entries.row, rows) &&
              inside(entries.column, columns),
          ErrorKind::internal, "matrix entries outside the matrix");
}

void to_local(Triples& entries, const Layout& rows, const Layout& columns) {
  const auto count = static_cast<std::int64_t>(entries.size());
#pragma omp parallel for
  for (std::int64_t i = 0; i < count; ++i) {
    auto& row = entries.row[static_cast<std::size_t>(i)];
    auto& column = entries.column[static_cast<std::size_t>(i)];
    row = rows.partition().local_of(GlobalIndex(row));
    column = columns.partition().local_of(GlobalIndex(column));
  }
}

}  // namespace

Triples local_entries(const comm::ProcessGrid& grid, const Layout& rows, const Layout& columns,
                      ValueType type, const Triples& entries) {
  comm::collectively(grid.group(), [&] { check_indices(entries, rows.size(), columns.size()); });
  if (grid.group().size() == 1) return entries;  // one block: local is global
  auto mine = ship(grid.group(), sort_by_rank(entries, rows, columns, grid.shape()), type);
  to_local(mine, rows, columns);
  return mine;
}

}  // namespace tradegraph::matrix
