#include "engine/matrix/distributed_vector.hpp"

#include <algorithm>
#include <numeric>

namespace tradegraph::matrix {

namespace {

struct Route {
  int rank;           ///< the other end
  std::int64_t far;   ///< position at the other end
  std::int64_t near;  ///< position here
};

/// Where each of this rank's elements under `here` lies under `there`, grouped by rank.
std::vector<Route> routes(int rank, const Layout& here, const Layout& there) {
  std::vector<Route> result(static_cast<std::size_t>(here.count(rank)));
  for (std::size_t i = 0; i < result.size(); ++i) {
    const auto near = static_cast<std::int64_t>(i);
    const auto place = there.place_of(here.global_of(rank, near));
    result[i] = {place.rank, place.position, near};
  }
  return result;
}

}  // namespace

Redistribution::Redistribution(const comm::ProcessGrid& grid, const Layout& from, const Layout& to)
    : grid_(&grid), from_(from), to_(to), identity_(grid.group().size() == 1) {
  require(from.size() == to.size(), ErrorKind::internal, "redistribution to another size");
  if (identity_) return;
  const int rank = grid.group().rank();
  // Both ends order the elements between two ranks by their position at the sender.
  auto outgoing = routes(rank, from, to);
  std::stable_sort(outgoing.begin(), outgoing.end(),
                   [](const Route& a, const Route& b) { return a.rank < b.rank; });
  auto incoming = routes(rank, to, from);
  std::sort(incoming.begin(), incoming.end(), [](const Route& a, const Route& b) {
    return a.rank != b.rank ? a.rank < b.rank : a.far < b.far;
  });
  send_counts_.assign(static_cast<std::size_t>(grid.group().size()), 0);
  for (const auto& route : outgoing) {
    send_order_.push_back(route.near);
    ++send_counts_[static_cast<std::size_t>(route.rank)];
  }
  for (const auto& route : incoming) receive_order_.push_back(route.near);
}

}  // namespace tradegraph::matrix
