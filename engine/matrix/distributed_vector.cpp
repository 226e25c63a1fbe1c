#include "engine/matrix/distributed_vector.hpp"

#include <algorithm>

namespace tradegraph::matrix {

Redistribution::Redistribution(const comm::ProcessGrid& grid, const Layout& from, const Layout& to)
    : grid_(&grid), from_(from), to_(to), identity_(grid.group().size() == 1) {
  require(from.size() == to.size(), ErrorKind::internal, "redistribution to another size");
  if (identity_) return;
  std::vector<std::int64_t> receive_counts;
  outgoing_ = runs_by_rank(from, to, send_counts_);
  incoming_ = runs_by_rank(to, from, receive_counts);
}

/// This rank's elements under `here` in runs that stay together under `there`, by the rank that
/// holds them there; and how many elements each rank holds.
std::vector<Redistribution::Run> Redistribution::runs_by_rank(
    const Layout& here, const Layout& there, std::vector<std::int64_t>& counts) const {
  const int rank = grid_->group().rank();
  std::vector<std::vector<Run>> of_rank(static_cast<std::size_t>(grid_->group().size()));
  counts.assign(of_rank.size(), 0);
  for (std::int64_t position = 0; position < here.count(rank);) {
    const auto index = here.global_of(rank, position);
    const auto length = std::min(here.run_from(index), there.run_from(index));
    const auto other = static_cast<std::size_t>(there.place_of(index).rank);
    of_rank[other].push_back({position, length});
    counts[other] += length;
    position += length;
  }
  std::vector<Run> runs;
  for (const auto& part : of_rank) runs.insert(runs.end(), part.begin(), part.end());
  return runs;
}

}  // namespace tradegraph::matrix
