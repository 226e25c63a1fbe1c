#include "kernels/variety.hpp"

#include <map>

#include "tests/support/industry_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::expect_near;
using testing::IndustryCase;
using testing::same_bits;

class VarietyTest : public testing::IndustryTest {};

/// Divisions that are not runs of class codes.
std::vector<std::int32_t> divisions(std::int64_t classes) {
  std::vector<std::int32_t> result;
  for (std::int64_t i = 0; i < classes; ++i) result.push_back(static_cast<std::int32_t>(i % 5));
  return result;
}

Variety slow(const IndustryCase& one, Label label, bool by_employees) {
  std::map<std::int32_t, double> by_class;
  std::map<std::int32_t, double> by_division;
  double all = 0;
  Variety result;
  for (std::size_t i = 0; i < one.firms(); ++i) {
    if (one.labels[i] != label) continue;
    const double weight = testing::weight_of(one, i, by_employees);
    if (std::isnan(weight)) {
      ++result.skipped;
      continue;
    }
    ++result.firms;
    if (weight == 0) continue;
    by_class[one.codes[i]] += weight;
    by_division[one.codes[i] % 5] += weight;
    all += weight;
  }
  if (all == 0) return result;
  result.related = result.unrelated = result.entropy = 0;
  for (const auto& [division, size] : by_division) {
    const double share = size / all;
    result.unrelated += share * std::log2(1 / share);
    double within = 0;
    for (const auto& [code, part] : by_class) {
      if (code % 5 == division) within += part / size * std::log2(size / part);
    }
    result.related += share * within;
  }
  for (const auto& [code, part] : by_class) result.entropy += part / all * std::log2(all / part);
  return result;
}

TEST_F(VarietyTest, EqualsTheSlowFormAndIsTheSameOnEveryGrid) {
  for_all_industries(
      [](const IndustryCase& one, const auto& world, const auto& alone, bool by_employees) {
        const auto of = divisions(one.industries);
        const auto run = [&](const testing::PlacedIndustries& placed) {
          return variety(placed.labels, one.clusters, placed.codes, of,
                         by_employees ? &placed.employees : nullptr);
        };
        const auto result = run(world);
        const auto same = run(alone);
        EXPECT_EQ(static_cast<std::int64_t>(result.size()), one.clusters);
        for (Label c = 0; c < one.clusters; ++c) {
          const auto& got = result[static_cast<std::size_t>(c)];
          const auto expected = slow(one, c, by_employees);
          EXPECT_TRUE(same_bits(got.related, same[static_cast<std::size_t>(c)].related));
          EXPECT_TRUE(same_bits(got.unrelated, same[static_cast<std::size_t>(c)].unrelated));
          EXPECT_TRUE(same_bits(got.entropy, same[static_cast<std::size_t>(c)].entropy));
          EXPECT_EQ(got.firms, expected.firms);
          EXPECT_EQ(got.skipped, expected.skipped);
          expect_near(got.related, expected.related, "related");
          expect_near(got.unrelated, expected.unrelated, "unrelated");
          expect_near(got.entropy, expected.entropy, "entropy");
          expect_near(got.related + got.unrelated, got.entropy, "sum");
        }
      });
}

TEST_F(VarietyTest, FourEqualClassesInTwoDivisionsByHand) {
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid grid(self, {1, 1, 1});
  const auto labels = testing::spread<Label>(grid, {0, 0, 0, 0, 1, 1});
  const auto classes = testing::spread<std::int32_t>(grid, {0, 1, 2, 3, 2, 2});
  const auto result = variety(labels, 2, classes, std::vector<std::int32_t>{0, 0, 1, 1});
  EXPECT_EQ(result.at(0).related, 1);
  EXPECT_EQ(result.at(0).unrelated, 1);
  EXPECT_EQ(result.at(0).entropy, 2);
  EXPECT_EQ(result.at(1).entropy, 0);  // a single class
}

TEST_F(VarietyTest, RefusesCodesOutOfRangeOnAllRanks) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  const auto labels = testing::spread(grid, std::vector<Label>(10, 0));
  std::vector<std::int32_t> classes(10, 0);
  classes[7] = 4;
  EXPECT_THROW(static_cast<void>(variety(labels, 1, testing::spread(grid, classes),
                                         std::vector<std::int32_t>{0, 0, 1, 1})),
               Error);
}

}  // namespace
}  // namespace tradegraph::kernels
