#include "kernels/reach.hpp"

#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::expect_near;
using testing::Placed;
using testing::same_bits;

class ReachTest : public testing::ClusterTest {};

ShareReach slow(const ClusterCase& one, Label label) {
  const auto amounts = one.network.dense(true);
  const auto n = one.firms();
  double shares = 0, firms = 0, partners = 0, inside = 0, amount = 0, amount_inside = 0;
  for (const auto i : one.members(label)) {
    double k = 0, k_in = 0, volume = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const double both = amounts[i * n + j] + amounts[j * n + i];
      volume += both;
      k += both != 0 ? 1 : 0;
      k_in += both != 0 && one.labels[j] == label ? 1 : 0;
    }
    if (k == 0) continue;
    shares += k_in / k, firms += 1, partners += k, inside += k_in;
    amount += volume, amount_inside += volume * k_in / k;
  }
  return {shares / firms, inside / partners, amount_inside / amount};
}

void expect_same(const std::vector<ShareReach>& a, const std::vector<ShareReach>& b) {
  EXPECT_EQ(a.size(), b.size());
  for (std::size_t c = 0; c < std::min(a.size(), b.size()); ++c) {
    EXPECT_TRUE(same_bits(a[c].uniform, b[c].uniform)) << c;
    EXPECT_TRUE(same_bits(a[c].degree, b[c].degree)) << c;
    EXPECT_TRUE(same_bits(a[c].amount, b[c].amount)) << c;
  }
}

const auto kKernel = [](const Placed& p) { return share_reach(p.links); };

TEST_F(ReachTest, EqualsTheSlowFormAndIsTheSameOnEveryGrid) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto& self) {
    const auto result = share_reach(Placed(grid, one).links);
    expect_same(result, share_reach(Placed(self, one).links));
    for (Label c = 0; c < one.clusters; ++c) {
      const auto expected = slow(one, c);
      const auto& got = result[static_cast<std::size_t>(c)];
      expect_near(got.uniform, expected.uniform, "uniform");
      expect_near(got.degree, expected.degree, "degree");
      expect_near(got.amount, expected.amount, "amount");
    }
  });
}

TEST_F(ReachTest, TheWholeNetworkHasNothingOutside) {
  for (auto one : testing::cluster_cases()) {
    if (one.network.links() == 0) continue;
    one.clusters = 1;
    one.labels.assign(one.firms(), 0);
    const auto result = alone(one, kKernel);
    EXPECT_EQ(result.at(0).uniform, 1);
    EXPECT_EQ(result.at(0).degree, 1);
    EXPECT_EQ(result.at(0).amount, 1);
    EXPECT_EQ(external_reach(result.at(0).amount), 0);
  }
}

TEST_F(ReachTest, SharesInsideAndOutsideAddUpToOne) {
  // With every firm in one of two clusters, what is not inside is with the other: taking each
  // firm's partners in the other cluster as inside gives the complement.
  auto one = testing::random_case(50, 250, 2, 21);
  for (std::size_t i = 0; i < one.firms(); ++i) one.labels[i] = i % 3 == 0 ? 1 : 0;
  const auto result = alone(one, kKernel);
  const auto dense = one.network.dense(false);
  const auto n = one.firms();
  double outside = 0, firms = 0;
  for (const auto i : one.members(0)) {
    double k = 0, k_out = 0;
    for (std::size_t j = 0; j < n; ++j) {
      const bool traded = dense[i * n + j] + dense[j * n + i] != 0;
      k += traded ? 1 : 0;
      k_out += traded && one.labels[j] == 1 ? 1 : 0;
    }
    if (k > 0) outside += k_out / k, firms += 1;
  }
  expect_near(external_reach(result.at(0).uniform), 100 * outside / firms, "outside");
}

TEST_F(ReachTest, DoesNotDependOnNumbersOrDirection) {
  for (const auto& one : testing::cluster_cases()) {
    const auto result = alone(one, kKernel);
    expect_same(result, alone(testing::relabelled(one), kKernel));
    expect_same(result, alone(testing::transposed(one), kKernel));
  }
}

TEST_F(ReachTest, WithoutAmountsOnlyThatWeightIsUndefined) {
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid grid(self, {1, 1, 1});
  const Placed placed(grid, testing::random_case(60, 300, 2, 11));
  const auto result = share_reach(cluster_links(placed.a, placed.u, placed.labels, 2));
  EXPECT_FALSE(std::isnan(result.at(0).degree));
  EXPECT_TRUE(std::isnan(result.at(0).amount));
}

}  // namespace
}  // namespace tradegraph::kernels
