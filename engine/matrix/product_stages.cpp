#include "engine/matrix/product_stages.hpp"

#include <algorithm>
#include <utility>

namespace tradegraph::matrix {

ProductStages::ProductStages(const GridLines& lines, const Partition& by_lane,
                             const Partition& by_line, const CompactCsr& left,
                             const CompactCsr& right)
    : lines_(lines), by_lane_(by_lane), by_line_(by_line), left_(left), right_(right) {
  require(by_lane.size() == by_line.size(), ErrorKind::internal,
          "product of matrices whose inner sizes differ");
}

namespace {

/// Where a column of a lane lies among the lines.
struct Place {
  std::uint32_t line;
  std::uint32_t local;
};

std::vector<Place> places_of(const Partition& by_lane, int lane, const Partition& by_line) {
  const PartitionTable table(by_line);
  const auto firms = by_lane.globals_of(lane);
  std::vector<Place> places(firms.size());
  const auto count = static_cast<std::int64_t>(firms.size());
#pragma omp parallel for schedule(static)
  for (std::int64_t k = 0; k < count; ++k) {
    const auto firm = firms[static_cast<std::size_t>(k)];
    places[static_cast<std::size_t>(k)] = {static_cast<std::uint32_t>(table.part_of(firm)),
                                           static_cast<std::uint32_t>(table.local_of(firm))};
  }
  return places;
}

/// Threads split the rows in chunks, whose entries follow each other in every part.
constexpr std::int64_t kRowsAChunk = 16384;

std::int64_t chunk_end(const CompactCsr& csr, std::int64_t chunk) {
  return std::min((chunk + 1) * kRowsAChunk, csr.rows());
}

/// Adds the entries of a chunk to `counts`, by line.
void count_chunk(const CompactCsr& csr, std::span<const Place> places, std::int64_t chunk,
                 std::size_t* counts) {
  const auto end = csr.pointers[static_cast<std::size_t>(chunk_end(csr, chunk))];
  for (auto e = csr.pointers[static_cast<std::size_t>(chunk * kRowsAChunk)]; e < end; ++e) {
    ++counts[places[csr.columns[e]].line];
  }
}

/// `next`: where the chunk's next entry goes, by line.
void split_chunk(const CompactCsr& csr, std::span<const Place> places, std::int64_t chunk,
                 std::size_t* next, std::vector<CompactEntries>& split) {
  for (auto r = chunk * kRowsAChunk; r < chunk_end(csr, chunk); ++r) {
    auto from = csr.pointers[static_cast<std::size_t>(r)];
    for (const auto column : csr.row(r)) {
      const auto place = places[column];
      const auto to = next[place.line]++;
      auto& part = split[place.line];
      part.row[to] = static_cast<std::uint32_t>(r);
      part.column[to] = place.local;
      if (!csr.values.empty()) part.value[to] = csr.values[from];
      ++from;
    }
  }
}

CompactEntries entries_of(const CompactCsr& csr) {
  CompactEntries entries;
  entries.row.reserve(csr.columns.size());
  for (std::int64_t r = 0; r < csr.rows(); ++r) {
    entries.row.insert(entries.row.end(), csr.row(r).size(), static_cast<std::uint32_t>(r));
  }
  entries.column = csr.columns;
  entries.value = csr.values;
  return entries;
}

}  // namespace

void ProductStages::split_left() {
  const auto places = places_of(by_lane_, lines_.across().rank(), by_line_);
  const auto parts = static_cast<std::size_t>(count());
  const auto chunks = (left_.rows() + kRowsAChunk - 1) / kRowsAChunk;
  std::vector<std::size_t> next(static_cast<std::size_t>(chunks) * parts, 0);
  const auto of_chunk = [&](std::int64_t c) {
    return next.data() + static_cast<std::size_t>(c) * parts;
  };
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t c = 0; c < chunks; ++c) count_chunk(left_, places, c, of_chunk(c));
  split_.assign(parts, {});
  for (std::size_t t = 0; t < parts; ++t) {
    std::size_t before = 0;
    for (std::int64_t c = 0; c < chunks; ++c) before += std::exchange(of_chunk(c)[t], before);
    split_[t].row.resize(before);
    split_[t].column.resize(before);
    if (!left_.values.empty()) split_[t].value.resize(before);
  }
#pragma omp parallel for schedule(dynamic)
  for (std::int64_t c = 0; c < chunks; ++c) split_chunk(left_, places, c, of_chunk(c), split_);
}

CompactCsr ProductStages::gather_left(int stage) {
  auto mine = std::exchange(split_[static_cast<std::size_t>(stage)], {});
  const auto& lanes = lines_.across();
  if (lanes.size() > 1) {
    const auto gather = [&](auto& values) {
      using Value = typename std::remove_reference_t<decltype(values)>::value_type;
      values = comm::all_gather_v(lanes, std::span<const Value>(values)).values;
    };
    gather(mine.row);
    gather(mine.column);
    gather(mine.value);
  }
  return compact(std::move(mine), left_.rows());
}

CompactCsr ProductStages::broadcast_right(int stage) {
  const bool sends = stage == lines_.line();
  auto entries = sends ? entries_of(right_) : CompactEntries{};
  comm::broadcast(lines_.along(), entries.row, stage);
  comm::broadcast(lines_.along(), entries.column, stage);
  comm::broadcast(lines_.along(), entries.value, stage);
  return sends ? CompactCsr{} : compact(std::move(entries), by_line_.local_size(stage));
}

}  // namespace tradegraph::matrix
