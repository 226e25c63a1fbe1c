#include "kernels/approximate_betweenness.hpp"

#include "kernels/betweenness.hpp"
#include "kernels/traversal/adaptive_bound.hpp"
#include "kernels/traversal/path_sampler.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using testing::RandomNetwork;

class ApproximateTest : public testing::NetworkTest {
 protected:
  static std::vector<double> exact(const matrix::DistributedMatrix& a, bool directed) {
    SilentProgress silent;
    return matrix::gather_all(
        betweenness(a, {.directed = directed, .normalised = true}, silent).score);
  }

  static double largest_error(const std::vector<double>& x, const std::vector<double>& y) {
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
    return worst;
  }

  /// Few hubs, trees, isolates: some firms with large and many with no betweenness. Calls
  /// `holds(result, exact scores)` for many seeds, directed and not; the share of seeds for which
  /// it does not may not be far beyond delta. Then `report(directed, seeds, missed)`.
  template <class Holds, class Report>
  static void for_many_seeds(ApproximateConfig config, const Holds& holds, const Report& report) {
    const auto world = comm::Communicator::world();
    const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
    SilentProgress silent;
    const int seeds = world.size() == 1 ? 200 : 10;
    config.normalised = true;
    config.delta = 0.1;
    config.never_exact = true;
    for (const bool directed : {false, true}) {
      auto network = testing::random_network(150, 220, 31);
      if (!directed) network = testing::both_directions(network);
      const auto a = testing::build_matrix(grid, network, matrix::ValueType::pattern);
      const auto expected = exact(a, directed);
      config.directed = directed;
      int missed = 0;
      for (int seed = 1; seed <= seeds; ++seed) {
        config.seed = static_cast<std::uint64_t>(seed);
        missed += holds(approximate_betweenness(a, config, silent), expected) ? 0 : 1;
      }
      EXPECT_LE(missed, seeds == 200 ? 32 : 4);
      if (world.is_root()) report(directed ? "directed" : "undirected", seeds, missed);
    }
  }
};

TEST_F(ApproximateTest, TheGuaranteeHoldsForAsManySeedsAsItSays) {
  double largest = 0;
  for_many_seeds(
      {.epsilon = 0.05},
      [&](const auto& result, const std::vector<double>& expected) {
        EXPECT_FALSE(result.exact);
        EXPECT_LE(result.error, 0.05 * (1 + 1e-9));
        const double error = largest_error(matrix::gather_all(result.score), expected);
        largest = std::max(largest, error);
        return error <= 0.05;
      },
      [&](const char* kind, int seeds, int missed) {
        std::printf("%s: %d of %d seeds beyond 0.05, largest error so far %.4f\n", kind, missed,
                    seeds, largest);
      });
  EXPECT_GT(largest, 0);  // it is an estimate
}

TEST_F(ApproximateTest, DependsOnTheSeedAlone) {
  std::vector<double> first;
  on_grids([&](const auto& grid) {
    SilentProgress silent;
    const auto network = testing::both_directions(testing::random_network(120, 260, 7));
    const auto a = testing::build_matrix(grid, network, matrix::ValueType::pattern);
    const auto run = [&](std::uint64_t seed) {
      return matrix::gather_all(
          approximate_betweenness(
              a, {.directed = false, .epsilon = 0.1, .seed = seed, .never_exact = true}, silent)
              .score);
    };
    const auto again = run(3);
    if (first.empty()) first = again;
    EXPECT_EQ(again, first);
    EXPECT_NE(run(4), first);
  });
}

TEST_F(ApproximateTest, ExactWhereThatIsCheaperAndWhereNothingIsDrawn) {
  on_grids([](const auto& grid) {
    SilentProgress silent;
    const auto network = testing::both_directions(testing::random_network(100, 300, 8));
    const auto a = testing::build_matrix(grid, network, matrix::ValueType::pattern);
    const auto result = approximate_betweenness(
        a, {.directed = false, .normalised = true, .epsilon = 0.001}, silent);
    EXPECT_TRUE(result.exact);
    testing::expect_close(matrix::gather_all(result.score), exact(a, false), "exact");
    // A tree has no core: its closed form is all there is.
    const auto tree =
        testing::both_directions(testing::network_of(7, {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}}));
    const auto t = testing::build_matrix(grid, tree, matrix::ValueType::pattern);
    const auto of_tree = approximate_betweenness(t, {.directed = false}, silent);
    testing::expect_close(matrix::gather_all(of_tree.score), {6, 7, 4, 0, 0, 0, 0}, "tree");
    EXPECT_EQ(of_tree.error, 0);
    const auto empty =
        testing::build_matrix(grid, testing::network_of(0, {}), matrix::ValueType::pattern);
    EXPECT_EQ(approximate_betweenness(empty, {}, silent).score.size(), 0);
  });
}

/// Whether what a run says of the K largest is true: the certain ones are among them, all of them
/// are listed, and every interval holds the exact score.
bool top_is_true(const std::vector<TopFirm>& top, const std::vector<double>& exact, std::size_t k) {
  auto sorted = exact;
  std::ranges::sort(sorted, std::greater<>());
  const double kth = sorted[k - 1];
  std::vector<char> listed(exact.size(), 0);
  for (const auto& one : top) {
    const double score = exact[static_cast<std::size_t>(one.firm)];
    listed[static_cast<std::size_t>(one.firm)] = 1;
    if (score < one.lower - 1e-9 || score > one.upper + 1e-9) return false;
    if (one.certain && score < kth - 1e-9) return false;
  }
  for (std::size_t i = 0; i < exact.size(); ++i) {
    if (exact[i] > kth + 1e-9 && listed[i] == 0) return false;
  }
  return true;
}

TEST_F(ApproximateTest, TheLargestAreCertainOrTiedForAsManySeedsAsItSays) {
  std::int64_t certain = 0;
  std::int64_t listed = 0;
  for_many_seeds(
      {.epsilon = 0.03, .top = 5},
      [&](const auto& result, const std::vector<double>& expected) {
        EXPECT_GE(result.top.size(), 5u);
        EXPECT_TRUE(std::ranges::is_sorted(result.top, std::greater<>(), &TopFirm::score));
        for (const auto& one : result.top) {
          EXPECT_LE(one.lower, one.score);
          EXPECT_GE(one.upper, one.score);
          if (!one.certain) {
            EXPECT_LE(one.upper - one.score, 0.03 * (1 + 1e-6));
          }
          certain += one.certain ? 1 : 0;
        }
        listed += std::ssize(result.top);
        return top_is_true(result.top, expected, 5);
      },
      [&](const char* kind, int seeds, int missed) {
        EXPECT_GT(certain, 0);
        std::printf(
            "%s: %d of %d seeds wrong about the 5 largest; %.1f certain and %.1f tied a seed\n",
            kind, missed, seeds, static_cast<double>(certain) / seeds,
            static_cast<double>(listed - certain) / seeds);
        certain = listed = 0;
      });
}

TEST_F(ApproximateTest, TheLargestNeedFewerSamplesThanAll) {
  on_grids([](const auto& grid) {
    SilentProgress silent;
    // A hub of hubs: the largest stand out.
    const auto network = testing::both_directions(testing::random_network(400, 900, 12));
    const auto a = testing::build_matrix(grid, network, matrix::ValueType::pattern);
    ApproximateConfig config{.directed = false, .epsilon = 0.01, .never_exact = true};
    const auto all = approximate_betweenness(a, config, silent);
    EXPECT_TRUE(all.top.empty());
    config.top = 1;
    EXPECT_LT(approximate_betweenness(a, config, silent).samples, all.samples);
  });
}

TEST_F(ApproximateTest, ExactTiesAreTied) {
  on_grids([](const auto& grid) {
    SilentProgress silent;
    // 0 - 1 - 2 - 3 - 4: scores 0, 3, 4, 3, 0.
    const auto path =
        testing::both_directions(testing::network_of(5, {{0, 1}, {1, 2}, {2, 3}, {3, 4}}));
    const auto a = testing::build_matrix(grid, path, matrix::ValueType::pattern);
    const auto top = [&](std::int64_t k) {
      std::vector<std::pair<std::int64_t, bool>> firms;
      for (const auto& one :
           approximate_betweenness(a, {.directed = false, .top = k}, silent).top) {
        firms.emplace_back(one.firm, one.certain);
      }
      return firms;
    };
    using Firms = std::vector<std::pair<std::int64_t, bool>>;
    EXPECT_EQ(top(1), (Firms{{2, true}}));
    EXPECT_EQ(top(2), (Firms{{2, true}, {1, false}, {3, false}}));
    EXPECT_EQ(top(3), (Firms{{2, true}, {1, true}, {3, true}}));
    EXPECT_EQ(top(9), (Firms{{2, true}, {1, true}, {3, true}, {0, true}, {4, true}}));
  });
}

TEST(PathSampler, EveryShortestPathIsEquallyLikely) {
  // 0 -> {1, 2, 3} -> 4 -> {5, 6} -> 7, and a detour 0 -> 8 -> 9 -> 10 -> 11 -> 7.
  WholeGraph graph;
  const std::vector<std::vector<Vertex>> buyers{{1, 2, 3, 8}, {4}, {4}, {4},  {5, 6}, {7},
                                                {7},          {},  {9}, {10}, {11},   {7}};
  for (const auto& row : buyers) {
    graph.neighbours.insert(graph.neighbours.end(), row.begin(), row.end());
    graph.offsets.push_back(graph.neighbours.size());
  }
  const auto back = reversed(graph);
  PathSampler sampler(graph, back);
  std::vector<int> met(12, 0);
  const int samples = 6000;
  for (int i = 0; i < samples; ++i) {
    const auto& path = sampler.sample(0, 7, CounterRandom(5, static_cast<std::uint64_t>(i)), 0);
    EXPECT_EQ(path.size(), 3u);
    for (const auto v : path) ++met[v];
  }
  for (const Vertex v : {1, 2, 3}) EXPECT_NEAR(met[v], samples / 3, 150) << v;  // 4 sigma
  for (const Vertex v : {5, 6}) EXPECT_NEAR(met[v], samples / 2, 160) << v;
  EXPECT_EQ(met[4], samples);
  EXPECT_EQ(met[8], 0);
  EXPECT_TRUE(sampler.sample(7, 0, CounterRandom(1, 1), 0).empty());  // no way back
  EXPECT_TRUE(sampler.sample(0, 1, CounterRandom(1, 1), 0).empty());  // adjacent
  EXPECT_TRUE(sampler.sample(4, 4, CounterRandom(1, 1), 0).empty());
}

TEST(AdaptiveBound, SharesFitIntoDeltaAndBoundsShrink) {
  AdaptiveBound bound(0.01, 0.1, 12);
  std::vector<std::int64_t> counts(1000, 0);
  for (std::size_t v = 0; v < 50; ++v) counts[v] = static_cast<std::int64_t>(40 - v / 2);
  bound.divide(counts, 1000);
  double before = 1;
  for (std::int64_t samples = 2000; samples < bound.limit(); samples *= 2) {
    std::vector<std::int64_t> scaled;
    for (const auto count : counts) scaled.push_back(count * samples / 1000);
    const double error = bound.error(scaled, samples);
    EXPECT_LT(error, before);
    before = error;
  }
  EXPECT_LE(bound.error(counts, bound.limit()), 0.01);
}

}  // namespace
}  // namespace tradegraph::kernels
