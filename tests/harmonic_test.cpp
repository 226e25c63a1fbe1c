#include "kernels/harmonic.hpp"

#include <cmath>

#include "kernels/traversal/distance_batch.hpp"
#include "tests/support/breadth_first.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using testing::RandomNetwork;

class HarmonicTest : public testing::NetworkTest {
 protected:
  static std::vector<double> reference(const RandomNetwork& network) {
    std::vector<double> score;
    for (std::int64_t s = 0; s < network.firms; ++s) {
      double sum = 0;
      for (const auto d : testing::distances(network, s)) sum += d > 0 ? 1.0 / d : 0.0;
      score.push_back(sum);
    }
    return score;
  }

  static std::vector<double> scores(const comm::ProcessGrid& grid, const RandomNetwork& network,
                                    const HarmonicConfig& config) {
    SilentProgress silent;
    const auto a = testing::build_matrix(grid, network, matrix::ValueType::pattern);
    return matrix::gather_all(harmonic(a, config, silent).score);
  }
};

TEST_F(HarmonicTest, EqualsSearchesFromEachFirm) {
  on_grids([](const auto& grid) {
    for (const std::uint64_t seed : {1, 2, 3}) {
      for (const std::int64_t links : {0, 60, 150, 900}) {
        const auto network = testing::random_network(150, links, seed);
        const auto both = testing::both_directions(network);
        testing::expect_close(scores(grid, network, {}), reference(network), "directed", 1e-13);
        testing::expect_close(scores(grid, both, {.directed = false}), reference(both),
                              "undirected", 1e-13);
      }
    }
  });
}

TEST_F(HarmonicTest, ClosedFormsAndAnIsolate) {
  on_grids([](const auto& grid) {
    const auto star = testing::both_directions(
        testing::network_of(6, {{0, 1}, {0, 2}, {0, 3}, {0, 4}}));  // and firm 5 alone
    testing::expect_close(scores(grid, star, {.directed = false}), {4, 2.5, 2.5, 2.5, 2.5, 0},
                          "star");
    testing::expect_close(scores(grid, star, {.directed = false, .normalised = true}),
                          {.8, .5, .5, .5, .5, 0}, "normalised");
    const auto pair = testing::both_directions(testing::network_of(3, {{0, 2}}));
    testing::expect_close(scores(grid, pair, {.directed = false}), {1, 0, 1}, "pair");
    testing::expect_close(scores(grid, testing::network_of(3, {{0, 1}, {1, 2}}), {}), {1.5, 1, 0},
                          "one way");
    testing::expect_close(scores(grid, testing::network_of(0, {}), {}), {}, "empty");
    const auto alone = scores(grid, testing::network_of(1, {}), {.normalised = true});
    EXPECT_TRUE(alone.size() == 1 && std::isnan(alone[0])) << "there is no other firm";
  });
}

TEST(LaneCounters, CountEachBitByItself) {
  LaneCounters counters;
  std::vector<std::int64_t> expected(64, 0);
  const CounterRandom random(3, 1);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const auto word = random.bits(i) & random.bits(i + 5000);
    counters.add(word);
    for (std::size_t l = 0; l < 64; ++l) expected[l] += static_cast<std::int64_t>(word >> l & 1);
  }
  for (std::size_t l = 0; l < 64; ++l) EXPECT_EQ(counters.count(l), expected[l]) << l;
}

}  // namespace
}  // namespace tradegraph::kernels
