#include "kernels/cluster_tally.hpp"

#include <algorithm>
#include <tuple>

namespace tradegraph::kernels {

namespace {

bool before(const Tally& a, const Tally& b) {
  return std::tie(a.label, a.key) < std::tie(b.label, b.key);
}

}  // namespace

void merge_tallies(std::vector<Tally>& tallies) {
  std::sort(tallies.begin(), tallies.end(), before);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    if (kept > 0 && !before(tallies[kept - 1], tallies[i])) {
      tallies[kept - 1].count += tallies[i].count;
      tallies[kept - 1].weight += tallies[i].weight;
    } else {
      tallies[kept++] = tallies[i];
    }
  }
  tallies.resize(kept);
}

std::vector<Tally> collect_by_label(const comm::Communicator& group, std::vector<Tally> tallies) {
  merge_tallies(tallies);
  if (group.size() == 1) return tallies;
  const auto owner = [&](const Tally& tally) { return (tally.label + 1) % group.size(); };
  std::stable_sort(tallies.begin(), tallies.end(),
                   [&](const Tally& a, const Tally& b) { return owner(a) < owner(b); });
  std::vector<std::int64_t> counts(static_cast<std::size_t>(group.size()), 0);
  for (const auto& tally : tallies) ++counts[static_cast<std::size_t>(owner(tally))];
  auto collected = comm::all_to_all_v(group, std::span<const Tally>(tallies), counts).values;
  merge_tallies(collected);
  return collected;
}

std::vector<Tally> collect_everywhere(const comm::Communicator& group, std::vector<Tally> tallies) {
  const auto mine = collect_by_label(group, std::move(tallies));
  auto all = comm::all_gather_v(group, std::span<const Tally>(mine)).values;
  std::sort(all.begin(), all.end(), before);
  return all;
}

}  // namespace tradegraph::kernels
