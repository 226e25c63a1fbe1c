#pragma once
/// Fixture of the tests of betweenness: scores, and a slow reference that counts paths.

#include <gmock/gmock.h>

#include <queue>
#include <utility>
#include <vector>

#include "kernels/betweenness.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {

using matrix::ValueType;
using testing::RandomNetwork;
using Links = std::vector<std::pair<std::int64_t, std::int64_t>>;

class BetweennessTest : public testing::NetworkTest {
 protected:
  /// Counts, for every pair, the paths through every firm: sigma(s,v) sigma(v,t) where the
  /// distances add up. O(n^3), no dependency accumulation.
  static std::vector<double> reference(const RandomNetwork& network, bool directed,
                                       std::vector<std::int64_t> sources = {},
                                       bool endpoints = false) {
    const auto n = static_cast<std::size_t>(network.firms);
    std::vector<std::vector<std::size_t>> buyers(n);
    for (std::size_t i = 0; i < network.links(); ++i) {
      buyers[static_cast<std::size_t>(network.supplier[i])].push_back(
          static_cast<std::size_t>(network.buyer[i]));
    }
    std::vector<std::vector<int>> distance(n, std::vector<int>(n, -1));
    std::vector<std::vector<double>> paths(n, std::vector<double>(n, 0));
    for (std::size_t s = 0; s < n; ++s) search(buyers, s, distance[s], paths[s]);
    if (sources.empty()) {
      for (std::size_t s = 0; s < n; ++s) sources.push_back(static_cast<std::int64_t>(s));
    }
    std::vector<double> score(n, 0);
    for (const auto source : sources) {
      const auto s = static_cast<std::size_t>(source);
      for (std::size_t t = 0; t < n; ++t) {
        if (t == s || distance[s][t] < 0) continue;
        for (std::size_t v = 0; v < n; ++v) {
          if ((v == s || v == t) && !endpoints) continue;
          if (distance[s][v] < 0 || distance[v][t] < 0) continue;
          if (distance[s][v] + distance[v][t] != distance[s][t]) continue;
          score[v] += paths[s][v] * paths[v][t] / paths[s][t] * (directed ? 1 : 0.5);
        }
      }
    }
    return score;
  }

  static std::vector<double> scores(const comm::ProcessGrid& grid, const RandomNetwork& network,
                                    const BetweennessConfig& config) {
    SilentProgress silent;
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    const auto result = betweenness(a, config, silent);
    EXPECT_TRUE(result.score.layout() == a.row_layout());
    return matrix::gather_all(result.score);
  }

  /// By batches and by products, which must agree.
  static std::vector<double> scores_both_ways(const comm::ProcessGrid& grid,
                                              const RandomNetwork& network,
                                              BetweennessConfig config) {
    config.method = BetweennessMethod::products;
    const auto by_products = scores(grid, network, config);
    config.method = BetweennessMethod::batches;
    auto by_batches = scores(grid, network, config);
    testing::expect_close(by_batches, by_products, "batches against products");
    return by_batches;
  }

 private:
  static void search(const std::vector<std::vector<std::size_t>>& buyers, std::size_t source,
                     std::vector<int>& distance, std::vector<double>& paths) {
    std::queue<std::size_t> queue({source});
    distance[source] = 0;
    paths[source] = 1;
    for (; !queue.empty(); queue.pop()) {
      const auto v = queue.front();
      for (const auto w : buyers[v]) {
        if (distance[w] < 0) {
          distance[w] = distance[v] + 1;
          queue.push(w);
        }
        if (distance[w] == distance[v] + 1) paths[w] += paths[v];
      }
    }
  }
};

/// 0 -> {1, 2} -> 3 -> {4, 5} -> 6 ...: 2^diamonds paths from end to end.
inline RandomNetwork chain_of_diamonds(std::int64_t diamonds) {
  Links links;
  for (std::int64_t d = 0; d < diamonds; ++d) {
    for (const std::int64_t side : {1, 2}) {
      links.emplace_back(3 * d, 3 * d + side);
      links.emplace_back(3 * d + side, 3 * d + 3);
    }
  }
  return testing::network_of(3 * diamonds + 1, links);
}

/// Dependencies of the first end of a chain of diamonds, all of them known.
inline std::vector<double> along_diamonds(std::int64_t diamonds) {
  std::vector<double> expected(static_cast<std::size_t>(3 * diamonds) + 1, 0);
  for (std::int64_t d = 0; d < diamonds; ++d) {
    const auto behind = static_cast<double>(3 * (diamonds - d - 1));
    for (const std::int64_t side : {1, 2}) {
      expected[static_cast<std::size_t>(3 * d + side)] = (behind + 1) / 2;
    }
    expected[static_cast<std::size_t>(3 * d + 3)] = behind;
  }
  return expected;
}

}  // namespace tradegraph::kernels
