#include "kernels/gatekeepers.hpp"

#include <algorithm>
#include <tuple>

#include "engine/comm/delivery.hpp"

namespace tradegraph::kernels {

namespace {

bool before(const Gatekeeper& a, const Gatekeeper& b) {
  return std::tuple(a.label, -a.score(), a.row) < std::tuple(b.label, -b.score(), b.row);
}

/// Sorts, and keeps the first `top` of each label.
void keep_top(std::vector<Gatekeeper>& firms, std::int64_t top) {
  std::ranges::sort(firms, before);
  std::size_t kept = 0;
  std::int64_t of_label = 0;
  for (std::size_t i = 0; i < firms.size(); ++i) {
    of_label = i > 0 && firms[i].label == firms[i - 1].label ? of_label + 1 : 0;
    if (of_label < top) firms[kept++] = firms[i];
  }
  firms.resize(kept);
}

std::vector<Gatekeeper> candidates(const ClusterLinks& links,
                                   const matrix::DistributedVector<std::int64_t>& row) {
  std::vector<Gatekeeper> firms;
  for (std::int64_t i = 0; i < links.labels.count(); ++i) {
    const Gatekeeper firm{links.labels[i], row[i], row.global_of(i).value(), links.partners[i],
                          links.partners_inside[i]};
    if (firm.label != kNoCluster && firm.score() > 0) firms.push_back(firm);
  }
  return firms;
}

}  // namespace

std::vector<Gatekeeper> gatekeepers(const ClusterLinks& links,
                                    const matrix::DistributedVector<std::int64_t>& row,
                                    std::int64_t top) {
  require(row.layout() == links.labels.layout() && top >= 0, ErrorKind::internal,
          "gatekeepers need rows in the layout of the labels and top >= 0");
  const auto& group = row.grid().group();
  auto mine = candidates(links, row);
  keep_top(mine, top);
  // Per label on one rank, so that what all ranks get does not grow with their number.
  std::vector<std::int32_t> owner;
  for (const auto& firm : mine) {
    owner.push_back(static_cast<std::int32_t>(firm.label % group.size()));
  }
  const comm::Delivery<Gatekeeper> delivery(group, mine, owner);
  mine = delivery.received();
  keep_top(mine, top);
  auto all = comm::all_gather_v(group, std::span<const Gatekeeper>(mine)).values;
  std::ranges::sort(all, before);
  return all;
}

}  // namespace tradegraph::kernels
