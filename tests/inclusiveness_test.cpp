#include "kernels/inclusiveness.hpp"

#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::expect_near;
using testing::Placed;
using testing::same_bits;

class InclusivenessTest : public testing::ClusterTest {};

double share(double part, double whole) { return whole > 0 ? part / whole : std::nan(""); }

Inclusiveness slow(const ClusterCase& one, Label label) {
  const auto dense = one.network.dense(false);
  Inclusiveness result;
  for (const auto i : one.members(label)) {
    bool node = false;
    bool linked = false;
    for (std::size_t j = 0; j < one.firms(); ++j) {
      const bool forth = dense[i * one.firms() + j] != 0;
      const bool back = dense[j * one.firms() + i] != 0;
      node = node || forth || back;
      if (one.labels[j] != label) continue;
      linked = linked || forth || back;
      result.links += forth ? 1 : 0;
      result.undirected_links += (forth || back) && i < j ? 1 : 0;
    }
    ++result.firms;
    result.nodes += node ? 1 : 0;
    result.linked += linked ? 1 : 0;
  }
  const auto n = static_cast<double>(result.nodes);
  result.inclusiveness = share(static_cast<double>(result.linked), n);
  result.density = share(static_cast<double>(result.links), n * (n - 1));
  result.undirected_density = share(2 * static_cast<double>(result.undirected_links), n * (n - 1));
  return result;
}

void expect_same(const Inclusiveness& a, const Inclusiveness& b) {
  EXPECT_EQ(a.firms, b.firms);
  EXPECT_EQ(a.nodes, b.nodes);
  EXPECT_EQ(a.linked, b.linked);
  EXPECT_EQ(a.links, b.links);
  EXPECT_EQ(a.undirected_links, b.undirected_links);
  EXPECT_TRUE(same_bits(a.inclusiveness, b.inclusiveness));
  EXPECT_TRUE(same_bits(a.density, b.density));
  EXPECT_TRUE(same_bits(a.undirected_density, b.undirected_density));
}

TEST_F(InclusivenessTest, EqualsTheSlowFormOnEveryGrid) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto&) {
    const auto result = inclusiveness(Placed(grid, one).links);
    EXPECT_EQ(static_cast<std::int64_t>(result.size()), one.clusters);
    for (Label c = 0; c < one.clusters; ++c) {
      expect_same(result[static_cast<std::size_t>(c)], slow(one, c));
    }
  });
}

TEST_F(InclusivenessTest, DoesNotDependOnNumbersOrDirection) {
  const auto kernel = [](const Placed& p) { return inclusiveness(p.links); };
  for (const auto& one : testing::cluster_cases()) {
    const auto result = alone(one, kernel);
    const auto moved = alone(testing::relabelled(one), kernel);
    const auto turned = alone(testing::transposed(one), kernel);
    for (std::size_t c = 0; c < result.size(); ++c) {
      expect_same(result[c], moved[c]);
      expect_same(result[c], turned[c]);
    }
  }
}

TEST_F(InclusivenessTest, AnIsolatedFirmIsNoNode) {
  const auto kernel = [](const Placed& p) { return inclusiveness(p.links); };
  const auto one = testing::random_case(60, 300, 3, 11);
  const auto before = alone(one, kernel);
  const auto after = alone(testing::with_isolated_firm(one, 0), kernel);
  EXPECT_EQ(after.at(0).firms, before.at(0).firms + 1);
  EXPECT_EQ(after.at(0).nodes, before.at(0).nodes);
  EXPECT_EQ(after.at(0).inclusiveness, before.at(0).inclusiveness);
}

TEST_F(InclusivenessTest, RefusesLabelsOutOfRangeOnAllRanks) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  auto one = testing::random_case(60, 300, 3, 11);
  one.labels.back() = 3;
  EXPECT_THROW(static_cast<void>(Placed(grid, one)), Error);
  one.labels.back() = -2;
  EXPECT_THROW(static_cast<void>(Placed(grid, one)), Error);
}

}  // namespace
}  // namespace tradegraph::kernels
