/// How distributed matrices come to be: from entries, from slices of rows, from their transpose.

#include <algorithm>
#include <utility>

#include "engine/comm/agreement.hpp"
#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::matrix {

DistributedMatrix DistributedMatrix::build(const comm::ProcessGrid& grid, std::int64_t rows,
                                           std::int64_t columns, ValueType type,
                                           const Triples& entries) {
  EntryList list{entries.row, entries.column, {}};
  if (type == ValueType::int64) list.values.emplace_back(std::span(entries.integer));
  if (type == ValueType::real) list.values.emplace_back(std::span(entries.real));
  return build_all(grid, rows, columns, list).back();
}

std::vector<DistributedMatrix> DistributedMatrix::build_all(const comm::ProcessGrid& grid,
                                                            std::int64_t rows, std::int64_t columns,
                                                            const EntryList& entries) {
  const Layout row_layout(grid.shape(), rows, Alignment::rows);
  const Layout column_layout(grid.shape(), columns, Alignment::columns);
  const auto local = local_entries(grid, row_layout, column_layout, entries);
  const auto blocks = comm::collectively(grid.group(), [&] {
    return build_csr(row_layout.partition().local_size(grid.row()),
                     column_layout.partition().local_size(grid.column()), local.entries(),
                     local.values());
  });
  std::vector<DistributedMatrix> matrices;
  for (const auto& block : blocks) {
    matrices.push_back(DistributedMatrix(grid, row_layout, column_layout, block.type(),
                                         {block, std::nullopt, entries.off_diagonal}));
  }
  return matrices;
}

namespace {

/// The rows of a slice as they are: for one rank, which has all of them.
std::vector<CsrBlock> whole_block(std::int64_t columns, const RowSlice& slice) {
  CsrBlock::check_columns(columns);
  const auto entries = static_cast<std::int64_t>(slice.columns.size());
  CsrBlock::Pattern pattern{Buffer<std::int64_t>::copy_of(slice.pointers),
                            Buffer<CsrBlock::Column>(entries)};
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < entries; ++i) {
    pattern.columns[i] = static_cast<CsrBlock::Column>(slice.columns[static_cast<std::size_t>(i)]);
  }
  std::vector<CsrBlock> blocks{CsrBlock(columns, std::move(pattern))};
  for (const auto values : slice.values) {
    blocks.push_back(blocks.front().with_values(Buffer<double>::copy_of(values)));
  }
  return blocks;
}

/// Row of each entry of a slice.
std::vector<std::int64_t> rows_of(const RowSlice& slice) {
  std::vector<std::int64_t> result(slice.columns.size());
  const auto rows = static_cast<std::int64_t>(slice.pointers.size()) - 1;
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto* pointer = &slice.pointers[static_cast<std::size_t>(r)];
    std::fill(result.begin() + pointer[0], result.begin() + pointer[1], slice.first + r);
  }
  return result;
}

}  // namespace

std::vector<DistributedMatrix> DistributedMatrix::build_all(const comm::ProcessGrid& grid,
                                                            std::int64_t rows, std::int64_t columns,
                                                            const RowSlice& slice) {
  if (grid.group().size() > 1) {
    const auto row = rows_of(slice);
    return build_all(
        grid, rows, columns,
        EntryList{
            row, slice.columns, {slice.values.begin(), slice.values.end()}, slice.off_diagonal});
  }
  std::vector<DistributedMatrix> matrices;
  for (auto& block : whole_block(columns, slice)) {
    matrices.push_back(DistributedMatrix(grid, Layout(grid.shape(), rows, Alignment::rows),
                                         Layout(grid.shape(), columns, Alignment::columns),
                                         block.type(),
                                         {std::move(block), std::nullopt, slice.off_diagonal}));
  }
  return matrices;
}

/// The entries of the transpose that this rank's block holds, sent to the ranks of their blocks.
LocalEntries DistributedMatrix::turned_entries() const {
  struct Place {
    std::int32_t part;
    std::uint32_t local;
  };
  const auto places = [](const std::vector<std::int64_t>& numbers, const Partition& partition) {
    const PartitionTable table(partition);
    std::vector<Place> result;
    result.reserve(numbers.size());
    for (const auto i : numbers) {
      result.push_back({table.part_of(i), static_cast<std::uint32_t>(table.local_of(i))});
    }
    return result;
  };
  const auto& shape = grid_->shape();
  const auto row_place = places(row_layout_.partition().globals_of(grid_->row()),
                                Layout(shape, rows(), Alignment::columns).partition());
  const auto column_place = places(column_layout_.partition().globals_of(grid_->column()),
                                   Layout(shape, columns(), Alignment::rows).partition());
  const auto& block = csr();
  Buffer<PackedEntry> packed(block.entries());
  Buffer<std::int32_t> destination(block.entries());
#pragma omp parallel for schedule(dynamic, 4096)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    const auto to_column = row_place[static_cast<std::size_t>(r)];
    auto i = block.begin(r);
    for (const auto column : block.row(r)) {
      const auto to_row = column_place[column];
      packed[i] = pack_entry(to_row.local, to_column.local);
      destination[i++] = grid_->rank_at(to_row.part, to_column.part);
    }
  }
  std::vector<ValueColumn> values;
  if (type_ == ValueType::int64) values.emplace_back(block.values<std::int64_t>());
  if (type_ == ValueType::real) values.emplace_back(block.values<double>());
  return {grid_->group(), packed, destination, values};
}

DistributedMatrix DistributedMatrix::transpose() const {
  const Layout row_layout(grid_->shape(), columns(), Alignment::rows);
  const Layout column_layout(grid_->shape(), rows(), Alignment::columns);
  if (grid_->group().size() == 1) {  // no entry moves to another rank
    return DistributedMatrix(*grid_, row_layout, column_layout, type_,
                             {transposed(csr()), std::nullopt, block_->off_diagonal});
  }
  comm::collectively(grid_->group(), [&] { CsrBlock::check_columns(local_rows()); });
  const auto turned = turned_entries();
  auto block = comm::collectively(grid_->group(), [&] {
    return build_csr(row_layout.partition().local_size(grid_->row()),
                     column_layout.partition().local_size(grid_->column()), turned.entries(),
                     turned.values())
        .back();
  });
  return DistributedMatrix(*grid_, row_layout, column_layout, type_,
                           {std::move(block), std::nullopt, block_->off_diagonal});
}

}  // namespace tradegraph::matrix
