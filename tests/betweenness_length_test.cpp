/// Betweenness that is stopped and resumed, and betweenness by lengths of links.

#include <atomic>
#include <cmath>
#include <optional>

#include "tests/support/betweenness_fixture.hpp"

namespace tradegraph::kernels {
namespace {

/// Stops after a given number of looks, and keeps what it is given.
class StoppingCheckpoint final : public Checkpoint {
 public:
  explicit StoppingCheckpoint(int looks) : looks_(looks) {}
  std::optional<PartialWork> load() override { return kept; }
  void save(const PartialWork& partial) override {
    kept = partial;
    ++saves;
  }
  void discard() override { discarded = true; }
  [[nodiscard]] bool stop_asked() const override { return looks_-- <= 0; }
  [[nodiscard]] double interval_s() const override { return 1e-9; }

  std::optional<PartialWork> kept;
  int saves = 0;
  bool discarded = false;

 private:
  mutable std::atomic<int> looks_;
};

/// What rank 0 keeps is what all load, as a file would give it.
void share(const comm::Communicator& world, StoppingCheckpoint& checkpoint) {
  auto& kept = *checkpoint.kept;
  kept.done = comm::broadcast_value(world, kept.done);
  for (auto& [name, values] : kept.sums) comm::broadcast(world, values);
}

TEST_F(BetweennessTest, StoppedAndResumedItGivesTheSame) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(2000, 9000, 21);
    const auto whole = scores(grid, network, {});
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    SilentProgress silent;
    std::optional<PartialWork> kept;
    int stops = 0;
    for (bool complete = false; !complete && stops < 100; ++stops) {
      StoppingCheckpoint checkpoint(6 + 4 * stops);
      checkpoint.kept = kept;
      try {
        const auto result = betweenness(a, {}, silent, &checkpoint);
        testing::expect_close(matrix::gather_all(result.score), whole, "resumed");
        EXPECT_TRUE(checkpoint.discarded);
        complete = true;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::interrupted);
        EXPECT_GE(checkpoint.saves, 1);
        share(grid.world(), checkpoint);
        kept = checkpoint.kept;
      }
    }
    EXPECT_GE(stops, 2);
    EXPECT_LT(stops, 100);
  });
}

/// Paths by length, from all pairs' distances (Floyd & Warshall) and the counts along them.
std::vector<double> reference_by_length(const RandomNetwork& network,
                                        const std::vector<std::uint64_t>& lengths, bool directed) {
  const auto n = static_cast<std::size_t>(network.firms);
  constexpr std::uint64_t kFar = std::uint64_t{1} << 62;
  std::vector<std::uint64_t> distance(n * n, kFar), link(n * n, kFar);
  for (std::size_t i = 0; i < n; ++i) distance[i * n + i] = 0;
  for (std::size_t k = 0; k < network.links(); ++k) {
    const auto at = static_cast<std::size_t>(network.supplier[k]) * n +
                    static_cast<std::size_t>(network.buyer[k]);
    distance[at] = link[at] = lengths[k];
  }
  for (std::size_t m = 0; m < n; ++m) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        distance[i * n + j] =
            std::min(distance[i * n + j], distance[i * n + m] + distance[m * n + j]);
      }
    }
  }
  std::vector<double> paths(n * n, 0);
  for (std::size_t s = 0; s < n; ++s) {
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return distance[s * n + a] < distance[s * n + b];
    });
    paths[s * n + s] = 1;
    for (const auto v : order) {
      if (distance[s * n + v] >= kFar) break;
      for (std::size_t w = 0; w < n; ++w) {
        if (link[v * n + w] < kFar &&
            distance[s * n + v] + link[v * n + w] == distance[s * n + w]) {
          paths[s * n + w] += paths[s * n + v];
        }
      }
    }
  }
  std::vector<double> score(n, 0);
  for (std::size_t s = 0; s < n; ++s) {
    for (std::size_t t = 0; t < n; ++t) {
      if (s == t || distance[s * n + t] >= kFar) continue;
      for (std::size_t v = 0; v < n; ++v) {
        if (v == s || v == t) continue;
        if (distance[s * n + v] + distance[v * n + t] != distance[s * n + t]) continue;
        score[v] += paths[s * n + v] * paths[v * n + t] / paths[s * n + t] * (directed ? 1 : 0.5);
      }
    }
  }
  return score;
}

std::vector<double> scores_by_length(const comm::ProcessGrid& grid, const RandomNetwork& network,
                                     const BetweennessConfig& config, double* scale = nullptr) {
  SilentProgress silent;
  const auto a = testing::build_matrix(grid, network, ValueType::real);
  const auto result = betweenness(a, config, silent);
  if (scale != nullptr) *scale = result.scale;
  return matrix::gather_all(result.score);
}

TEST_F(BetweennessTest, ByLengthEqualsAllPairs) {
  on_grids([](const auto& grid) {
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
      auto network = testing::network_of(60, {});
      const auto plain = testing::both_directions(
          testing::random_network(60, 40 + 40 * static_cast<std::int64_t>(seed), seed));
      network = plain;
      std::vector<std::uint64_t> lengths;
      for (std::size_t k = 0; k < network.links(); ++k) {  // few values: many ties
        const auto i = std::min(network.supplier[k], network.buyer[k]);
        const auto j = std::max(network.supplier[k], network.buyer[k]);
        lengths.push_back(1 + static_cast<std::uint64_t>((i * 7 + j * 3) % 4));
        network.amount[k] = static_cast<double>(lengths.back());
      }
      double scale = 0;
      const BetweennessConfig given{
          .directed = false, .weighted = true, .value = LinkValue::length};
      testing::expect_close(scores_by_length(grid, network, given, &scale),
                            reference_by_length(network, lengths, false), "lengths given");
      EXPECT_EQ(scale, 1);  // whole numbers stay as they are
      // Strengths 12/1, 12/2, 12/3, 12/4 have the same shortest paths, with any fine scale.
      for (auto& amount : network.amount) amount = 12 / amount;
      testing::expect_close(
          scores_by_length(grid, network, {.directed = false, .weighted = true, .scale = 12}),
          reference_by_length(network, lengths, false), "strengths");
      const auto one_way = [&] {
        auto half = network;
        half.supplier.clear(), half.buyer.clear(), half.amount.clear();
        std::vector<std::uint64_t> kept;
        for (std::size_t k = 0; k < network.links(); ++k) {
          if ((network.supplier[k] * 5 + network.buyer[k]) % 3 == 0) continue;
          half.supplier.push_back(network.supplier[k]);
          half.buyer.push_back(network.buyer[k]);
          half.amount.push_back(static_cast<double>(lengths[k]));
          kept.push_back(lengths[k]);
        }
        testing::expect_close(
            scores_by_length(grid, half, {.weighted = true, .value = LinkValue::length}),
            reference_by_length(half, kept, true), "directed");
      };
      one_way();
    }
  });
}

TEST_F(BetweennessTest, EqualLengthsGiveTheUnweightedScores) {
  on_grids([](const auto& grid) {
    auto network = testing::both_directions(testing::random_network(300, 700, 5));
    network.amount.assign(network.links(), 0.37);
    testing::expect_close(scores_by_length(grid, network, {.directed = false, .weighted = true}),
                          scores(grid, network, {.directed = false}), "equal strengths");
    auto chain = chain_of_diamonds(1100);
    chain.amount.assign(chain.links(), 2.0);
    testing::expect_close(scores_by_length(grid, chain, {.sources = {0}, .weighted = true}),
                          along_diamonds(1100), "2^1100 paths");
  });
}

TEST_F(BetweennessTest, RefusesWeightsThatAreNoStrengths) {
  on_grids([](const auto& grid) {
    const auto refused = [&](double weight, double scale) {
      auto network = testing::network_of(4, {{0, 1}, {1, 2}, {2, 3}});
      network.amount = {1, weight, 2};
      try {
        static_cast<void>(scores_by_length(grid, network, {.weighted = true, .scale = scale}));
        return false;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::bad_input);
        return true;
      }
    };
    EXPECT_TRUE(refused(-1, 0));
    EXPECT_TRUE(refused(std::nan(""), 0));
    EXPECT_TRUE(refused(1e-3, 1e18));  // 10^21 units a link
    EXPECT_FALSE(refused(1e-3, 1e6));
  });
}

}  // namespace
}  // namespace tradegraph::kernels
