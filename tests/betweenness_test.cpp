#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/support/betweenness_fixture.hpp"

namespace tradegraph::kernels {
namespace {

TEST_F(BetweennessTest, EqualsCountingPathsPairByPair) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      if (network.firms > 100) continue;
      testing::expect_close(scores_both_ways(grid, network, {}), reference(network, true),
                            "directed");
      const auto both = testing::both_directions(network);
      testing::expect_close(scores_both_ways(grid, both, {.directed = false}),
                            reference(both, false), "undirected");
    }
  });
}

TEST_F(BetweennessTest, AnyBatchSizeAndSubsetOfSources) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(50, 150, 14);
    for (const std::int64_t batch : {1, 7, 64}) {
      testing::expect_close(scores_both_ways(grid, network, {.batch_size = batch}),
                            reference(network, true), "batch");
    }
    testing::expect_close(scores(grid, network, {.sources = {49, 3, 17, 3}, .batch_size = 2}),
                          reference(network, true, {3, 17, 49}), "directed subset");
    const auto both = testing::both_directions(network);
    testing::expect_close(scores(grid, both, {.directed = false, .sources = {0, 8}}),
                          reference(both, false, {0, 8}), "undirected subset");
  });
}

TEST_F(BetweennessTest, ClosedForms) {
  on_grids([](const auto& grid) {
    const BetweennessConfig undirected{.directed = false, .batch_size = 4};
    Links path, star, cycle;
    for (std::int64_t i = 0; i < 10; ++i) path.emplace_back(i, i + 1);
    for (std::int64_t i = 1; i < 11; ++i) star.emplace_back(0, i);
    for (std::int64_t i = 0; i < 11; ++i) cycle.emplace_back(i, (i + 1) % 11);
    std::vector<double> on_path, on_star(11, 0), on_cycle(11, 10.0), round(11, 45.0);
    for (int i = 0; i < 11; ++i) on_path.push_back(i * (10 - i));
    on_star[0] = 45;
    const auto both = [](const Links& links) {
      return testing::both_directions(testing::network_of(11, links));
    };
    testing::expect_close(scores(grid, both(path), undirected), on_path, "path");
    testing::expect_close(scores(grid, testing::network_of(11, path), {}), on_path, "one way");
    testing::expect_close(scores(grid, both(star), undirected), on_star, "star");
    testing::expect_close(scores(grid, both(cycle), undirected), on_cycle, "cycle");
    testing::expect_close(scores(grid, testing::network_of(11, cycle), {}), round, "one-way cycle");
    const auto diamond = testing::network_of(4, {{0, 1}, {0, 2}, {1, 3}, {2, 3}});
    testing::expect_close(scores(grid, diamond, {}), {0, 0.5, 0.5, 0}, "diamond");
  });
}

TEST_F(BetweennessTest, NormalisedByTheNumberOfPairs) {
  on_grids([](const auto& grid) {
    const auto star = testing::network_of(5, {{0, 1}, {0, 2}, {0, 3}, {0, 4}});
    testing::expect_close(
        scores(grid, testing::both_directions(star), {.directed = false, .normalised = true}),
        {1, 0, 0, 0, 0}, "undirected star");
    testing::expect_close(scores(grid, testing::both_directions(star), {.normalised = true}),
                          {1, 0, 0, 0, 0}, "directed star");
    const auto pair = testing::network_of(2, {{0, 1}});
    for (const auto score : scores(grid, pair, {.normalised = true})) {
      EXPECT_TRUE(std::isnan(score)) << "there is no pair of other firms";
    }
  });
}

TEST_F(BetweennessTest, RelabellingTransposingAndAnIsolate) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(90, 250, 15);
    const auto plain = scores(grid, network, {});
    const auto order = testing::shuffled(90, 16);
    const auto moved = scores(grid, testing::relabelled(network, order), {});
    std::vector<double> back(90);
    for (std::size_t i = 0; i < 90; ++i) back[i] = moved[static_cast<std::size_t>(order[i])];
    testing::expect_close(back, plain, "relabelled");

    auto reversed = network;
    std::swap(reversed.supplier, reversed.buyer);
    testing::expect_close(scores(grid, reversed, {}), plain, "transposed");

    ++network.firms;
    auto with_isolate = plain;
    with_isolate.push_back(0);
    testing::expect_close(scores(grid, network, {}), with_isolate, "isolate");
  });
}

TEST_F(BetweennessTest, TreesHangOnTheCoreAndOnEachOther) {
  on_grids([](const auto& grid) {
    for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
      // About as many links as firms: trees with and without a cycle, isolates, small components.
      const auto network =
          testing::random_network(80, 70 + 10 * static_cast<std::int64_t>(seed), seed);
      const auto both = testing::both_directions(network);
      testing::expect_close(scores(grid, network, {}), reference(network, true), "directed");
      testing::expect_close(scores(grid, both, {.directed = false}), reference(both, false),
                            "undirected");
      const std::vector<std::int64_t> some{1, 5, 30, 31, 79};
      testing::expect_close(scores(grid, network, {.sources = some}),
                            reference(network, true, some), "some sources, directed");
      testing::expect_close(scores(grid, both, {.directed = false, .sources = some}),
                            reference(both, false, some), "some sources, undirected");
      testing::expect_close(scores_both_ways(grid, network, {.endpoints = true}),
                            reference(network, true, {}, true), "endpoints, directed");
      testing::expect_close(
          scores_both_ways(grid, both, {.directed = false, .endpoints = true, .sources = some}),
          reference(both, false, some, true), "endpoints, undirected");
    }
  });
}

TEST_F(BetweennessTest, PathCountsOfAnySize) {
  on_grids([](const auto& grid) {
    // 16 bits, a double, and neither: 2^10, 2^900, 2^1100 and 2^4000 paths from end to end.
    for (const std::int64_t diamonds : {10, 900, 1100, 4000}) {
      testing::expect_close(scores(grid, chain_of_diamonds(diamonds), {.sources = {0}}),
                            along_diamonds(diamonds), "diamonds " + std::to_string(diamonds));
    }
  });
}

TEST_F(BetweennessTest, ProductsCountPathsOfAnySize) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  const BetweennessConfig config{.sources = {0}, .method = BetweennessMethod::products};
  testing::expect_close(scores(grid, chain_of_diamonds(1100), config), along_diamonds(1100),
                        "1100 diamonds");
}

/// A mesh of width x height, both directions.
RandomNetwork mesh(std::int64_t width, std::int64_t height) {
  Links links;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      if (x + 1 < width) links.emplace_back(y * width + x, y * width + x + 1);
      if (y + 1 < height) links.emplace_back(y * width + x, (y + 1) * width + x);
    }
  }
  return testing::both_directions(testing::network_of(width * height, links));
}

TEST_F(BetweennessTest, TheDiagonalOfAMeshHasMorePathsThanADoubleHolds) {
  // From a corner of a mesh of n x n, sigma(x, y) = (x + y choose x): the dependency of (x, y) is
  // the sum over targets beyond of products of binomials, here by logarithms for a few places.
  const std::int64_t width = 600;
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  const auto found = scores(grid, mesh(width, width), {.sources = {0}});
  const auto log_choose = [](std::int64_t a, std::int64_t b) {
    const auto x = static_cast<double>(a);
    const auto y = static_cast<double>(b);
    return std::lgamma(x + y + 1) - std::lgamma(x + 1) - std::lgamma(y + 1);
  };
  for (const auto& [x, y] : Links{{1, 1}, {300, 300}, {599, 598}, {10, 590}, {599, 0}}) {
    double expected = 0;
    for (std::int64_t tx = x; tx < width; ++tx) {
      for (std::int64_t ty = y; ty < width; ++ty) {
        if (tx == x && ty == y) continue;
        expected += std::exp(log_choose(x, y) + log_choose(tx - x, ty - y) - log_choose(tx, ty));
      }
    }
    const double score = found[static_cast<std::size_t>(y * width + x)];
    // Undirected sums are halved; the logarithms of such factorials have twelve digits at best.
    EXPECT_NEAR(score, expected, 1e-8 * (1 + expected)) << x << ' ' << y;
  }
}

TEST_F(BetweennessTest, LittleMemoryLeavesTheNetworkInBlocks) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(60, 180, 22);
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    SilentProgress silent;
    EXPECT_EQ(betweenness(a, {.memory_bytes = 1000}, silent).method, BetweennessMethod::products);
    EXPECT_EQ(betweenness(a, {.memory_bytes = 1 << 30}, silent).method, BetweennessMethod::batches);
  });
}

TEST_F(BetweennessTest, RefusesBadSettings) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(5, 9, 1);
    EXPECT_THROW(static_cast<void>(scores(grid, network, {.batch_size = 0})), Error);
    EXPECT_THROW(static_cast<void>(scores(grid, network, {.sources = {5}})), Error);
    EXPECT_THROW(static_cast<void>(scores(grid, network, {.sources = {-1}})), Error);
  });
}

/// Undirected links of a symmetric Matrix Market pattern, both directions.
RandomNetwork read_symmetric(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line) && line[0] == '%') {
  }
  std::int64_t firms = 0;
  std::istringstream(line) >> firms;
  Links links;
  for (std::int64_t i = 0, j = 0; file >> i >> j;) links.emplace_back(i - 1, j - 1);
  return testing::both_directions(testing::network_of(firms, links));
}

TEST_F(BetweennessTest, EqualsIgraphOnKnownNetworks) {
  const std::filesystem::path folder = std::filesystem::path(TRADEGRAPH_SHARED_DATA) / "graphs";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder << " here";
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  for (const std::string name : {"karate", "lesmis", "jazz", "celegans_metabolic"}) {
    std::ifstream file(folder / ("betweenness_" + name + ".txt"));
    const std::vector<double> expected{std::istream_iterator<double>(file), {}};
    // The reference file has ten digits.
    testing::expect_close(
        scores(grid, read_symmetric(folder / (name + ".mtx")), {.directed = false}), expected, name,
        1e-9);
  }
}

}  // namespace
}  // namespace tradegraph::kernels
