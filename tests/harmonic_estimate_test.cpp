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

  static constexpr std::uint64_t kSeeds = 30;

  /// (estimate - exact) / standard error of the firms whose standard error isn't 0, over all seeds.
  struct StandardisedErrors {
    double firms = 0;
    double squares = 0;
    double largest = 0;
  };
  static StandardisedErrors standardised_errors(const matrix::DistributedMatrix& a, bool directed) {
    SilentProgress silent;
    const auto expected = exact(a, directed);
    StandardisedErrors errors;
    for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const auto found = estimate_harmonic(a, {.directed = directed, .seed = seed}, silent);
      const auto score = matrix::gather_all(found.score);
      const auto standard_error = matrix::gather_all(found.standard_error);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (standard_error[i] == 0) {
          EXPECT_EQ(score[i], expected[i]) << "firm " << i;
          continue;
        }
        const double error = std::abs(score[i] - expected[i]) / standard_error[i];
        ++errors.firms;
        errors.squares += error * error;
        errors.largest = std::max(errors.largest, error);
      }
    }
    return errors;
  }

  /// From pairs only to a thousand firms that reach one another.
  static std::vector<std::pair<std::string, testing::RandomNetwork>> shapes() {
    std::vector<std::pair<std::int64_t, std::int64_t>> pairs, chain;
    for (std::int64_t i = 0; i < 100; ++i) {
      pairs.emplace_back(2 * i, 2 * i + 1);
      chain.emplace_back(i, i + 1);
    }
    std::vector<std::pair<std::string, testing::RandomNetwork>> shapes{
        {"pairs", testing::network_of(200, pairs)}, {"chain", testing::network_of(101, chain)}};
    const CounterRandom random(11, 5);
    for (const std::int64_t firms : {20, 50, 200, 1000}) {
      const auto size = std::to_string(firms);
      std::vector<std::pair<std::int64_t, std::int64_t>> tree;
      for (std::int64_t i = 1; i < firms; ++i) {
        const auto buyer = static_cast<std::uint64_t>(i);
        tree.emplace_back(static_cast<std::int64_t>(random.below(buyer, buyer)), i);
      }
      shapes.emplace_back("tree of " + size, testing::network_of(firms, tree));
      for (const std::int64_t halves : {1, 3, 6}) {
        shapes.emplace_back(size + " firms, " + std::to_string(halves) + "/2 links each",
                            testing::random_network(firms, firms * halves / 2, 29));
      }
    }
    return shapes;
  }
};

TEST(Cardinality, HasTheBiasAndVarianceThatItSays) {
  const CardinalityEstimate estimate;
  EXPECT_EQ(estimate(Counter{}), 0);
  for (const std::uint64_t things : {1, 2, 3, 8, 20, 60, 100, 200, 400, 1000, 20000}) {
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
    // Four standard errors of the mean, and of the variance (sqrt(2 / n) of it, more of few things,
    // whose errors are rare) beside the 5 % that it is said to be within.
    EXPECT_LT(std::abs(sum / n), kCounterBias + 4 * kCounterError / std::sqrt(n)) << things;
    const double size = static_cast<double>(things);
    const double expected = counter_variance(size) / (size * size);
    // One thing has no variance: what is left of it is the rounded formula's.
    EXPECT_NEAR(squares / n, expected, (0.05 + 8 * std::sqrt(2 / n)) * expected + 1e-8) << things;
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

TEST_F(HarmonicEstimateTest, PutsErrorsAtTheirSizeWhateverTheReach) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  for (const auto& [name, network] : shapes()) {
    for (const bool directed : {true, false}) {
      SCOPED_TRACE(name + (directed ? ", directed" : ", undirected"));
      const auto a = testing::build_matrix(
          grid, directed ? network : testing::both_directions(network), ValueType::pattern);
      const auto errors = standardised_errors(a, directed);
      if (errors.firms == 0) continue;  // all of them exact
      const double rms = std::sqrt(errors.squares / errors.firms);
      // Where all firms err together, this is a mean of only kSeeds = 30 squares: of a normal error
      // it is above 1.5^2 or below 0.6^2 a few times in 10,000. Six standard errors are
      // once in 500 million, and the skew of a mean of 7 runs is small (0.1).
      EXPECT_LT(rms, 1.5);
      EXPECT_GT(rms, 0.6);
      EXPECT_LT(errors.largest, 6);
      if (world.is_root()) {
        std::printf("%s, %s: rms %.2f standard errors, largest %.1f\n", name.c_str(),
                    directed ? "directed" : "undirected", rms, errors.largest);
      }
    }
  }
}

TEST_F(HarmonicEstimateTest, IsExactWhereFewAreInReach) {
  SilentProgress silent;
  on_grids([&](const auto& grid) {
    // Pairs, a cycle of 32 and a cycle of 33: the last alone is too many, by one firm 32 links off.
    std::vector<std::pair<std::int64_t, std::int64_t>> links;
    for (std::int64_t i = 0; i < 40; i += 2) links.emplace_back(i, i + 1);
    for (std::int64_t i = 0; i < 32; ++i) links.emplace_back(40 + i, 40 + (i + 1) % 32);
    for (std::int64_t i = 0; i < 33; ++i) links.emplace_back(72 + i, 72 + (i + 1) % 33);
    const auto a = testing::build_matrix(grid, testing::network_of(105, links), ValueType::pattern);
    const auto expected = exact(a, true);
    const auto found = estimate_harmonic(a, {}, silent);
    const auto score = matrix::gather_all(found.score);
    const auto standard_error = matrix::gather_all(found.standard_error);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(standard_error[i] == 0, i < 72) << i;
      EXPECT_TRUE(i >= 72 || score[i] == expected[i]) << i;
      EXPECT_NEAR(score[i], expected[i], 1.0 / 32) << i;
    }
  });
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
    // 0 -> 1 -> 2 and 3 alone: few enough to be exact.
    testing::expect_close(of(testing::network_of(4, {{0, 1}, {1, 2}}), {.error = 0.01}),
                          {1.5, 1, 0, 0}, "one way", 0);
    EXPECT_THROW(of(testing::network_of(1, {}), {.error = 0}), Error);
    EXPECT_THROW(of(testing::network_of(1, {}), {.error = 1}), Error);
  });
}

}  // namespace
}  // namespace tradegraph::kernels
