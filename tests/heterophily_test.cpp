#include "kernels/heterophily.hpp"

#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::Placed;
using Classes = std::vector<std::int32_t>;

class HeterophilyTest : public testing::ClusterTest {
 protected:
  /// Three attributes: a fifth of the firms without one, all firms in one class, few firms with
  /// any.
  static std::vector<Classes> classes_of(const ClusterCase& one) {
    const CounterRandom random(17, 3);
    std::vector<Classes> classes(3, Classes(one.firms()));
    for (std::size_t i = 0; i < one.firms(); ++i) {
      classes[0][i] = static_cast<std::int32_t>(random.below(i, 5)) - 1;
      classes[1][i] = 4;
      classes[2][i] = random.below(i + 100000, 10) == 0 ? static_cast<std::int32_t>(i % 2) : -1;
    }
    return classes;
  }

  static std::vector<std::vector<Heterophily>> reference(const ClusterCase& one,
                                                         const std::vector<Classes>& classes) {
    std::vector<std::vector<Heterophily>> result(
        classes.size(), std::vector<Heterophily>(static_cast<std::size_t>(one.clusters)));
    for (std::size_t i = 0; i < one.network.links(); ++i) {
      const auto s = static_cast<std::size_t>(one.network.supplier[i]);
      const auto b = static_cast<std::size_t>(one.network.buyer[i]);
      if (one.labels[s] == kNoCluster || one.labels[s] != one.labels[b]) continue;
      for (std::size_t k = 0; k < classes.size(); ++k) {
        if (classes[k][s] < 0 || classes[k][b] < 0) continue;
        auto& to = result[k][static_cast<std::size_t>(one.labels[s])];
        ++to.links;
        to.different += classes[k][s] != classes[k][b] ? 1 : 0;
      }
    }
    return result;
  }

  static std::vector<matrix::DistributedVector<std::int32_t>> spread(
      const comm::ProcessGrid& grid, const std::vector<Classes>& classes) {
    std::vector<matrix::DistributedVector<std::int32_t>> result;
    for (const auto& one : classes) result.push_back(testing::spread(grid, one));
    return result;
  }

  static void expect_same(const std::vector<std::vector<Heterophily>>& found,
                          const std::vector<std::vector<Heterophily>>& expected) {
    EXPECT_EQ(found.size(), expected.size());
    for (std::size_t k = 0; k < std::min(found.size(), expected.size()); ++k) {
      EXPECT_EQ(found[k].size(), expected[k].size());
      for (std::size_t c = 0; c < std::min(found[k].size(), expected[k].size()); ++c) {
        EXPECT_EQ(found[k][c].links, expected[k][c].links) << k << " " << c;
        EXPECT_EQ(found[k][c].different, expected[k][c].different) << k << " " << c;
        EXPECT_TRUE(testing::same_bits(found[k][c].share(), expected[k][c].share()));
      }
    }
  }
};

TEST_F(HeterophilyTest, EqualsCountingLinks) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto&) {
    const Placed placed(grid, one);
    const auto classes = classes_of(one);
    expect_same(heterophily(placed.a, placed.labels, one.clusters, spread(grid, classes)),
                reference(one, classes));
    EXPECT_TRUE(heterophily(placed.a, placed.labels, one.clusters, {}).empty());
  });
}

TEST_F(HeterophilyTest, IsZeroWithinOneClassAndUndefinedWithoutLinks) {
  const auto kernel = [](const Placed& p) {
    return heterophily(p.a, p.labels, 1, spread(p.a.grid(), {Classes(7, 3), Classes(7, -1)}));
  };
  const auto star = alone(testing::star(6), kernel);
  EXPECT_EQ(star.at(0).at(0).share(), 0);
  EXPECT_EQ(star.at(0).at(0).links, 6);
  EXPECT_TRUE(std::isnan(star.at(1).at(0).share()));
}

TEST_F(HeterophilyTest, RelabellingTransposingAndAnIsolatedFirmChangeNothing) {
  const auto one = testing::random_case(200, 1200, 5, 31);
  const auto classes = classes_of(one);
  const auto with = [](const std::vector<Classes>& of) {
    return [&of](const Placed& p) { return heterophily(p.a, p.labels, 5, spread(p.a.grid(), of)); };
  };
  const auto expected = alone(one, with(classes));
  expect_same(alone(testing::transposed(one), with(classes)), expected);
  const auto place = testing::shuffled(one.firms());
  auto moved = classes;
  auto longer = classes;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    for (std::size_t i = 0; i < one.firms(); ++i) moved[k][place[i]] = classes[k][i];
    longer[k].push_back(0);
  }
  expect_same(alone(testing::relabelled(one), with(moved)), expected);
  expect_same(alone(testing::with_isolated_firm(one, 1), with(longer)), expected);
}

TEST_F(HeterophilyTest, RefusesLabelsOutOfRange) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  const auto one = testing::random_case(60, 300, 3, 11);
  const Placed placed(grid, one);
  EXPECT_THROW(static_cast<void>(heterophily(placed.a, placed.labels, 1, {})), Error);
}

}  // namespace
}  // namespace tradegraph::kernels
