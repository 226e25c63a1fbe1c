#include "kernels/membership_product.hpp"

#include <map>

#include "kernels/cluster_products.hpp"
#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::expect_near;
using testing::Placed;
using testing::same_bits;

class MembershipProductTest : public testing::ClusterTest {};

struct Cell {
  std::int64_t links = 0;
  long double amount = 0;
};

/// "No cluster" last.
using Key = std::pair<Label, Label>;
Key key(Label from, Label to, std::int64_t clusters) {
  return {from == kNoCluster ? clusters : from, to == kNoCluster ? clusters : to};
}

std::map<Key, Cell> slow(const ClusterCase& one) {
  std::map<Key, Cell> cells;
  const auto& network = one.network;
  for (std::size_t i = 0; i < network.links(); ++i) {
    auto& cell = cells[key(one.labels[static_cast<std::size_t>(network.supplier[i])],
                           one.labels[static_cast<std::size_t>(network.buyer[i])], one.clusters)];
    cell.links += 1;
    cell.amount += network.amount[i];
  }
  return cells;
}

void expect_same(const std::vector<ClusterFlow>& a, const std::vector<ClusterFlow>& b) {
  EXPECT_EQ(a, b);  // amounts are defined: equal doubles
}

TEST_F(MembershipProductTest, EqualsTheSlowFormAndIsTheSameOnEveryGrid) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto& self) {
    const Placed world(grid, one);
    const Placed alone(self, one);
    const auto flows = membership_product(world.a, world.labels, one.clusters, &world.amount);
    expect_same(flows, membership_product(alone.a, alone.labels, one.clusters, &alone.amount));
    expect_same(flows,
                membership_product_by_products(world.a, world.labels, one.clusters, &world.amount));
    const auto expected = slow(one);
    EXPECT_EQ(flows.size(), expected.size());
    auto cell = expected.begin();
    for (const auto& flow : flows) {
      if (cell == expected.end()) break;
      EXPECT_EQ(key(flow.from, flow.to, one.clusters), cell->first);
      EXPECT_EQ(flow.links, cell->second.links);
      expect_near(flow.amount, static_cast<double>(cell->second.amount), "amount", 1e-15);
      ++cell;
    }
  });
}

TEST_F(MembershipProductTest, MarginsAreTheStrengths) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto&) {
    const Placed world(grid, one);
    std::map<Label, Cell> sold;
    for (const auto& flow :
         membership_product(world.a, world.labels, one.clusters, &world.amount)) {
      sold[flow.from].links += flow.links;
      sold[flow.from].amount += flow.amount;
    }
    const auto links = gather_all(world.a.reduce_rows<std::int64_t>());
    const auto amounts = gather_all(world.amount.reduce_rows<double>());
    std::map<Label, Cell> expected;
    for (std::size_t i = 0; i < one.firms(); ++i) {
      if (links[i] == 0) continue;
      expected[one.labels[i]].links += links[i];
      expected[one.labels[i]].amount += amounts[i];
    }
    EXPECT_EQ(sold.size(), expected.size());
    for (const auto& [label, cell] : expected) {
      EXPECT_EQ(sold[label].links, cell.links);
      expect_near(static_cast<double>(sold[label].amount), static_cast<double>(cell.amount),
                  "sold");
    }
  });
}

TEST_F(MembershipProductTest, DiagonalIsTheInside) {
  const auto one = testing::random_case(200, 1200, 5, 13);
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid grid(self, {1, 1, 1});
  const Placed placed(grid, one);
  Int128 inside = 0;
  for (const auto units : placed.links.amounts->inside.values()) inside += units;
  double diagonal = 0;
  for (const auto& flow : membership_product(placed.a, placed.labels, 5, &placed.amount)) {
    if (flow.from == flow.to && flow.from != kNoCluster) diagonal += flow.amount;
  }
  EXPECT_GT(diagonal, 0);
  expect_near(2 * diagonal, placed.links.amounts->scale.value(inside), "inside");
}

TEST_F(MembershipProductTest, TransposingSwapsSuppliersAndBuyers) {
  const auto kernel = [](const Placed& p) {
    return membership_product(p.a, p.labels, p.links.clusters, &p.amount);
  };
  for (const auto& one : testing::cluster_cases()) {
    const auto flows = alone(one, kernel);
    expect_same(flows, alone(testing::relabelled(one), kernel));
    auto turned = alone(testing::transposed(one), kernel);
    for (auto& flow : turned) std::swap(flow.from, flow.to);
    std::sort(turned.begin(), turned.end(), [&](const ClusterFlow& x, const ClusterFlow& y) {
      return key(x.from, x.to, one.clusters) < key(y.from, y.to, one.clusters);
    });
    expect_same(flows, turned);
  }
}

TEST_F(MembershipProductTest, WithoutAmountsTheyAreUndefined) {
  const auto flows =
      alone(testing::star(3), [](const Placed& p) { return membership_product(p.a, p.labels, 1); });
  EXPECT_EQ(flows.size(), 1U);
  EXPECT_EQ(flows.at(0).links, 3);
  EXPECT_TRUE(std::isnan(flows.at(0).amount));
}

TEST_F(MembershipProductTest, ManyClustersCostNothingDense) {
  // A dense 300,000 x 300,000 product would need 720 GB.
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  auto one = testing::random_case(2000, 8000, 1, 17);
  for (std::size_t i = 0; i < one.firms(); ++i) one.labels[i] = static_cast<Label>(i * 149);
  one.clusters = 300000;
  const auto a = testing::build_matrix(grid, one.network, matrix::ValueType::pattern);
  const auto flows = membership_product(a, testing::spread(grid, one.labels), one.clusters);
  EXPECT_EQ(flows.size(), one.network.links());
}

}  // namespace
}  // namespace tradegraph::kernels
