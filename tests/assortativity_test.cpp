#include "kernels/assortativity.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::expect_near;
using testing::Placed;
using testing::same_bits;

class AssortativityTest : public testing::ClusterTest {};

/// Covariances of a list of pairs, in long double about the means.
struct Pairs {
  std::vector<std::pair<long double, long double>> points;

  void add(double x, double y) { points.emplace_back(x, y); }
  [[nodiscard]] std::array<long double, 3> moments() const {
    const auto n = static_cast<long double>(points.size());
    long double x = 0, y = 0;
    for (const auto& [a, b] : points) x += a / n, y += b / n;
    std::array<long double, 3> sums{};  // xx, xy, yy
    for (const auto& [a, b] : points) {
      sums[0] += (a - x) * (a - x);
      sums[1] += (a - x) * (b - y);
      sums[2] += (b - y) * (b - y);
    }
    return sums;
  }
  static constexpr long double kNothing = 1e-15L;
  [[nodiscard]] double slope() const {
    const auto m = moments();
    return m[0] > kNothing ? static_cast<double>(m[1] / m[0]) : kUndefined;
  }
  [[nodiscard]] double correlation() const {
    const auto m = moments();
    if (m[0] <= kNothing || m[2] <= kNothing) return kUndefined;
    return static_cast<double>(m[1] / std::sqrt(m[0] * m[2]));
  }
};

int sum(const std::vector<int>& row) { return std::accumulate(row.begin(), row.end(), 0); }

Assortativity slow(const ClusterCase& one, Label label) {
  const auto u = testing::inside(one, label, false);
  Pairs firms;
  Pairs ends;
  for (std::size_t i = 0; i < u.size(); ++i) {
    double partner_degrees = 0;
    for (std::size_t j = 0; j < u.size(); ++j) {
      if (u[i][j] == 0) continue;
      partner_degrees += sum(u[j]);
      ends.add(sum(u[i]), sum(u[j]));
    }
    if (sum(u[i]) > 0) firms.add(sum(u[i]), partner_degrees / sum(u[i]));
  }
  return {firms.slope(), firms.correlation(), ends.correlation()};
}

double slow_directed(const ClusterCase& one, Label label) {
  const auto a = testing::inside(one, label, true);
  std::vector<int> in(a.size(), 0);
  for (const auto& row : a) {
    for (std::size_t j = 0; j < row.size(); ++j) in[j] += row[j];
  }
  Pairs links;
  for (const auto& row : a) {
    for (std::size_t j = 0; j < row.size(); ++j) {
      if (row[j] != 0) links.add(sum(row), in[j]);
    }
  }
  return links.correlation();
}

void expect_same(const std::vector<Assortativity>& a, const std::vector<Assortativity>& b) {
  EXPECT_EQ(a.size(), b.size());
  for (std::size_t c = 0; c < std::min(a.size(), b.size()); ++c) {
    EXPECT_TRUE(same_bits(a[c].slope, b[c].slope)) << c;
    EXPECT_TRUE(same_bits(a[c].pearson, b[c].pearson)) << c;
    EXPECT_TRUE(same_bits(a[c].newman, b[c].newman)) << c;
  }
}

TEST_F(AssortativityTest, EqualsTheSlowFormAndIsTheSameOnEveryGrid) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto& self) {
    const Placed world(grid, one);
    const auto result = assortativity(world.links);
    expect_same(result, assortativity(Placed(self, one).links));
    EXPECT_EQ(static_cast<std::int64_t>(result.size()), one.clusters);
    for (Label c = 0; c < one.clusters; ++c) {
      const auto expected = slow(one, c);
      const auto& got = result[static_cast<std::size_t>(c)];
      expect_near(got.slope, expected.slope, "slope");
      expect_near(got.pearson, expected.pearson, "pearson");
      expect_near(got.newman, expected.newman, "newman");
    }
  });
}

TEST_F(AssortativityTest, TheWholeNetworkIsOneClusterOfAllFirms) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto&) {
    const Placed world(grid, one);
    const Labels all(grid, world.a.row_layout(), 0);
    expect_same({network_assortativity(world.u)},
                assortativity(cluster_links(world.a, world.u, all, 1)));
  });
}

TEST_F(AssortativityTest, DirectedEqualsTheSlowFormAndIsTheSameOnEveryGrid) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto& self) {
    const auto result = newman_directed(Placed(grid, one).links);
    const auto alone = newman_directed(Placed(self, one).links);
    EXPECT_EQ(result.size(), alone.size());
    for (Label c = 0; c < one.clusters; ++c) {
      EXPECT_TRUE(
          same_bits(result[static_cast<std::size_t>(c)], alone[static_cast<std::size_t>(c)]));
      expect_near(result[static_cast<std::size_t>(c)], slow_directed(one, c), "directed");
    }
  });
}

TEST_F(AssortativityTest, SevenLinksAsIgraphHasThem) {
  const auto one =
      testing::whole("seven links", 5, {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 0}, {4, 2}, {3, 4}});
  const auto directed = alone(one, [](const Placed& p) { return newman_directed(p.links); });
  const auto undirected = alone(one, [](const Placed& p) { return assortativity(p.links); });
  expect_near(directed.at(0), -5.0 / 12, "directed");  // assortativity_degree of igraph 0.10
  expect_near(undirected.at(0).newman, -0.5, "undirected");
}

TEST_F(AssortativityTest, StarIsPerfectlyDisassortative) {
  const auto result =
      alone(testing::star(6), [](const Placed& p) { return assortativity(p.links); });
  expect_near(result.at(0).slope, -1, "slope");  // from (6, 1) to (1, 6)
  expect_near(result.at(0).pearson, -1, "pearson");
  EXPECT_EQ(result.at(0).newman, -1);
}

TEST_F(AssortativityTest, EqualDegreesLeaveItUndefined) {
  const auto result =
      alone(testing::ring(5), [](const Placed& p) { return assortativity(p.links); });
  EXPECT_TRUE(std::isnan(result.at(0).slope));
  EXPECT_TRUE(std::isnan(result.at(0).pearson));
  EXPECT_TRUE(std::isnan(result.at(0).newman));
}

TEST_F(AssortativityTest, EqualMeanPartnerDegreesHaveNoCorrelation) {
  // A tree: the root has 7 children, each child two leaves, so that kbar is 3 everywhere.
  // leaf: k 1, kbar 3; child: k 3, kbar (7 + 1 + 1) / 3 = 3; root: k 7, kbar 3.
  std::vector<std::pair<std::int64_t, std::int64_t>> links;
  for (std::int64_t child = 1; child <= 7; ++child) {
    links.emplace_back(0, child);
    links.emplace_back(child, 7 + 2 * child - 1);
    links.emplace_back(child, 7 + 2 * child);
  }
  const auto result = alone(testing::whole("harmonic tree", 22, links),
                            [](const Placed& p) { return assortativity(p.links); });
  EXPECT_EQ(result.at(0).slope, 0);
  EXPECT_TRUE(std::isnan(result.at(0).pearson));
  EXPECT_EQ(result.at(0).newman, 0);
}

TEST_F(AssortativityTest, DoesNotDependOnNumbersDirectionOrIsolates) {
  const auto kernel = [](const Placed& p) { return assortativity(p.links); };
  const auto directed = [](const Placed& p) { return newman_directed(p.links); };
  for (const auto& one : testing::cluster_cases()) {
    const auto result = alone(one, kernel);
    expect_same(result, alone(testing::relabelled(one), kernel));
    expect_same(result, alone(testing::transposed(one), kernel));
    const auto forth = alone(one, directed);
    const auto back = alone(testing::transposed(one), directed);
    for (std::size_t c = 0; c < forth.size(); ++c) EXPECT_TRUE(same_bits(forth[c], back[c]));
    if (one.clusters == 0) continue;
    // One more firm makes the fixed-point grid of kbar coarser by a bit at most.
    const auto more = alone(testing::with_isolated_firm(one, 0), kernel);
    for (std::size_t c = 0; c < result.size(); ++c) {
      EXPECT_TRUE(same_bits(result[c].newman, more[c].newman));
      expect_near(more[c].slope, result[c].slope, "slope", 1e-15);
      expect_near(more[c].pearson, result[c].pearson, "pearson", 1e-15);
    }
  }
}

/// The undirected graphs of the shared data with what another program found for them.
TEST_F(AssortativityTest, EqualsPublishedGraphs) {
  const std::filesystem::path folder = std::filesystem::path(TRADEGRAPH_SHARED_DATA) / "graphs";
  std::ifstream reference(folder / "reference.json");
  if (!reference) GTEST_SKIP() << "no shared graphs at " << folder;
  std::stringstream text;
  text << reference.rdbuf();
  const auto json = text.str();
  for (const std::string name : {"karate", "lesmis", "jazz", "power"}) {
    const std::regex pattern("\"" + name + "\"[^}]*?\"assortativity\": *(-?[0-9.]+)");
    std::smatch match;
    const bool found = std::regex_search(json, match, pattern);
    EXPECT_TRUE(found) << name;
    std::ifstream file(folder / (name + ".mtx"));
    std::string line;
    while (std::getline(file, line) && line.starts_with('%')) continue;
    const std::int64_t firms = std::stoll(line);
    std::vector<std::pair<std::int64_t, std::int64_t>> links;
    std::int64_t i = 0;
    std::int64_t j = 0;
    while (std::getline(file, line) && std::istringstream(line) >> i >> j) {
      if (i != j) links.emplace_back(i - 1, j - 1);
    }
    if (!found) continue;
    const auto result = alone(testing::whole(name, firms, links),
                              [](const Placed& p) { return assortativity(p.links); });
    EXPECT_NEAR(result.at(0).newman, std::stod(match[1]), 5.1e-7) << name;
  }
}

}  // namespace
}  // namespace tradegraph::kernels
