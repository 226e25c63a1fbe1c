#include "kernels/hierarchy.hpp"

#include <algorithm>

#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::expect_near;
using testing::Placed;
using testing::same_bits;

class HierarchyTest : public testing::ClusterTest {};

/// Ranks of descending degrees by counting, one firm at a time.
Hierarchy slow(const ClusterCase& one, Label label, TieRule ties) {
  std::vector<double> degrees;
  for (const auto& row : testing::inside(one, label, false)) {
    const int k = std::accumulate(row.begin(), row.end(), 0);
    if (k > 0) degrees.push_back(k);
  }
  std::sort(degrees.rbegin(), degrees.rend());
  const auto n = static_cast<long double>(degrees.size());
  if (degrees.size() < 2) return {};
  if (degrees.front() == degrees.back()) return {0, kUndefined};
  long double x = 0, y = 0, xx = 0, xy = 0, yy = 0;
  for (std::size_t i = 0; i < degrees.size(); ++i) {
    double rank = static_cast<double>(i) + 1;
    if (ties == TieRule::average) {
      rank = 0.5;
      for (const double other : degrees) rank += other > degrees[i] ? 1 : 0;
      for (const double other : degrees) rank += other == degrees[i] ? 0.5 : 0;
    }
    const long double a = std::log(static_cast<long double>(rank));
    const long double b = std::log(static_cast<long double>(degrees[i]));
    x += a, y += b, xx += a * a, xy += a * b, yy += b * b;
  }
  const long double sxx = xx - x * x / n, sxy = xy - x * y / n, syy = yy - y * y / n;
  return {static_cast<double>(-sxy / sxx), static_cast<double>(sxy * sxy / (sxx * syy))};
}

void expect_same(const std::vector<Hierarchy>& a, const std::vector<Hierarchy>& b) {
  EXPECT_EQ(a.size(), b.size());
  for (std::size_t c = 0; c < std::min(a.size(), b.size()); ++c) {
    EXPECT_TRUE(same_bits(a[c].hierarchy, b[c].hierarchy)) << c;
    EXPECT_TRUE(same_bits(a[c].r_squared, b[c].r_squared)) << c;
  }
}

TEST_F(HierarchyTest, EqualsTheSlowFormAndIsTheSameOnEveryGrid) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto& self) {
    const Placed world(grid, one);
    const Placed alone(self, one);
    for (const auto ties : {TieRule::ordinal, TieRule::average}) {
      const auto result = hierarchy(world.links, ties);
      expect_same(result, hierarchy(alone.links, ties));
      for (Label c = 0; c < one.clusters; ++c) {
        const auto expected = slow(one, c, ties);
        expect_near(result[static_cast<std::size_t>(c)].hierarchy, expected.hierarchy, "slope");
        expect_near(result[static_cast<std::size_t>(c)].r_squared, expected.r_squared, "fit");
      }
    }
  });
}

TEST_F(HierarchyTest, StarByHand) {
  // Degrees 2, 1, 1: x = 0, log 2, log 3; y = log 2, 0, 0.
  const auto result = alone(testing::star(2), [](const Placed& p) { return hierarchy(p.links); });
  const double x = (std::log(2) + std::log(3)) / 3;
  const double xx = std::log(2) * std::log(2) + std::log(3) * std::log(3) - 3 * x * x;
  expect_near(result.at(0).hierarchy, x * std::log(2) / xx, "slope");
}

TEST_F(HierarchyTest, PointsOnOneLineFitPerfectlyAndNoBetter) {
  // At average ranks a star has two points: its centre, and its leaves.
  for (std::int64_t leaves = 2; leaves <= 60; ++leaves) {
    const auto result = alone(testing::star(leaves),
                              [](const Placed& p) { return hierarchy(p.links, TieRule::average); });
    expect_near(result.at(0).r_squared, 1, "fit");
    EXPECT_LE(result.at(0).r_squared, 1) << leaves << " leaves";
  }
}

TEST_F(HierarchyTest, UndefinedBelowTwoFirmsAndZeroWhereAllAreEqual) {
  const auto kernel = [](const Placed& p) { return hierarchy(p.links); };
  const auto ring = alone(testing::ring(5), kernel);
  EXPECT_EQ(ring.at(0).hierarchy, 0);
  EXPECT_TRUE(std::isnan(ring.at(0).r_squared));
  const auto isolates = alone(testing::whole("isolates", 4, {}), kernel);
  EXPECT_TRUE(std::isnan(isolates.at(0).hierarchy));
}

TEST_F(HierarchyTest, DoesNotDependOnNumbersDirectionOrIsolates) {
  const auto kernel = [](const Placed& p) { return hierarchy(p.links); };
  for (const auto& one : testing::cluster_cases()) {
    const auto result = alone(one, kernel);
    expect_same(result, alone(testing::relabelled(one), kernel));
    expect_same(result, alone(testing::transposed(one), kernel));
    if (one.clusters > 0) expect_same(result, alone(testing::with_isolated_firm(one, 0), kernel));
  }
}

}  // namespace
}  // namespace tradegraph::kernels
