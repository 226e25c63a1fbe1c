#include "kernels/gatekeepers.hpp"

#include <set>

#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::Placed;

class GatekeepersTest : public testing::ClusterTest {
 protected:
  /// Firms of `label` by min(share inside, share outside) x partners, computed as defined,
  /// from the sets of partners; input row of firm i is order[i].
  static std::vector<Gatekeeper> reference(const ClusterCase& one, Label label,
                                           const std::vector<std::int64_t>& order,
                                           std::size_t top) {
    std::vector<std::set<std::int64_t>> partners(one.firms());
    for (std::size_t i = 0; i < one.network.links(); ++i) {
      const auto s = one.network.supplier[i];
      const auto b = one.network.buyer[i];
      partners[static_cast<std::size_t>(s)].insert(b);
      partners[static_cast<std::size_t>(b)].insert(s);
    }
    std::vector<std::pair<double, Gatekeeper>> scored;
    for (const auto firm : one.members(label)) {
      const auto k = static_cast<double>(partners[firm].size());
      double inside = 0;
      for (const auto partner : partners[firm]) {
        inside += one.labels[static_cast<std::size_t>(partner)] == label ? 1 : 0;
      }
      if (k == 0 || inside == 0 || inside == k) continue;
      const double score = std::min(inside / k, (k - inside) / k) * k;
      scored.push_back({score,
                        {label, order[firm], static_cast<std::int64_t>(firm),
                         static_cast<std::int64_t>(k), static_cast<std::int64_t>(inside)}});
    }
    std::ranges::stable_sort(scored, {}, [](const auto& one) { return one.second.row; });
    std::ranges::stable_sort(scored, [](const auto& a, const auto& b) {
      return a.first > b.first + 1e-9;  // scores are whole numbers
    });
    std::vector<Gatekeeper> result;
    for (std::size_t i = 0; i < std::min(top, scored.size()); ++i) {
      result.push_back(scored[i].second);
    }
    return result;
  }

  static void expect_same(const std::vector<Gatekeeper>& found,
                          const std::vector<Gatekeeper>& expected) {
    EXPECT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
      EXPECT_EQ(found[i].label, expected[i].label) << i;
      EXPECT_EQ(found[i].row, expected[i].row) << i;
      EXPECT_EQ(found[i].firm, expected[i].firm) << i;
      EXPECT_EQ(found[i].partners, expected[i].partners) << i;
      EXPECT_EQ(found[i].inside, expected[i].inside) << i;
    }
  }

  static std::vector<std::int64_t> backwards(std::size_t firms) {
    std::vector<std::int64_t> order(firms);
    for (std::size_t i = 0; i < firms; ++i) order[i] = static_cast<std::int64_t>(firms - 1 - i);
    return order;
  }
};

TEST_F(GatekeepersTest, EqualTheSetsOfPartners) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto&) {
    const Placed placed(grid, one);
    const auto order = backwards(one.firms());
    const auto rows = testing::spread(grid, order);
    for (const std::int64_t top : {0, 1, 3, 1000}) {
      std::vector<Gatekeeper> expected;
      for (Label label = 0; label < one.clusters; ++label) {
        const auto some = reference(one, label, order, static_cast<std::size_t>(top));
        expected.insert(expected.end(), some.begin(), some.end());
      }
      expect_same(gatekeepers(placed.links, rows, top), expected);
    }
  });
}

TEST_F(GatekeepersTest, ScoresAreTheSmallerSide) {
  const Gatekeeper mostly_inside{0, 0, 0, 7, 5};
  const Gatekeeper mostly_outside{0, 0, 0, 9, 2};
  EXPECT_EQ(mostly_inside.score(), 2);
  EXPECT_EQ(mostly_outside.score(), 2);
  EXPECT_EQ(mostly_outside.outside(), 7);
}

TEST_F(GatekeepersTest, AnIsolatedFirmAndTheDirectionOfTradeChangeNothing) {
  const auto kernel = [](const Placed& p) {
    matrix::DistributedVector<std::int64_t> rows(p.a.grid(), p.a.row_layout());
    for (std::int64_t i = 0; i < rows.count(); ++i) rows[i] = rows.global_of(i).value();
    return gatekeepers(p.links, rows);
  };
  for (const auto& one : testing::cluster_cases()) {
    if (one.clusters == 0) continue;
    const auto result = alone(one, kernel);
    expect_same(alone(testing::transposed(one), kernel), result);
    expect_same(alone(testing::with_isolated_firm(one, 0), kernel), result);
  }
}

}  // namespace
}  // namespace tradegraph::kernels
