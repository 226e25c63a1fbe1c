#include "kernels/inclusiveness.hpp"

#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

namespace {

struct Counts {
  Int128 firms;
  Int128 nodes;
  Int128 linked;
  Int128 links;
  Int128 link_ends;
};

Inclusiveness figures(const Counts& counts) {
  Inclusiveness result;
  result.firms = static_cast<std::int64_t>(counts.firms);
  result.nodes = static_cast<std::int64_t>(counts.nodes);
  result.linked = static_cast<std::int64_t>(counts.linked);
  result.links = static_cast<std::int64_t>(counts.links);
  result.undirected_links = static_cast<std::int64_t>(counts.link_ends / 2);
  const auto pairs = static_cast<double>(counts.nodes * (counts.nodes - 1));
  result.inclusiveness =
      ratio(static_cast<double>(counts.linked), static_cast<double>(counts.nodes));
  result.density = ratio(static_cast<double>(counts.links), pairs);
  result.undirected_density = ratio(static_cast<double>(counts.link_ends), pairs);
  return result;
}

}  // namespace

std::vector<Inclusiveness> inclusiveness(const ClusterLinks& links) {
  const auto counts =
      cluster_sums<Counts>(links.labels, links.clusters, [&](std::int64_t firm, Counts& sums) {
        sums.firms += 1;
        sums.nodes += links.partners[firm] > 0 ? 1 : 0;
        sums.linked += links.partners_inside[firm] > 0 ? 1 : 0;
        sums.links += links.buyers_inside[firm];
        sums.link_ends += links.partners_inside[firm];
      });
  std::vector<Inclusiveness> result;
  result.reserve(counts.size());
  for (const auto& one : counts) result.push_back(figures(one));
  return result;
}

}  // namespace tradegraph::kernels
