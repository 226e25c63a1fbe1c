#pragma once
/// Distances by the plainest search there is.

#include <cstdint>
#include <queue>
#include <vector>

#include "tests/support/random_network.hpp"

namespace tradegraph::testing {

/// Links from `source` to each firm along links of the network for which `use(supplier, buyer)`
/// holds; 0 for the source, -1 out of reach.
template <class Use>
std::vector<int> distances_along(const RandomNetwork& network, std::int64_t source, Use&& use) {
  std::vector<std::vector<std::int64_t>> buyers(static_cast<std::size_t>(network.firms));
  for (std::size_t i = 0; i < network.links(); ++i) {
    if (!use(network.supplier[i], network.buyer[i])) continue;
    buyers[static_cast<std::size_t>(network.supplier[i])].push_back(network.buyer[i]);
  }
  std::vector<int> distance(static_cast<std::size_t>(network.firms), -1);
  std::queue<std::int64_t> queue({source});
  distance[static_cast<std::size_t>(source)] = 0;
  for (; !queue.empty(); queue.pop()) {
    const auto v = static_cast<std::size_t>(queue.front());
    for (const auto w : buyers[v]) {
      auto& d = distance[static_cast<std::size_t>(w)];
      if (d >= 0) continue;
      d = distance[v] + 1;
      queue.push(w);
    }
  }
  return distance;
}

inline std::vector<int> distances(const RandomNetwork& network, std::int64_t source) {
  return distances_along(network, source, [](std::int64_t, std::int64_t) { return true; });
}

}  // namespace tradegraph::testing
