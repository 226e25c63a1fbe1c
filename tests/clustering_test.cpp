#include "kernels/clustering.hpp"

#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::expect_near;
using testing::Placed;
using testing::same_bits;

class ClusteringTest : public testing::ClusterTest {};

std::vector<Clustering> figures(const Placed& p) {
  return clustering(firm_triangles_inside(p.u, p.labels), p.labels, p.links.clusters);
}

/// Links of one cluster as a dense matrix; pairs and closed pairs of each member's partners.
Clustering slow(const ClusterCase& one, Label label) {
  const auto u = testing::inside(one, label, false);
  long double local = 0;
  std::int64_t firms = 0;
  std::int64_t pairs = 0;
  std::int64_t closed = 0;
  for (const auto& row : u) {
    std::vector<std::size_t> partners;
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (row[j] != 0) partners.push_back(j);
    }
    std::int64_t own = 0;
    for (const auto j : partners) {
      for (const auto k : partners) own += u[j][k];
    }
    const auto k = static_cast<std::int64_t>(partners.size());
    if (k < 2) continue;
    ++firms;
    local += static_cast<long double>(own) / static_cast<long double>(k * (k - 1));
    pairs += k * (k - 1);
    closed += own;
  }
  if (firms == 0) return {};
  return {static_cast<double>(local / static_cast<long double>(firms)),
          static_cast<double>(closed) / static_cast<double>(pairs), closed / 6};
}

void expect_same(const std::vector<Clustering>& a, const std::vector<Clustering>& b) {
  EXPECT_EQ(a.size(), b.size());
  for (std::size_t c = 0; c < std::min(a.size(), b.size()); ++c) {
    EXPECT_TRUE(same_bits(a[c].clustering, b[c].clustering)) << c;
    EXPECT_TRUE(same_bits(a[c].transitivity, b[c].transitivity)) << c;
    EXPECT_EQ(a[c].triangles, b[c].triangles) << c;
  }
}

TEST_F(ClusteringTest, EqualsTheSlowFormAndIsTheSameOnEveryGrid) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto& self) {
    const auto result = figures(Placed(grid, one));
    expect_same(result, figures(Placed(self, one)));
    EXPECT_EQ(static_cast<std::int64_t>(result.size()), one.clusters);
    for (Label c = 0; c < one.clusters; ++c) {
      const auto expected = slow(one, c);
      const auto& got = result[static_cast<std::size_t>(c)];
      expect_near(got.clustering, expected.clustering, "clustering");
      expect_near(got.transitivity, expected.transitivity, "transitivity");
      EXPECT_EQ(got.triangles, expected.triangles);
    }
  });
}

TEST_F(ClusteringTest, LocalOfAWheel) {
  // A hub with 5 spokes and a ring around it: of the hub's 10 pairs 5 are closed, of a spoke's 3
  // pairs 2.
  std::vector<std::pair<std::int64_t, std::int64_t>> links;
  for (std::int64_t i = 0; i < 5; ++i) {
    links.emplace_back(5, i);
    links.emplace_back(i, (i + 1) % 5);
  }
  const auto one = testing::whole("wheel", 6, links);
  const auto local =
      alone(one, [](const Placed& p) { return gather_all(local_clustering(firm_triangles(p.u))); });
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(local[i], 2.0 / 3);
  EXPECT_EQ(local[5], 0.5);
  const auto result = alone(one, figures);
  expect_near(result.at(0).clustering, (5 * 2.0 / 3 + 0.5) / 6, "clustering");
  expect_near(result.at(0).transitivity, 30.0 / 50, "transitivity");
  EXPECT_EQ(result.at(0).triangles, 5);
}

TEST_F(ClusteringTest, UndefinedWithoutTwoPartners) {
  const auto one = testing::whole("two links", 5, {{0, 1}, {2, 3}});
  const auto local =
      alone(one, [](const Placed& p) { return gather_all(local_clustering(firm_triangles(p.u))); });
  for (const double value : local) EXPECT_TRUE(std::isnan(value));
  const auto result = alone(one, figures);
  EXPECT_TRUE(std::isnan(result.at(0).clustering));
  EXPECT_TRUE(std::isnan(result.at(0).transitivity));
  EXPECT_EQ(result.at(0).triangles, 0);
  // A path has a firm with two partners, who do not trade: defined, and 0.
  const auto path = alone(testing::whole("path", 3, {{0, 1}, {1, 2}}), figures);
  EXPECT_EQ(path.at(0).clustering, 0);
  EXPECT_EQ(path.at(0).transitivity, 0);
}

TEST_F(ClusteringTest, LinksToOtherClustersDoNotCount) {
  // A triangle across two clusters beside a triangle within one.
  auto one = testing::whole("split", 6, {{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}, {0, 3}});
  one.clusters = 2;
  one.labels = {0, 0, 0, 1, 1, kNoCluster};
  const auto result = alone(one, figures);
  EXPECT_EQ(result.at(0).clustering, 1);
  EXPECT_EQ(result.at(0).triangles, 1);
  EXPECT_TRUE(std::isnan(result.at(1).clustering));  // one link is left inside
}

TEST_F(ClusteringTest, DoesNotDependOnNumbersDirectionOrIsolates) {
  for (const auto& one : testing::cluster_cases()) {
    const auto result = alone(one, figures);
    expect_same(result, alone(testing::relabelled(one), figures));
    expect_same(result, alone(testing::transposed(one), figures));
    if (one.clusters > 0) {
      expect_same(result, alone(testing::with_isolated_firm(one, 0), figures));
    }
  }
}

TEST_F(ClusteringTest, RefusesALabelOutOfRangeOnAllRanks) {
  for_all({testing::ring(5)}, [](const ClusterCase& one, const auto& grid, const auto&) {
    const Placed placed(grid, one);
    auto labels = placed.labels;
    for (std::int64_t i = 0; i < labels.count(); ++i) {
      if (labels.global_of(i).value() == 3) labels[i] = 7;
    }
    EXPECT_THROW((void)clustering(firm_triangles(placed.u), labels, 1), Error);
  });
}

}  // namespace
}  // namespace tradegraph::kernels
