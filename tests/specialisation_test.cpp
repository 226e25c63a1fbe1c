#include "kernels/specialisation.hpp"

#include <map>

#include "tests/support/industry_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::expect_near;
using testing::IndustryCase;
using testing::same_bits;

class SpecialisationTest : public testing::IndustryTest {};

/// Sums of weights over the firms with this label (or any, nullptr) and this code (or any, -1).
double size(const IndustryCase& one, const Label* label, std::int32_t code, bool by_employees) {
  double sum = 0;
  for (std::size_t i = 0; i < one.firms(); ++i) {
    const double weight = testing::weight_of(one, i, by_employees);
    if (std::isnan(weight) || (label != nullptr && one.labels[i] != *label)) continue;
    if (code < 0 || one.codes[i] == code) sum += weight;
  }
  return sum;
}

ClusterSpecialisation slow(const IndustryCase& one, Label label, bool by_employees) {
  ClusterSpecialisation result;
  const double e = size(one, nullptr, -1, by_employees);
  const double e_c = size(one, &label, -1, by_employees);
  if (e_c == 0) return result;
  double main_size = 0;
  result.mean = result.largest = 0;
  for (std::int32_t g = 0; g < one.industries; ++g) {
    const double e_gc = size(one, &label, g, by_employees);
    if (e_gc == 0) continue;
    const double quotient = (e_gc / e_c) / (size(one, nullptr, g, by_employees) / e);
    result.mean += e_gc / e_c * quotient;
    result.largest = std::max(result.largest, quotient);
    if (e_gc > main_size) main_size = e_gc, result.main = quotient, result.main_group = g;
  }
  return result;
}

Specialisation run(const testing::PlacedIndustries& placed, const IndustryCase& one,
                   bool by_employees) {
  return specialisation(placed.labels, one.clusters, placed.codes, one.industries,
                        by_employees ? &placed.employees : nullptr);
}

TEST_F(SpecialisationTest, EqualsTheSlowFormAndIsTheSameOnEveryGrid) {
  for_all_industries(
      [](const IndustryCase& one, const auto& world, const auto& alone, bool by_employees) {
        const auto result = run(world, one, by_employees);
        const auto same = run(alone, one, by_employees);
        EXPECT_EQ(static_cast<std::int64_t>(result.clusters.size()), one.clusters);
        for (Label c = 0; c < one.clusters; ++c) {
          const auto& got = result.clusters[static_cast<std::size_t>(c)];
          const auto& twin = same.clusters[static_cast<std::size_t>(c)];
          EXPECT_TRUE(same_bits(got.main, twin.main));
          EXPECT_TRUE(same_bits(got.mean, twin.mean));
          EXPECT_TRUE(same_bits(got.largest, twin.largest));
          const auto expected = slow(one, c, by_employees);
          EXPECT_EQ(got.main_group, expected.main_group);
          expect_near(got.main, expected.main, "main");
          expect_near(got.mean, expected.mean, "mean");
          expect_near(got.largest, expected.largest, "largest");
        }
      });
}

TEST_F(SpecialisationTest, QuotientsAverageToOneOverTheNation) {
  for_all_industries(
      [](const IndustryCase& one, const auto& world, const auto&, bool by_employees) {
        const double e = size(one, nullptr, -1, by_employees);
        std::map<std::int32_t, double> mean;
        for (const auto& lq : run(world, one, by_employees).quotients) {
          if (std::isnan(lq.quotient)) continue;
          mean[lq.group] += size(one, &lq.label, -1, by_employees) / e * lq.quotient;
        }
        for (const auto& [group, value] : mean)
          expect_near(value, 1, "group " + std::to_string(group));
        EXPECT_EQ(mean.empty(), e == 0);
      });
}

TEST_F(SpecialisationTest, TakesTheMainGroupThatItIsGiven) {
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid grid(self, {1, 1, 1});
  const auto labels = testing::spread<Label>(grid, {0, 0, 0, -1, -1, -1, -1, -1});
  const auto groups = testing::spread<std::int32_t>(grid, {0, 0, 1, 0, 1, 1, 2, -1});
  const auto by_size = specialisation(labels, 1, groups, 4);
  EXPECT_EQ(by_size.clusters.at(0).main_group, 0);
  EXPECT_DOUBLE_EQ(by_size.clusters.at(0).main, (2.0 / 3) / (3.0 / 7));
  EXPECT_EQ(by_size.clusters.at(0).skipped, 0);
  const auto main_of = [&](std::int32_t group) {
    return specialisation(labels, 1, groups, 4, nullptr, std::vector<std::int32_t>{group})
        .clusters.at(0)
        .main;
  };
  EXPECT_DOUBLE_EQ(main_of(1), (1.0 / 3) / (3.0 / 7));
  EXPECT_EQ(main_of(2), 0);             // the nation has the group, the cluster has not
  EXPECT_TRUE(std::isnan(main_of(3)));  // the nation has not
}

}  // namespace
}  // namespace tradegraph::kernels
