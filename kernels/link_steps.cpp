#include "kernels/link_steps.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>
#include <utility>

#include "engine/comm/agreement.hpp"
#include "engine/comm/delivery.hpp"
#include "engine/matrix/csr_build.hpp"

namespace tradegraph::kernels {

namespace {

std::atomic_ref<std::int64_t> shared(std::int64_t& value) { return std::atomic_ref(value); }
constexpr auto kRelaxed = std::memory_order_relaxed;

/// Sends each note to the rank of `line` that `destination` names.
std::vector<FirmNote> send(const comm::Communicator& line, std::vector<FirmNote> notes,
                           const std::vector<std::int32_t>& destination) {
  if (line.size() == 1) return notes;
  return comm::Delivery<FirmNote>(line, notes, destination).received();
}

std::vector<FirmNote> to_all(const comm::Communicator& line, std::vector<FirmNote> notes) {
  if (line.size() == 1) return notes;
  return comm::all_gather_v(line, std::span<const FirmNote>(notes)).values;
}

/// Global numbers of `count` firms of a part from its place `begin` on, strip by strip.
std::vector<std::int64_t> firms_of(const matrix::Partition& partition, int part, std::int64_t begin,
                                   std::int64_t count) {
  std::vector<std::int64_t> firms;
  firms.reserve(static_cast<std::size_t>(count));
  for (auto local = begin; local < begin + count;) {
    const auto first = partition.global_of(part, local).value();
    const auto strip = partition.strip_length() - local % partition.strip_length();
    const auto end = std::min(begin + count, local + strip);
    for (std::int64_t k = 0; local < end; ++k, ++local) firms.push_back(first + k);
  }
  return firms;
}

}  // namespace

LinkSteps::LinkSteps(const matrix::DistributedMatrix& a, bool both_ways) : a_(&a), links_(a.csr()) {
  require(a.rows() == a.columns(), ErrorKind::internal, "steps along links of a matrix not square");
  const auto& grid = a.grid();
  const auto pieces = a.column_layout().piece_counts(grid.column());
  piece_begin_.resize(pieces.size());
  std::exclusive_scan(pieces.begin(), pieces.end(), piece_begin_.begin(), std::int64_t{0});
  const auto& rows = a.row_layout().partition();
  const auto& columns = a.column_layout().partition();
  const auto row = static_cast<std::size_t>(grid.row());
  comm::collectively(grid.group(), [&] {
    global_ = firms_of(columns, grid.column(), piece_begin_[row], pieces[row]);
    if (both_ways) turned_ = transposed(links_.pattern());
    if (grid.group().size() == 1) return;
    row_of_own_ = places(global_, rows);
    if (!both_ways) return;
    column_of_row_ = places(firms_of(rows, grid.row(), 0, a.local_rows()), columns);
  });
}

std::vector<LinkSteps::Place> LinkSteps::places(std::span<const std::int64_t> firms,
                                                const matrix::Partition& in) {
  std::vector<Place> result;
  result.reserve(firms.size());
  for (std::size_t begin = 0; begin < firms.size();) {
    const GlobalIndex first(firms[begin]);
    const auto strip = in.strip_length() - first.value() % in.strip_length();
    const auto part = in.part_of(first);
    const auto local = in.local_of(first);
    for (std::int64_t k = 0; k < strip && begin < firms.size(); ++k, ++begin) {
      if (firms[begin] != first.value() + k) break;
      result.push_back({part, local + k});
    }
  }
  return result;
}

std::int64_t LinkSteps::ends(Towards towards) const {
  return towards == Towards::buyers ? a_->local_columns() : a_->local_rows();
}

bool LinkSteps::owns_ends(Towards towards) const {
  return (towards == Towards::buyers ? a_->grid().column_ranks() : a_->grid().group()).size() == 1;
}

std::vector<FirmNote> LinkSteps::spread(Towards towards, std::span<const FirmNote> firms) const {
  const auto& grid = a_->grid();
  std::vector<FirmNote> notes(firms.begin(), firms.end());
  if (grid.group().size() == 1) return notes;
  if (towards == Towards::suppliers) {
    for (auto& note : notes) note.firm += piece_begin_[static_cast<std::size_t>(grid.row())];
    return to_all(grid.column_ranks(), std::move(notes));
  }
  std::vector<std::int32_t> part(notes.size());
  for (std::size_t i = 0; i < notes.size(); ++i) {
    const auto& place = row_of_own_[static_cast<std::size_t>(notes[i].firm)];
    part[i] = place.part;
    notes[i].firm = place.local;
  }
  return to_all(grid.row_ranks(), send(grid.column_ranks(), std::move(notes), part));
}

std::vector<FirmNote> LinkSteps::to_owners(std::vector<FirmNote> columns) const {
  std::vector<std::int32_t> piece(columns.size(), 0);
  if (piece_begin_.size() == 1) return columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto after = std::upper_bound(piece_begin_.begin(), piece_begin_.end(), columns[i].firm);
    piece[i] = static_cast<std::int32_t>(after - piece_begin_.begin()) - 1;
    columns[i].firm -= *(after - 1);
  }
  return send(a_->grid().column_ranks(), std::move(columns), piece);
}

std::vector<FirmNote> LinkSteps::deliver(Towards towards, std::vector<FirmNote> ends) const {
  if (owns_ends(towards)) return ends;
  if (towards == Towards::buyers) return to_owners(std::move(ends));
  std::vector<std::int32_t> part(ends.size());
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto& place = column_of_row_[static_cast<std::size_t>(ends[i].firm)];
    part[i] = place.part;
    ends[i].firm = place.local;
  }
  return to_owners(send(a_->grid().row_ranks(), std::move(ends), part));
}

std::vector<FirmNote> notes(std::span<const std::int64_t> firms) {
  std::vector<FirmNote> result;
  result.reserve(firms.size());
  for (const auto firm : firms) result.push_back({firm, 0});
  return result;
}

std::vector<FirmNote> LinkCountdown::counts(Towards towards, std::span<const FirmNote> starts) {
  auto& links = at_end_[towards == Towards::buyers ? 0 : 1];
  links.resize(static_cast<std::size_t>(steps_->ends(towards)), 0);
  const auto ends = steps_->visit(towards, starts, [&](std::int64_t end, std::int64_t) {
    return shared(links[static_cast<std::size_t>(end)]).fetch_add(1, kRelaxed) == 0;
  });
  std::vector<FirmNote> result;
  result.reserve(ends.size());
  for (const auto end : ends) {
    result.push_back({end, std::exchange(links[static_cast<std::size_t>(end)], 0)});
  }
  return steps_->deliver(towards, std::move(result));
}

std::vector<std::int64_t> LinkCountdown::take(Towards towards, std::span<const std::int64_t> gone,
                                              std::int64_t level, std::span<std::int64_t> left) {
  const auto starts = steps_->spread(towards, notes(gone));
  if (steps_->owns_ends(towards)) {
    return steps_->visit(towards, starts, [&](std::int64_t end, std::int64_t) {
      auto count = shared(left[static_cast<std::size_t>(end)]);
      return count.load(kRelaxed) > level && count.fetch_sub(1, kRelaxed) == level + 1;
    });
  }
  std::vector<std::int64_t> down;
  for (const auto& [firm, links] : counts(towards, starts)) {
    auto& count = left[static_cast<std::size_t>(firm)];
    if (count > level && count - links <= level) down.push_back(firm);
    count -= links;
  }
  return down;
}

std::vector<std::int64_t> LinkCountdown::count(Towards towards,
                                               std::span<const std::int64_t> from) {
  std::vector<std::int64_t> result(static_cast<std::size_t>(steps_->own()), 0);
  for (const auto& [firm, links] : counts(towards, steps_->spread(towards, notes(from)))) {
    result[static_cast<std::size_t>(firm)] += links;
  }
  return result;
}

}  // namespace tradegraph::kernels
