#include "kernels/z_scores.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/error.hpp"

namespace tradegraph::kernels {
namespace {

TEST(ZScores, UsesTheSampleDeviation) {
  const auto result = z_scores(std::vector<double>{2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(result.mean, 5);
  EXPECT_DOUBLE_EQ(result.standard_deviation, std::sqrt(32.0 / 7));
  EXPECT_DOUBLE_EQ(result.z[0], -3 / std::sqrt(32.0 / 7));
  EXPECT_EQ(result.counted, 8);
  EXPECT_EQ(result.skipped, 0);
}

TEST(ZScores, SkipsAndCountsUndefinedValues) {
  const auto result = z_scores(std::vector<double>{1, kUndefined, 3, kUndefined});
  EXPECT_EQ(result.counted, 2);
  EXPECT_EQ(result.skipped, 2);
  EXPECT_DOUBLE_EQ(result.z[2], std::sqrt(0.5));
  EXPECT_TRUE(std::isnan(result.z[1]));
}

TEST(ZScores, ScoresValuesOutsideThePopulation) {
  const std::vector<std::uint8_t> population{1, 1, 0, 0};
  const auto result = z_scores(std::vector<double>{1, 3, 5, kUndefined}, population);
  EXPECT_EQ(result.counted, 2);
  EXPECT_EQ(result.skipped, 0);
  EXPECT_DOUBLE_EQ(result.z[2], 3 / std::sqrt(2.0));
}

TEST(ZScores, UndefinedWithoutVariance) {
  for (const auto& values :
       {std::vector<double>{}, {7}, {0.1, 0.1, 0.1}, {kUndefined, 4}, {kUndefined, kUndefined}}) {
    for (const double z : z_scores(values).z) EXPECT_TRUE(std::isnan(z));
  }
}

TEST(ZScores, DoNotChangeWithUnitAndOrigin) {
  const std::vector<double> values{0.3, 1.7, -4, 12};
  std::vector<double> other;
  for (const double x : values) other.push_back(1000 * x - 77);
  const auto a = z_scores(values).z;
  const auto b = z_scores(other).z;
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-14);
}

TEST(ZScores, RefusesAPopulationOfAnotherSize) {
  EXPECT_THROW(static_cast<void>(z_scores(std::vector<double>{1, 2}, std::vector<std::uint8_t>{1})),
               Error);
}

}  // namespace
}  // namespace tradegraph::kernels
