#include "kernels/shared_keys.hpp"

#include <algorithm>
#include <span>
#include <tuple>

#include "engine/base/random.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/delivery.hpp"
#include "kernels/cluster_tally.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

namespace {

auto key_of(const LabelledKey& item) { return std::pair(item.first, item.second); }

void sort_distinct(std::vector<LabelledKey>& items) {
  std::sort(items.begin(), items.end(), [](const LabelledKey& x, const LabelledKey& y) {
    return std::tuple(x.first, x.second, x.label) < std::tuple(y.first, y.second, y.label);
  });
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

/// Brings all that has the same key to one rank. Collective.
std::vector<LabelledKey> together(const comm::Communicator& comm, std::vector<LabelledKey> items) {
  sort_distinct(items);
  std::vector<std::int32_t> destination;
  destination.reserve(items.size());
  for (const auto& item : items) {
    const auto hash = mix64(mix64(static_cast<std::uint64_t>(item.first)) ^
                            static_cast<std::uint64_t>(item.second));
    destination.push_back(static_cast<std::int32_t>(hash % static_cast<unsigned>(comm.size())));
  }
  auto received = comm::Delivery<LabelledKey>(comm, items, destination).received();
  sort_distinct(received);
  return received;
}

std::vector<std::int64_t> sizes(const comm::Communicator& comm,
                                const std::vector<LabelledKey>& items, std::int64_t clusters) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(clusters), 0);
  for (const auto& item : items) ++sizes[static_cast<std::size_t>(item.label)];
  comm::all_reduce_in_place(comm, std::span(sizes), comm::ReduceOp::sum);
  return sizes;
}

/// One tally (a, b) a key of both; merged now and then, so that they stay few.
std::vector<Tally> join(const std::vector<LabelledKey>& a, const std::vector<LabelledKey>& b) {
  std::vector<Tally> tallies;
  std::size_t merged = 0;
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (key_of(a[i]) < key_of(b[j])) {
      ++i;
    } else if (key_of(b[j]) < key_of(a[i])) {
      ++j;
    } else {
      for (auto k = j; k < b.size() && key_of(b[k]) == key_of(a[i]); ++k) {
        tallies.push_back({a[i].label, b[k].label, 1, 0});
      }
      ++i;
    }
    if (tallies.size() > 2 * merged + (1 << 20)) {
      merge_tallies(tallies);
      merged = tallies.size();
    }
  }
  merge_tallies(tallies);
  return tallies;
}

void check_labels(const std::vector<LabelledKey>& items, std::int64_t clusters) {
  for (const auto& item : items) {
    require(item.label >= 0 && item.label < clusters, ErrorKind::internal,
            "label " + std::to_string(item.label) + " outside 0.." + std::to_string(clusters - 1));
  }
}

}  // namespace

std::int64_t SharedKeys::both(Label a, Label b) const {
  const auto found = std::lower_bound(
      pairs.begin(), pairs.end(), std::pair(a, b),
      [](const SharedCount& x, const auto& wanted) { return std::pair(x.a, x.b) < wanted; });
  return found != pairs.end() && found->a == a && found->b == b ? found->count : 0;
}

double SharedKeys::jaccard(Label a, Label b) const {
  const auto shared = both(a, b);
  const auto either =
      of_a[static_cast<std::size_t>(a)] + of_b[static_cast<std::size_t>(b)] - shared;
  return ratio(static_cast<double>(shared), static_cast<double>(either));
}

SharedKeys shared_keys(const comm::Communicator& comm, std::vector<LabelledKey> a,
                       std::int64_t clusters_a, std::vector<LabelledKey> b,
                       std::int64_t clusters_b) {
  comm::collectively(comm, [&] {
    check_labels(a, clusters_a);
    check_labels(b, clusters_b);
  });
  const auto mine_a = together(comm, std::move(a));
  const auto mine_b = together(comm, std::move(b));
  SharedKeys result;
  result.of_a = sizes(comm, mine_a, clusters_a);
  result.of_b = sizes(comm, mine_b, clusters_b);
  for (const auto& tally : collect_everywhere(comm, join(mine_a, mine_b))) {
    result.pairs.push_back({tally.label, tally.key, static_cast<std::int64_t>(tally.count)});
  }
  return result;
}

}  // namespace tradegraph::kernels
