#include "kernels/adjacent_cells.hpp"

#include <algorithm>

namespace tradegraph::kernels {

void AdjacentCells::restart(const CellPlace& place) {
  const auto columns = static_cast<std::int64_t>(grid_.column_first().size()) - 1;
  for (auto step = -reach_; step <= reach_; ++step) {
    const auto number = place.column + step;
    const auto inside = std::clamp<std::int64_t>(number, 0, columns);
    auto first = grid_.column_first()[static_cast<std::size_t>(inside)];
    const auto last =
        number < 0 ? first
                   : grid_.column_first()[static_cast<std::size_t>(std::min(inside + 1, columns))];
    auto most = last;
    while (first < most) {  // first cell of the column with row >= place.row - reach_
      const auto middle = first + (most - first) / 2;
      if (grid_.cell_place(middle).row < place.row - reach_) {
        first = middle + 1;
      } else {
        most = middle;
      }
    }
    column(step) = {first, last, first};
  }
}

void AdjacentCells::move_to(const CellPlace& place) {
  if (place.column != previous_.column || place.row < previous_.row) restart(place);
  previous_ = place;
  for (auto step = -reach_; step <= reach_; ++step) {
    auto& [first, last, past_run] = column(step);
    while (first < last && grid_.cell_place(first).row < place.row - reach_) ++first;
  }
}

std::span<const PointRun> AdjacentCells::runs(std::int64_t cell) {
  const auto place = grid_.cell_place(cell);
  move_to(place);
  std::size_t count = 0;
  for (auto step = -reach_; step <= reach_; ++step) {
    auto& [first, last, past_run] = column(step);
    past_run = std::max(past_run, first);
    while (past_run < last && grid_.cell_place(past_run).row <= place.row + reach_) ++past_run;
    if (first == past_run) continue;
    runs_[count++] = {grid_.node(first).first, grid_.node(past_run - 1).last};
  }
  return {runs_.data(), count};
}

std::span<const std::int64_t> AdjacentCells::find(std::int64_t cell, std::int64_t first_step) {
  const auto place = grid_.cell_place(cell);
  move_to(place);
  std::size_t count = 0;
  for (auto step = first_step; step <= reach_; ++step) {
    const auto& [first, last, past_run] = column(step);
    for (auto c = first; c < last && grid_.cell_place(c).row <= place.row + reach_; ++c) {
      const bool wanted = first_step < 0 ? c != cell : c > cell;
      if (wanted) found_[count++] = c;
    }
  }
  return {found_.data(), count};
}

}  // namespace tradegraph::kernels
