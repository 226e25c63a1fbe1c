#include "kernels/typology.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "kernels/kmeans.hpp"
#include "kernels/pca.hpp"

namespace tradegraph::kernels {
namespace {

std::vector<double> random_values(std::size_t count, std::uint64_t seed) {
  const CounterRandom random(seed, 3);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(4 * random.uniform(i) - 2);
  return values;
}

TEST(SymmetricEigen, SolvesItsEquation) {
  for (std::size_t n = 1; n <= 6; ++n) {
    const auto values = random_values(n * n, n);
    std::vector<double> matrix(n * n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) matrix[i * n + j] = values[i * n + j] + values[j * n + i];
    }
    const auto eigen = symmetric_eigen(matrix, n);
    for (std::size_t k = 0; k < n; ++k) {
      EXPECT_TRUE(k == 0 || eigen.values[k - 1] >= eigen.values[k]);
      double length = 0;
      for (std::size_t i = 0; i < n; ++i) {
        double product = 0;
        for (std::size_t j = 0; j < n; ++j) product += matrix[i * n + j] * eigen.vectors[k * n + j];
        EXPECT_NEAR(product, eigen.values[k] * eigen.vectors[k * n + i], 1e-13);
        length += eigen.vectors[k * n + i] * eigen.vectors[k * n + i];
      }
      EXPECT_NEAR(length, 1, 1e-14);
    }
  }
}

TEST(FirstComponent, OfTwoColumnsIsTheirDiagonal) {
  // Correlation r: eigenvalues 1 +- r, the first along (1, 1) or (1, -1) whatever the units.
  const std::vector<double> rising{0, 10, 1, 12, 2, 17, 3, 16};
  const auto up = first_component(rising, 2);
  EXPECT_NEAR(up.loadings[0], std::sqrt(0.5), 1e-14);
  EXPECT_NEAR(up.loadings[1], std::sqrt(0.5), 1e-14);
  const double r = 11.5 / std::sqrt(5.0 * 32.75);
  EXPECT_NEAR(up.explained, (1 + r) / 2, 1e-14);
  EXPECT_NEAR(std::accumulate(up.scores.begin(), up.scores.end(), 0.0), 0, 1e-13);
  auto falling = rising;
  for (std::size_t i = 1; i < falling.size(); i += 2) falling[i] = -falling[i];
  const auto down = first_component(falling, 2);
  EXPECT_NEAR(down.loadings[0], std::sqrt(0.5), 1e-14);  // equal in size: the first is positive
  EXPECT_NEAR(down.loadings[1], -std::sqrt(0.5), 1e-14);
}

TEST(FirstComponent, IsUndefinedWithoutVariance) {
  for (const auto& values : {std::vector<double>{1, 2}, {1, 5, 1, 6, 1, 7}}) {
    const auto none = first_component(values, 2);
    EXPECT_TRUE(std::isnan(none.loadings[0]) && std::isnan(none.explained));
    for (const double score : none.scores) EXPECT_TRUE(std::isnan(score));
  }
}

/// Least inertia of all assignments of few points.
double best_inertia(const std::vector<double>& values, std::size_t columns, std::size_t clusters) {
  const auto rows = values.size() / columns;
  std::vector<std::size_t> own(rows, 0);
  double best = std::numeric_limits<double>::infinity();
  while (true) {
    double inertia = 0;
    for (std::size_t k = 0; k < clusters; ++k) {
      for (std::size_t c = 0; c < columns; ++c) {
        double sum = 0, squares = 0, size = 0;
        for (std::size_t i = 0; i < rows; ++i) {
          if (own[i] != k) continue;
          sum += values[i * columns + c];
          squares += values[i * columns + c] * values[i * columns + c];
          size += 1;
        }
        if (size > 0) inertia += squares - sum * sum / size;
      }
    }
    best = std::min(best, inertia);
    std::size_t at = 0;
    while (at < rows && ++own[at] == clusters) own[at++] = 0;
    if (at == rows) return best;
  }
}

TEST(Kmeans, FindsTheBestOfAllPartitionsOfFewPoints) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto values = random_values(16, seed);
    const auto found = kmeans(values, 2, {.clusters = 3});
    EXPECT_NEAR(found.inertia, best_inertia(values, 2, 3), 1e-12) << "seed " << seed;
  }
}

TEST(Kmeans, CentroidsAreMeansAndRowsAreWithTheNearest) {
  const auto values = random_values(600, 9);
  const auto found = kmeans(values, 3, {.clusters = 7, .restarts = 10});
  std::vector<double> sum(21, 0), size(7, 0);
  for (std::size_t i = 0; i < 200; ++i) {
    const auto own = static_cast<std::size_t>(found.cluster[i]);
    size[own] += 1;
    for (std::size_t c = 0; c < 3; ++c) sum[own * 3 + c] += values[i * 3 + c];
    double least = std::numeric_limits<double>::infinity();
    std::size_t nearest = 0;
    for (std::size_t k = 0; k < 7; ++k) {
      double distance = 0;
      for (std::size_t c = 0; c < 3; ++c) {
        distance += std::pow(values[i * 3 + c] - found.centroids[k * 3 + c], 2);
      }
      if (distance < least) nearest = k;
      least = std::min(least, distance);
    }
    EXPECT_EQ(own, nearest);
  }
  for (std::size_t k = 0; k < 21; ++k) EXPECT_NEAR(found.centroids[k], sum[k] / size[k / 3], 1e-12);
  EXPECT_EQ(found.cluster[0], 0);  // numbered by first rows
}

TEST(Kmeans, ByDistancesFindsTheSame) {
  for (const std::int64_t clusters : {1, 2, 5, 9, 40}) {
    const auto values = random_values(40 * 6, static_cast<std::uint64_t>(clusters));
    const KmeansConfig config{.clusters = clusters, .restarts = 5};
    const auto plain = kmeans(values, 6, config);
    const auto by_distances = kmeans(squared_distances(values, 6), config);
    EXPECT_EQ(by_distances.cluster, plain.cluster) << clusters << " clusters";
    EXPECT_NEAR(by_distances.inertia, plain.inertia, 1e-12 * (1 + plain.inertia));
    EXPECT_TRUE(by_distances.centroids.empty());
  }
}

TEST(Kmeans, FillsEveryClusterEvenWhereRowsAreEqual) {
  const std::vector<double> equal(5, 1.0);
  const auto found = kmeans(equal, 1, {.clusters = 3, .restarts = 3});
  EXPECT_EQ(found.inertia, 0);
  for (std::int32_t k = 0; k < 3; ++k) EXPECT_GT(std::ranges::count(found.cluster, k), 0);
  EXPECT_THROW(static_cast<void>(kmeans(equal, 1, {.clusters = 6})), Error);
  EXPECT_EQ(kmeans(squared_distances(equal, 1), {.clusters = 3, .restarts = 3}).cluster,
            found.cluster);
}

TEST(Silhouette, ByHand) {
  // 0 and 1 against 4 and 6: a = 1, 1, 2, 2; b = 5, 4, 3.5, 5.5.
  const std::vector<double> values{0, 1, 4, 6};
  const std::vector<std::int32_t> cluster{0, 0, 1, 1};
  EXPECT_NEAR(silhouette(values, 1, cluster), (4 / 5.0 + 3 / 4.0 + 1.5 / 3.5 + 3.5 / 5.5) / 4,
              1e-14);
  const std::vector<std::int32_t> alone{0, 0, 0, 1};
  EXPECT_NEAR(silhouette(values, 1, alone), ((6 - 2.5) / 6 + (5 - 2.0) / 5 + (2 - 3.5) / 3.5) / 4,
              1e-14);
  EXPECT_TRUE(std::isnan(silhouette(values, 1, std::vector<std::int32_t>(4, 0))));
}

/// Four groups of `each` clusters around the ideals, all three indicators of a force alike.
std::vector<SixScores> four_groups(std::size_t each) {
  const CounterRandom random(5, 1);
  constexpr std::array<std::array<double, 2>, kTypes> kAt{{{1, -1}, {1, 1}, {-1, 1}, {-1, -1}}};
  std::vector<SixScores> scores;
  for (std::size_t i = 0; i < each * kTypes; ++i) {
    SixScores six{};
    for (std::size_t k = 0; k < 6; ++k) {
      six[k] = kAt[i % kTypes][k / 3] + 0.2 * random.uniform(6 * i + k);
    }
    scores.push_back(six);
  }
  return scores;
}

TEST(Typology, NamesTheFourCornersAndLeavesOutTheIncomplete) {
  auto scores = four_groups(5);
  scores.insert(scores.begin() + 3, SixScores{0, 0, kUndefined, 0, 0, 0});
  const auto found = typology(scores);
  EXPECT_TRUE(found.exists);
  EXPECT_EQ(found.complete, 20);
  EXPECT_EQ(found.clusters[3].type, -1);
  EXPECT_TRUE(std::isnan(found.clusters[3].centripetal));
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (i == 3) continue;
    const auto& cluster = found.clusters[i];
    EXPECT_EQ(cluster.type, static_cast<std::int32_t>((i < 3 ? i : i - 1) % kTypes));
    const auto nearest = std::ranges::min_element(cluster.distance) - cluster.distance.begin();
    EXPECT_EQ(nearest, cluster.type);
  }
  for (const auto size : found.sizes) EXPECT_EQ(size, 5);
  EXPECT_GT(found.silhouette, 0.8);
  EXPECT_GT(found.centripetal.explained, 0.9);
}

TEST(Typology, NeedsEightCompleteClustersThatVary) {
  const auto scores = four_groups(2);
  EXPECT_TRUE(typology(scores).exists);
  const auto seven = typology(std::span(scores).first(7));
  EXPECT_FALSE(seven.exists);
  EXPECT_EQ(seven.complete, 7);
  EXPECT_EQ(seven.clusters[0].type, -1);
  auto level = scores;
  for (auto& six : level) six[1] = 0;
  EXPECT_FALSE(typology(level).exists);
  EXPECT_FALSE(typology({}).exists);
}

TEST(Typology, TypesDoNotDependOnTheOrderOfClusters) {
  auto scores = four_groups(6);
  const auto found = typology(scores);
  std::ranges::reverse(scores);
  const auto turned = typology(scores);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    EXPECT_EQ(found.clusters[i].type, turned.clusters[scores.size() - 1 - i].type);
  }
}

}  // namespace
}  // namespace tradegraph::kernels
