#include "engine/matrix/assembly.hpp"

#include <algorithm>
#include <atomic>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::matrix {

namespace {

constexpr std::int64_t kGrain = 1 << 16;

/// Where entries stand when they are sorted by destination; stable.
struct Slots {
  Buffer<std::int64_t> slot;
  std::vector<std::int64_t> counts;  ///< a rank
};

Slots slots_by_rank(const Buffer<std::int32_t>& destination, int ranks) {
  const auto chunks = (destination.ssize() + kGrain - 1) / kGrain;
  const auto width = static_cast<std::size_t>(ranks);
  std::vector<std::int64_t> next(static_cast<std::size_t>(chunks) * width, 0);
  const auto in_chunk = [&](std::int64_t c, auto&& visit) {
    auto* mine = next.data() + static_cast<std::size_t>(c) * width;
    for (auto i = c * kGrain; i < std::min((c + 1) * kGrain, destination.ssize()); ++i) {
      visit(mine[destination[i]], i);
    }
  };
#pragma omp parallel for schedule(static)
  for (std::int64_t c = 0; c < chunks; ++c) {
    in_chunk(c, [](std::int64_t& count, std::int64_t) { ++count; });
  }
  Slots slots{Buffer<std::int64_t>(destination.ssize()), std::vector<std::int64_t>(width)};
  std::int64_t before = 0;
  for (std::size_t r = 0; r < width; ++r) {
    const auto begin = before;
    for (std::size_t c = 0; c < static_cast<std::size_t>(chunks); ++c) {
      before += std::exchange(next[c * width + r], before);
    }
    slots.counts[r] = before - begin;
  }
#pragma omp parallel for schedule(static)
  for (std::int64_t c = 0; c < chunks; ++c) {
    in_chunk(c, [&](std::int64_t& at, std::int64_t i) { slots.slot[i] = at++; });
  }
  return slots;
}

template <class T>
std::vector<T> ship(const comm::Communicator& group, std::span<const T> values,
                    const Slots& slots) {
  Buffer<T> sent(static_cast<std::int64_t>(values.size()));
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < sent.ssize(); ++i) {
    sent[slots.slot[i]] = values[static_cast<std::size_t>(i)];
  }
  return comm::all_to_all_v(group, std::span<const T>(sent), slots.counts).values;
}

/// Throws unless every index is one of the matrix and packs into 32 bits.
void check_indices(const EntryList& list, const Layout& rows, const Layout& columns) {
  const auto inside = [](std::span<const std::int64_t> indices, std::int64_t bound) {
    std::atomic<bool> sound = true;
    const auto count = static_cast<std::int64_t>(indices.size());
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < count; ++i) {
      const auto index = indices[static_cast<std::size_t>(i)];
      if (index < 0 || index >= bound) sound = false;
    }
    return sound.load();
  };
  require(list.row.size() == list.column.size() && inside(list.row, rows.size()) &&
              inside(list.column, columns.size()),
          ErrorKind::internal, "matrix entries outside the matrix");
  CsrBlock::check_columns(rows.partition().local_size(0));
  CsrBlock::check_columns(columns.partition().local_size(0));
}

}  // namespace

LocalEntries::LocalEntries(const comm::Communicator& group, const Buffer<PackedEntry>& entries,
                           const Buffer<std::int32_t>& destination,
                           std::span<const ValueColumn> values) {
  const auto slots = slots_by_rank(destination, group.size());
  got_entries_ = ship(group, std::span<const PackedEntry>(entries), slots);
  entries_ = got_entries_;
  for (const auto& column : values) {
    std::visit([&](auto of_entry) { got_values_.emplace_back(ship(group, of_entry, slots)); },
               column);
  }
  for (const auto& got : got_values_) {
    std::visit([&](const auto& of_entry) { values_.emplace_back(std::span(of_entry)); }, got);
  }
}

LocalEntries local_entries(const comm::ProcessGrid& grid, const Layout& rows, const Layout& columns,
                           const EntryList& list) {
  comm::collectively(grid.group(), [&] { check_indices(list, rows, columns); });
  const bool alone = grid.group().size() == 1;  // one block: local is global
  const PartitionTable row_table(rows.partition());
  const PartitionTable column_table(columns.partition());
  const auto count = static_cast<std::int64_t>(list.row.size());
  Buffer<PackedEntry> packed(count);
  Buffer<std::int32_t> destination(alone ? 0 : count);
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    const auto row = list.row[static_cast<std::size_t>(i)];
    const auto column = list.column[static_cast<std::size_t>(i)];
    packed[i] = pack_entry(static_cast<std::uint64_t>(row_table.local_of(row)),
                           static_cast<std::uint64_t>(column_table.local_of(column)));
    if (!alone) {
      destination[i] = grid.rank_at(row_table.part_of(row), column_table.part_of(column));
    }
  }
  if (alone) return {std::move(packed), list.values};
  return {grid.group(), packed, destination, list.values};
}

}  // namespace tradegraph::matrix
