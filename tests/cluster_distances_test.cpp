#include "kernels/cluster_distances.hpp"

#include "kernels/network_forms.hpp"
#include "tests/support/breadth_first.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using testing::RandomNetwork;

struct Case {
  RandomNetwork network;  ///< both directions
  std::vector<Label> labels;
  std::int64_t clusters;
};

Case random_case(std::int64_t firms, std::int64_t links, std::int64_t clusters,
                 std::uint64_t seed) {
  Case one{testing::both_directions(testing::random_network(firms, links, seed)), {}, clusters};
  const CounterRandom random(seed, 9);
  for (std::int64_t i = 0; i < firms; ++i) {
    const auto u = random.uniform(static_cast<std::uint64_t>(i));
    // The last cluster stays empty.
    one.labels.push_back(u < 0.3 ? kNoCluster : i * (clusters - 1) / firms);
  }
  return one;
}

void add(PairsAt& pairs, int distance) {
  const auto at = static_cast<std::size_t>(distance);
  if (pairs.size() < at) pairs.resize(at, 0);
  ++pairs[at - 1];
}

struct Expected {
  std::vector<PairsAt> inside;
  PairsThroughNetwork through;
};

Expected reference(const Case& one) {
  const auto clusters = static_cast<std::size_t>(one.clusters);
  Expected expected{std::vector<PairsAt>(clusters),
                    {std::vector<PairsAt>(clusters), std::vector<PairsAt>(clusters)}};
  const auto label = [&](std::int64_t i) { return one.labels[static_cast<std::size_t>(i)]; };
  for (std::int64_t i = 0; i < one.network.firms; ++i) {
    if (label(i) == kNoCluster) continue;
    const auto c = static_cast<std::size_t>(label(i));
    const auto inside = testing::distances_along(one.network, i, [&](auto s, auto t) {
      return label(s) == label(i) && label(t) == label(i);
    });
    const auto through = testing::distances(one.network, i);
    for (std::int64_t j = 0; j < one.network.firms; ++j) {
      const auto at = static_cast<std::size_t>(j);
      if (inside[at] > 0) add(expected.inside[c], inside[at]);
      if (through[at] <= 0) continue;
      add(label(j) == label(i) ? expected.through.network[c] : expected.through.outside[c],
          through[at]);
    }
  }
  return expected;
}

class ClusterDistancesTest : public testing::NetworkTest {};

TEST_F(ClusterDistancesTest, EqualsSearchesFromEachMember) {
  on_grids([](const auto& grid) {
    SilentProgress silent;
    const std::vector<Case> cases{random_case(200, 300, 5, 1), random_case(150, 900, 2, 2),
                                  random_case(3, 2, 2, 3), random_case(120, 0, 4, 4)};
    for (const auto& one : cases) {
      const auto u = testing::build_matrix(grid, one.network, matrix::ValueType::pattern);
      matrix::DistributedVector<Label> labels(grid, u.row_layout(), kNoCluster);
      for (std::int64_t i = 0; i < labels.count(); ++i) {
        labels[i] = one.labels[labels.global_of(i).offset()];
      }
      const auto expected = reference(one);
      EXPECT_EQ(pairs_inside(u, labels, one.clusters, silent), expected.inside);
      const auto through = pairs_through_network(u, labels, one.clusters, silent);
      EXPECT_EQ(through.network, expected.through.network);
      EXPECT_EQ(through.outside, expected.through.outside);
    }
  });
}

TEST(ClusterDistances, FiguresOfAPathOfFour) {
  const PairsAt path{6, 4, 2};
  EXPECT_DOUBLE_EQ(connected_share(path, 4), 1);
  EXPECT_DOUBLE_EQ(connected_share(path, 4, 2), 10 / 12.0);
  EXPECT_DOUBLE_EQ(connected_share(path, 5), 12 / 20.0);  // and a node apart
  EXPECT_DOUBLE_EQ(distance_reach(path, 4), (6 + 4 / 2.0 + 2 / 3.0) / 4);
  EXPECT_DOUBLE_EQ(compactness(path, 4), (6 + 4 / 2.0 + 2 / 3.0) / 12);
  EXPECT_EQ(connected_share({}, 2), 0);
  EXPECT_TRUE(std::isnan(connected_share({}, 1)));
  EXPECT_TRUE(std::isnan(compactness({}, 1)));
  EXPECT_TRUE(std::isnan(distance_reach({}, 0)));
}

}  // namespace
}  // namespace tradegraph::kernels
