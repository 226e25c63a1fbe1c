#include "kernels/triangles.hpp"

#include "kernels/network_forms.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using matrix::ValueType;
using testing::RandomNetwork;

/// Three loops over the dense network, links taken in either direction.
std::vector<std::int64_t> slow(const RandomNetwork& network) {
  const auto n = static_cast<std::size_t>(network.firms);
  const auto a = network.dense(false);
  const auto linked = [&](std::size_t i, std::size_t j) {
    return a[i * n + j] != 0 || a[j * n + i] != 0;
  };
  std::vector<std::int64_t> triangles(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      if (!linked(i, j)) continue;
      for (std::size_t k = j + 1; k < n; ++k) {
        if (!linked(i, k) || !linked(j, k)) continue;
        for (const auto corner : {i, j, k}) ++triangles[corner];
      }
    }
  }
  return triangles;
}

class TrianglesTest : public testing::NetworkTest {
 protected:
  static Triangles of(const comm::ProcessGrid& grid, const RandomNetwork& network,
                      const TrianglesConfig& config = {}) {
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    return triangles(undirected_pattern(a), config);
  }
  /// On this rank alone.
  static std::vector<std::int64_t> alone(const RandomNetwork& network) {
    const auto self = comm::Communicator::self();
    const comm::ProcessGrid grid(self, {1, 1, 1});
    return gather_all(of(grid, network).of_firm);
  }
};

/// Every pair of `firms` firms.
RandomNetwork complete(std::int64_t firms) {
  std::vector<std::pair<std::int64_t, std::int64_t>> links;
  for (std::int64_t i = 0; i < firms; ++i) {
    for (std::int64_t j = 0; j < i; ++j) links.emplace_back(i, j);
  }
  return testing::network_of(firms, links);
}

TEST_F(TrianglesTest, BothFormsEqualThreeLoopsOnEveryGrid) {
  auto cases = networks();
  cases.push_back(complete(9));
  cases.push_back(testing::random_network(150, 3000, 8, 0.2));
  on_grids([&](const auto& grid) {
    for (const auto& network : cases) {
      SCOPED_TRACE(std::to_string(network.firms) + " firms, " + std::to_string(network.links()));
      const auto expected = slow(network);
      for (const bool by_lists : {true, false}) {
        const auto result = of(grid, network, {.by_lists = by_lists});
        EXPECT_EQ(gather_all(result.of_firm), expected) << by_lists;
        EXPECT_EQ(3 * result.total, std::accumulate(expected.begin(), expected.end(), 0L));
      }
    }
  });
}

TEST_F(TrianglesTest, CompleteNetworkHasAllAndBipartiteHasNone) {
  const auto full = alone(complete(20));
  EXPECT_EQ(full, std::vector<std::int64_t>(20, 19 * 18 / 2));
  std::vector<std::pair<std::int64_t, std::int64_t>> links;
  for (std::int64_t i = 0; i < 15; ++i) {
    for (std::int64_t j = 15; j < 40; ++j) links.emplace_back(i, j);
  }
  EXPECT_EQ(alone(testing::network_of(40, links)), std::vector<std::int64_t>(40, 0));
}

TEST_F(TrianglesTest, WheelHasOneAtEachSpoke) {
  // A hub and a ring of 12: each spoke lies in two triangles, the hub in 12.
  std::vector<std::pair<std::int64_t, std::int64_t>> links;
  for (std::int64_t i = 0; i < 12; ++i) {
    links.emplace_back(12, i);
    links.emplace_back(i, (i + 1) % 12);
  }
  std::vector<std::int64_t> expected(12, 2);
  expected.push_back(12);
  EXPECT_EQ(alone(testing::network_of(13, links)), expected);
}

TEST_F(TrianglesTest, DoesNotDependOnNumbersDirectionOrIsolates) {
  const auto network = testing::random_network(300, 2500, 6, 0.7);
  const auto triangles = alone(network);
  EXPECT_GT(*std::max_element(triangles.begin(), triangles.end()), 10);

  const auto order = testing::shuffled(network.firms, 5);
  const auto moved = alone(testing::relabelled(network, order));
  for (std::size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(moved[static_cast<std::size_t>(order[i])], triangles[i]);
  }
  auto turned = network;
  std::swap(turned.supplier, turned.buyer);
  EXPECT_EQ(alone(turned), triangles);
  EXPECT_EQ(alone(testing::both_directions(network)), triangles);

  auto larger = network;
  ++larger.firms;
  auto with_isolate = triangles;
  with_isolate.push_back(0);
  EXPECT_EQ(alone(larger), with_isolate);
}

TEST_F(TrianglesTest, WorkIsThatOfTheUpwardLinksOnOneRank) {
  // Complete: firm i of n, in upward order, has n - 1 - i links up, each leading to a row of its
  // own.
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid grid(self, {1, 1, 1});
  const auto work = of(grid, complete(10)).work;
  EXPECT_EQ(work.links, 45);
  EXPECT_EQ(work.entries, 10 * 9 * 8 / 6);
}

TEST_F(TrianglesTest, ManyMoreLinksThanFitOneBatchOfThreads) {
  const auto network = testing::random_network(5000, 60000, 11, 0.6);
  on_grids([&](const auto& grid) {
    EXPECT_EQ(gather_all(of(grid, network).of_firm),
              gather_all(of(grid, network, {.by_lists = false}).of_firm));
  });
}

}  // namespace
}  // namespace tradegraph::kernels
