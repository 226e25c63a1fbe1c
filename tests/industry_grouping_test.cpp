#include "kernels/industry_grouping.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "kernels/ward.hpp"

namespace tradegraph::kernels {
namespace {

std::vector<double> random_values(std::size_t count, std::uint64_t seed) {
  const CounterRandom random(seed, 4);
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(random.uniform(i));
  return values;
}

TEST(LocationCorrelation, IsPearsonAndZeroWithoutVariance) {
  const std::vector<double> table{1, 2, 3, 2, 4, 6, 3, 2, 1, 5, 5, 5};
  const auto m = location_correlation(table, 4);
  EXPECT_NEAR(m(0, 1), 1, 1e-15);
  EXPECT_NEAR(m(2, 0), -1, 1e-15);
  EXPECT_EQ(m(3, 0), 0);
  EXPECT_EQ(m(1, 1), 0);
}

TEST(Coagglomeration, ByHand) {
  // Shares (.5 .5), (1 0), (.25 .75), nowhere; means 7/12 and 5/12.
  const auto m = coagglomeration(std::vector<double>{2, 2, 3, 0, 1, 3, 0, 0}, 4);
  const double x = 7.0 / 12, y = 5.0 / 12;
  const double scale = 1 - x * x - y * y;
  EXPECT_NEAR(m(0, 1), ((0.5 - x) * (1 - x) + (0.5 - y) * (0 - y)) / scale, 1e-15);
  EXPECT_NEAR(m(1, 2), ((1 - x) * (0.25 - x) + (0 - y) * (0.75 - y)) / scale, 1e-15);
  EXPECT_EQ(m(0, 3), 0);
}

TEST(InputOutput, IsTheLargestOfFourShares) {
  // 0 sells 8 of 10 to 1, which buys 8 of 9; 1 sells 1 of 4 to 0, which buys 1 of 3.
  const auto m = input_output(std::vector<double>{2, 8, 0, 1, 1, 2, 0, 0, 0}, 3);
  EXPECT_DOUBLE_EQ(m(0, 1), 8.0 / 9);
  EXPECT_DOUBLE_EQ(m(2, 1), 1);  // all that 2 buys comes from 1
  EXPECT_EQ(m(0, 2), 0);
}

TEST(Average, StandardisesOverPairs) {
  const Relatedness a{3, {0, 1, 2, 1, 0, 3, 2, 3, 0}};
  const Relatedness b{3, {0, 10, 40, 10, 0, 10, 40, 10, 0}};
  const auto m = average(std::vector{&a, &b});
  const double high = 20 / std::sqrt(300.0), low = -10 / std::sqrt(300.0);
  EXPECT_NEAR(m(0, 1), (-1 + low) / 2, 1e-15);
  EXPECT_NEAR(m(2, 0), (0 + high) / 2, 1e-15);
  EXPECT_NEAR(m(1, 2), (1 + low) / 2, 1e-15);
}

/// Sum of squared distances to the centroid of the rows named.
double squares(const std::vector<double>& values, std::size_t columns,
               const std::vector<std::size_t>& rows) {
  double total = 0;
  for (std::size_t c = 0; c < columns; ++c) {
    double sum = 0, of_squares = 0;
    for (const auto row : rows) {
      sum += values[row * columns + c];
      of_squares += values[row * columns + c] * values[row * columns + c];
    }
    total += of_squares - sum * sum / static_cast<double>(rows.size());
  }
  return total;
}

/// Joins, each time, the two clusters whose union is dearest least.
std::vector<std::vector<std::size_t>> slow_ward(const std::vector<double>& values,
                                                std::size_t columns, std::size_t clusters) {
  std::vector<std::vector<std::size_t>> found;
  for (std::size_t i = 0; i < values.size() / columns; ++i) found.push_back({i});
  while (found.size() > clusters) {
    std::size_t a = 0, b = 1;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (std::size_t j = i + 1; j < found.size(); ++j) {
        auto both = found[i];
        both.insert(both.end(), found[j].begin(), found[j].end());
        const double cost = squares(values, columns, both) - squares(values, columns, found[i]) -
                            squares(values, columns, found[j]);
        if (cost >= least) continue;
        least = cost;
        a = i;
        b = j;
      }
    }
    found[a].insert(found[a].end(), found[b].begin(), found[b].end());
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(b));
  }
  return found;
}

TEST(Ward, IsTheGreedyChoiceAtEveryCut) {
  const auto values = random_values(3 * 24, 1);
  const auto merges = ward(squared_distances(values, 3));
  ASSERT_EQ(merges.size(), 23U);
  for (std::size_t k = 1; k <= 24; ++k) {
    const auto group = cut(merges, 24, k);
    for (const auto& rows : slow_ward(values, 3, k)) {
      for (const auto row : rows) EXPECT_EQ(group[row], group[rows.front()]) << k << " clusters";
    }
    EXPECT_EQ(std::set<std::int32_t>(group.begin(), group.end()).size(), k);
    EXPECT_EQ(group[0], 0);
  }
  EXPECT_TRUE(ward(squared_distances({}, 3)).empty());
  EXPECT_TRUE(ward(squared_distances(std::vector<double>{1, 2}, 2)).empty());
}

Relatedness random_matrix(std::size_t n, std::uint64_t seed) {
  const auto values = random_values(n * n, seed);
  Relatedness m{n, std::vector<double>(n * n, 0)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (i != j) m.values[i * n + j] = values[std::min(i, j) * n + std::max(i, j)];
    }
  }
  return m;
}

/// The definition, word by word.
Validation slow_validation(const Relatedness& m, const std::vector<std::int32_t>& group) {
  std::map<std::int32_t, std::vector<std::size_t>> members;
  for (std::size_t i = 0; i < group.size(); ++i) members[group[i]].push_back(i);
  const auto mean = [&](const std::vector<std::size_t>& from, const std::vector<std::size_t>& to) {
    double sum = 0, count = 0;
    for (const auto i : from) {
      for (const auto j : to) {
        if (i == j) continue;
        sum += m(i, j);
        count += 1;
      }
    }
    return count > 0 ? sum / count : std::nan("");
  };
  const auto count = [&](const std::vector<std::size_t>& own, std::int32_t label, double& over_mean,
                         double& over_high, double weight) {
    const double within = mean(own, members[label]);
    std::vector<double> between;
    for (const auto& [other, rows] : members) {
      if (other != label) between.push_back(mean(own, rows));
    }
    double sum = 0;
    for (const double x : between) sum += x;
    std::sort(between.begin(), between.end());
    const auto rank = (95 * between.size() + 99) / 100;  // nearest rank
    if (within > sum / static_cast<double>(between.size())) over_mean += weight;
    if (within > between[rank - 1]) over_high += weight;
  };
  Validation v;
  for (const auto& [label, rows] : members) {
    const auto all = rows;
    count(all, label, v.cluster_mean, v.cluster_high, 1 / static_cast<double>(members.size()));
  }
  for (std::size_t i = 0; i < group.size(); ++i) {
    count({i}, group[i], v.industry_mean, v.industry_high, 1 / static_cast<double>(group.size()));
  }
  return v;
}

TEST(Validation, IsAsDefined) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto m = random_matrix(30, seed);
    const CounterRandom random(seed, 6);
    std::vector<std::int32_t> group;
    for (std::int32_t i = 0; i < 30; ++i) {
      group.push_back(
          i < 24 ? i : static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(i), 24)));
    }
    if (seed % 2 == 0) {
      for (auto& g : group) g %= 5;
    }
    const auto fast = validate_groups(m, group);
    const auto slow = slow_validation(m, group);
    EXPECT_NEAR(fast.cluster_mean, slow.cluster_mean, 1e-12);
    EXPECT_NEAR(fast.cluster_high, slow.cluster_high, 1e-12);
    EXPECT_NEAR(fast.industry_mean, slow.industry_mean, 1e-12);
    EXPECT_NEAR(fast.industry_high, slow.industry_high, 1e-12);
  }
  EXPECT_EQ(validate_groups(random_matrix(5, 1), {0, 0, 0, 0, 0}).score(), 0);
}

/// Blocks of related industries, with some noise.
Relatedness blocks(std::size_t industries, std::size_t groups, std::uint64_t seed) {
  auto m = random_matrix(industries, seed);
  for (std::size_t i = 0; i < industries; ++i) {
    for (std::size_t j = 0; j < industries; ++j) {
      m.values[i * industries + j] *= 0.2;
      if (i != j && i % groups == j % groups) m.values[i * industries + j] += 1;
    }
  }
  return m;
}

TEST(GroupIndustries, FindsPlantedBlocks) {
  const auto found = group_industries({{"one", blocks(42, 7, 1)}, {"two", blocks(42, 7, 2)}},
                                      {.least_groups = 7, .most_groups = 12});
  EXPECT_EQ(found.candidates.size(), 2U * 2 * 2 * 6);
  EXPECT_EQ(found.candidates[found.best].groups, 7);
  EXPECT_EQ(found.candidates[found.best].score, 1);
  EXPECT_EQ(found.moved, 0);
  for (std::size_t i = 0; i < 42; ++i) EXPECT_EQ(found.group[i], static_cast<std::int32_t>(i % 7));
}

TEST(GroupIndustries, MovesOutliersOnce) {
  // 0, 2 and 4 belong together, and 1 and 3; four groups of five tear them apart.
  const auto found =
      group_industries({{"one", blocks(5, 2, 3)}}, {.least_groups = 4, .most_groups = 9});
  EXPECT_EQ(found.candidates.front().groups, 4);  // at most industries - 1
  EXPECT_GT(found.moved, 0);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_GE(found.group[i], 0);
  EXPECT_EQ(found.group[0], 0);
}

TEST(Relatedness, OfOneIndustryOrOneRegionIsNothing) {
  const auto alone = location_correlation(std::vector<double>{3, 4}, 1);
  EXPECT_EQ(average(std::vector{&alone, &alone}).values, std::vector<double>{0});
  EXPECT_EQ(input_output(std::vector<double>{7}, 1).values, std::vector<double>{0});
  for (const auto& one_region : {location_correlation(std::vector<double>{3, 4}, 2),
                                 coagglomeration(std::vector<double>{3, 4}, 2)}) {
    EXPECT_EQ(one_region.values, std::vector<double>(4, 0));
    EXPECT_EQ(average(std::vector{&one_region}).values, std::vector<double>(4, 0));
  }
}

TEST(GroupIndustries, FewIndustriesAreOneGroup) {
  const auto two = group_industries({{"one", random_matrix(2, 1)}}, {});
  EXPECT_EQ(two.group, (std::vector<std::int32_t>{0, 0}));
  EXPECT_TRUE(two.candidates.empty());
  EXPECT_THROW(GroupingConfig({.least_groups = 1}).validate(), Error);
  EXPECT_THROW(GroupingConfig({.least_groups = 9, .most_groups = 8}).validate(), Error);
}

}  // namespace
}  // namespace tradegraph::kernels
