#include "kernels/betweenness.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <queue>
#include <sstream>

#include "kernels/network_forms.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

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
    testing::expect_close(scores(grid, pair, {.normalised = true}), {0, 0}, "two firms");
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

/// 0 -> {1, 2} -> 3 -> {4, 5} -> 6 ...: 2^diamonds paths from end to end.
RandomNetwork chain_of_diamonds(std::int64_t diamonds) {
  Links links;
  for (std::int64_t d = 0; d < diamonds; ++d) {
    for (const std::int64_t side : {1, 2}) {
      links.emplace_back(3 * d, 3 * d + side);
      links.emplace_back(3 * d + side, 3 * d + 3);
    }
  }
  return testing::network_of(3 * diamonds + 1, links);
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
      testing::expect_close(scores(grid, network, {.endpoints = true}),
                            reference(network, true, {}, true), "endpoints, directed");
      testing::expect_close(
          scores(grid, both, {.directed = false, .endpoints = true, .sources = some}),
          reference(both, false, some, true), "endpoints, undirected");
    }
  });
}

/// Dependencies of the first end of a chain of diamonds, all of them known.
std::vector<double> along_diamonds(std::int64_t diamonds) {
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

TEST_F(BetweennessTest, PathCountsOfAnySize) {
  on_grids([](const auto& grid) {
    // 16 bits, a double, and neither: 2^10, 2^900, 2^1100 and 2^4000 paths from end to end.
    for (const std::int64_t diamonds : {10, 900, 1100, 4000}) {
      testing::expect_close(scores(grid, chain_of_diamonds(diamonds), {.sources = {0}}),
                            along_diamonds(diamonds), "diamonds " + std::to_string(diamonds));
    }
    try {
      static_cast<void>(scores(grid, chain_of_diamonds(1100),
                               {.sources = {0}, .method = BetweennessMethod::products}));
      ADD_FAILURE() << "products have no path counts beyond double";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input);
      EXPECT_THAT(error.what(), ::testing::HasSubstr("path counts overflow"));
    }
  });
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
