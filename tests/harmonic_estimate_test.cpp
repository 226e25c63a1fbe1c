#include "kernels/harmonic_estimate.hpp"

#include <cmath>

#include "kernels/harmonic.hpp"
#include "kernels/traversal/cardinality.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using matrix::ValueType;

class HarmonicEstimateTest : public testing::NetworkTest {
 protected:
  static std::vector<double> exact(const matrix::DistributedMatrix& a, bool directed) {
    SilentProgress silent;
    return matrix::gather_all(harmonic(a, {.directed = directed}, silent).score);
  }
  static std::vector<double> estimate(const matrix::DistributedMatrix& a,
                                      const HarmonicEstimateConfig& config) {
    SilentProgress silent;
    return matrix::gather_all(estimate_harmonic(a, config, silent).score);
  }
};

TEST(Cardinality, IsUnbiasedAtEverySize) {
  const CardinalityEstimate estimate;
  EXPECT_EQ(estimate(Counter{}), 0);
  for (const std::uint64_t things : {1, 3, 20, 60, 100, 200, 400, 1000, 20000}) {
    const std::uint64_t trials = things > 1000 ? 100 : 4000;
    double sum = 0;
    double squares = 0;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
      Counter counter;
      for (std::uint64_t i = 0; i < things; ++i) counter.add(mix64(mix64(trial) + i));
      const double ratio = estimate(counter) / static_cast<double>(things);
      sum += ratio - 1;
      squares += (ratio - 1) * (ratio - 1);
    }
    const auto n = static_cast<double>(trials);
    // Four standard errors of the mean; the spread itself is at most that of the theory.
    EXPECT_LT(std::abs(sum / n), 4 * kCounterError / std::sqrt(n)) << things;
    EXPECT_LT(std::sqrt(squares / n), 1.25 * kCounterError) << things;
  }
}

TEST(Cardinality, CounterOfAUnionIsTheJoinOfCounters) {
  Counter low, high, all;
  for (std::uint64_t i = 0; i < 500; ++i) {
    if (i < 300) low.add(mix64(i));
    if (i >= 200) high.add(mix64(i));
    all.add(mix64(i));
  }
  low.join(high);
  EXPECT_TRUE(low == all);
}

TEST_F(HarmonicEstimateTest, IsAsNearTheExactValuesAsItSays) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  SilentProgress silent;
  for (const bool directed : {false, true}) {
    auto network = testing::random_network(1500, 4000, 17);
    if (!directed) network = testing::both_directions(network);
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    const auto expected = exact(a, directed);
    for (const double error : {0.05, 0.02}) {
      const auto found =
          estimate_harmonic(a, {.directed = directed, .error = error, .seed = 3}, silent);
      const auto score = matrix::gather_all(found.score);
      const auto standard_error = matrix::gather_all(found.standard_error);
      double squares = 0;
      double scaled = 0;
      double firms = 0;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (expected[i] == 0) {
          EXPECT_EQ(score[i], 0);
          EXPECT_EQ(standard_error[i], 0);
          continue;
        }
        const double off = score[i] - expected[i];
        squares += off * off / (expected[i] * expected[i]);
        scaled += std::abs(off) <= 3 * standard_error[i] ? 1 : 0;
        ++firms;
      }
      // Errors of firms that reach the same others go together, so the bound is a wide one.
      EXPECT_LT(std::sqrt(squares / firms), 2 * error) << directed;
      EXPECT_GT(scaled / firms, 0.8) << directed;
      if (world.is_root()) {
        std::printf("%s, %.2f asked for: %.4f off, %.1f %% within 3 standard errors\n",
                    directed ? "directed" : "undirected", error, std::sqrt(squares / firms),
                    100 * scaled / firms);
      }
    }
  }
}

TEST_F(HarmonicEstimateTest, DependsOnTheSeedAlone) {
  std::vector<double> first;
  on_grids([&](const auto& grid) {
    const auto network = testing::both_directions(testing::random_network(120, 260, 7));
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    const auto again = estimate(a, {.directed = false, .seed = 5});
    if (first.empty()) first = again;
    testing::expect_close(again, first, "another grid", 1e-12);
    EXPECT_NE(estimate(a, {.directed = false, .seed = 6}), first);
  });
}

TEST(HarmonicEstimateConfig, RunsAsOftenAsTheErrorNeeds) {
  EXPECT_EQ((HarmonicEstimateConfig{.error = 0.05}).runs(), 7);
  EXPECT_EQ((HarmonicEstimateConfig{.error = 0.02}).runs(), 43);
  EXPECT_EQ((HarmonicEstimateConfig{.error = 0.5}).runs(), 6);
}

TEST_F(HarmonicEstimateTest, SmallAndEmptyNetworks) {
  on_grids([](const auto& grid) {
    const auto of = [&](const testing::RandomNetwork& network, HarmonicEstimateConfig config) {
      return estimate(testing::build_matrix(grid, network, ValueType::pattern), config);
    };
    EXPECT_TRUE(of(testing::network_of(0, {}), {}).empty());
    const auto alone = of(testing::network_of(1, {}), {.normalised = true});
    EXPECT_TRUE(alone.size() == 1 && std::isnan(alone[0])) << "there is no other firm";
    // 0 -> 1 -> 2 and 3 alone: few enough to be nearly exact.
    testing::expect_close(of(testing::network_of(4, {{0, 1}, {1, 2}}), {.error = 0.01}),
                          {1.5, 1, 0, 0}, "one way", 0.02);
    EXPECT_THROW(of(testing::network_of(1, {}), {.error = 0}), Error);
    EXPECT_THROW(of(testing::network_of(1, {}), {.error = 1}), Error);
  });
}

}  // namespace
}  // namespace tradegraph::kernels
