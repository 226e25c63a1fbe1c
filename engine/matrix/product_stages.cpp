#include "engine/matrix/product_stages.hpp"

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

/// Where the columns of a lane lie among the lines.
struct Places {
  std::vector<std::uint32_t> line;
  std::vector<std::uint32_t> local;

  Places(const Partition& by_lane, int lane, const Partition& by_line) {
    const auto count = by_lane.local_size(lane);
    for (std::int64_t k = 0; k < count; ++k) {
      const auto index = by_lane.global_of(lane, k);
      line.push_back(static_cast<std::uint32_t>(by_line.part_of(index)));
      local.push_back(static_cast<std::uint32_t>(by_line.local_of(index)));
    }
  }
};

void reserve_by_line(const CompactCsr& csr, const Places& places,
                     std::vector<CompactEntries>& split) {
  std::vector<std::size_t> counts(split.size(), 0);
  for (const auto column : csr.columns) ++counts[places.line[column]];
  for (std::size_t t = 0; t < split.size(); ++t) {
    split[t].row.reserve(counts[t]);
    split[t].column.reserve(counts[t]);
    if (!csr.values.empty()) split[t].value.reserve(counts[t]);
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
  const Places places(by_lane_, lines_.across().rank(), by_line_);
  split_.assign(static_cast<std::size_t>(count()), {});
  reserve_by_line(left_, places, split_);
  for (std::int64_t r = 0; r < left_.rows(); ++r) {
    auto from = left_.pointers[static_cast<std::size_t>(r)];
    for (const auto column : left_.row(r)) {
      auto& part = split_[places.line[column]];
      part.row.push_back(static_cast<std::uint32_t>(r));
      part.column.push_back(places.local[column]);
      if (!left_.values.empty()) part.value.push_back(left_.values[from]);
      ++from;
    }
  }
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
