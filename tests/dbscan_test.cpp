/// DBSCAN with link stretch against a reference that follows the definition pair by pair.

#include "kernels/dbscan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "kernels/dbscan_verify.hpp"
#include "kernels/density_forest.hpp"
#include "kernels/k_distance.hpp"
#include "kernels/rough_places.hpp"
#include "kernels/work_count.hpp"
#include "tests/support/dbscan_reference.hpp"

namespace tradegraph::kernels {
namespace {

/// Kernel, reference and verifier agree.
DbscanResult check(const Firms& firms, const DbscanConfig& config) {
  const auto result = dbscan(firms.points(), firms.pairs(), config);
  const auto expected = DbscanReference(firms, config).run();
  EXPECT_EQ(result.cluster, expected.cluster);
  EXPECT_EQ(result.role, expected.role);
  EXPECT_THAT(verify_dbscan(firms.points(), firms.pairs(), config, result), testing::IsEmpty());
  return result;
}

TEST(Dbscan, RandomFirmsWithTrade) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    auto firms = random_firms(seed, 200 + static_cast<std::int64_t>(seed) * 5, 100, 0);
    random_trade(firms, seed, 2000);
    const double eps = 2.0 + static_cast<double>(seed % 7);
    check(firms, {eps, 1 + static_cast<std::int64_t>(seed % 13),
                  1.0 + 0.5 * static_cast<double>(seed % 5)});
  }
}

TEST(Dbscan, LatticesWithDistancesOfExactlyEps) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const double step = seed % 2 == 0 ? 1.0 : 0.1;
    auto firms = random_firms(seed, 400, 30 * step, step);
    random_trade(firms, seed, 1500);
    for (const double eps : {step, 2 * step, 3 * step, 5 * step, std::sqrt(2.0) * step}) {
      check(firms, {eps, 2 + static_cast<std::int64_t>(seed % 9), seed % 3 == 0 ? 1.0 : 2.0});
    }
  }
}

TEST(Dbscan, ManyFirmsACellUseTheTrees) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    auto firms = random_firms(seed, 1000, 100, seed % 2 == 0 ? 0 : 0.5);
    random_trade(firms, seed, 3000);
    for (const std::int64_t min_firms : {5, 300, 600}) check(firms, {20, min_firms, 1.5});
    check(firms, {60, 800, 2});
  }
}

TEST(Dbscan, NothingAndOneFirm) {
  Firms firms;
  EXPECT_TRUE(check(firms, {}).cluster.empty());
  firms.add(127, 36);
  EXPECT_EQ(check(firms, {1, 1, 1}).role[0], Role::core);
  EXPECT_EQ(check(firms, {1, 2, 1}).role[0], Role::noise);
}

TEST(Dbscan, TowersOfThreeThousand) {
  Firms firms;
  for (int i = 0; i < 3000; ++i) firms.add(1000, 1000);
  for (int i = 0; i < 3000; ++i) firms.add(1600, 1800);   // exactly eps away
  for (int i = 0; i < 20; ++i) firms.add(1000, 0.5 * i);  // 990.5 m away and more
  const auto result = check(firms, {1000, 25, 2});
  EXPECT_EQ(result.cluster.front(), result.cluster[5999]);
  EXPECT_EQ(result.role[6000], Role::core);
}

/// Distances that `work` computes on one thread, a firm.
template <class Work>
double distances_a_firm(std::size_t firms, Work&& work) {
  const int threads = omp_get_max_threads();
  omp_set_num_threads(1);
  const auto before = distances_computed;
  work();
  omp_set_num_threads(threads);
  return static_cast<double>(distances_computed - before) / static_cast<double>(firms);
}

/// Two downtowns of 50,000 firms, each within one eps, and just too far from each other.
Firms two_downtowns() {
  Firms firms;
  const CounterRandom random(5, 0);
  for (std::uint64_t i = 0; i < 100000; ++i) {
    firms.add(random.uniform(3 * i) * 700,
              random.uniform(3 * i + 1) * 700 + (i % 2 == 0 ? 0 : 1700.001));
  }
  return firms;
}

TEST(Dbscan, DowntownsAreNotQuadratic) {
  const auto firms = two_downtowns();
  DbscanResult result;
  for (const std::int64_t min_firms : {20, 40000, 50000, 50001}) {
    EXPECT_LT(distances_a_firm(firms.size(),
                               [&] {
                                 result = dbscan(firms.points(), {}, {1000, min_firms, 1});
                               }),
              1000)
        << min_firms;
  }
  EXPECT_EQ(std::count(result.role.begin(), result.role.end(), Role::noise), 100000);
  EXPECT_LT(distances_a_firm(firms.size(),
                             [&] {
                               const auto forests = density_forests(
                                   firms.points(), {}, {{900, 1000, 1200, 1700}, {20, 40000}, 1});
                               EXPECT_EQ(forests[1].cut(1).cluster,
                                         dbscan(firms.points(), {}, {1000, 40000, 1}).cluster);
                             }),
            3000);
}

TEST(Dbscan, TowersAreNotQuadratic) {
  Firms firms;  // 20 towers of 5,000, near each other but for every fifth gap
  for (int i = 0; i < 100000; ++i) firms.add(90.0 * (i % 20) + 30.0 * (i % 20 / 5), 0);
  for (const std::int64_t min_firms : {2, 5000, 9999, 20000}) {
    EXPECT_LT(distances_a_firm(firms.size(),
                               [&] {
                                 static_cast<void>(dbscan(firms.points(), {}, {100, min_firms, 1}));
                               }),
              1000)
        << min_firms;
  }
  EXPECT_LT(
      distances_a_firm(firms.size(),
                       [&] {
                         static_cast<void>(density_forests(
                             firms.points(), {}, {{90, 100, 120}, {2, 5000, 9999, 20000}, 1}));
                       }),
      3000);
}

TEST(Dbscan, FirmsOnALine) {
  Firms firms;
  for (int i = 0; i < 500; ++i) firms.add(10.0 * i + (i > 250 ? 5 : 0), 7);
  const auto result = check(firms, {10, 3, 1});
  EXPECT_EQ(result.cluster.front(), 0);
  EXPECT_EQ(result.cluster.back(), 1);
  check(firms, {20, 5, 1});
}

TEST(Dbscan, TradeReachesExactlyStretchTimesEps) {
  Firms firms;
  for (int i = 0; i < 4; ++i) firms.add(0, 0);
  for (int i = 0; i < 4; ++i) firms.add(20, 0);
  firms.trade(0, 4);
  EXPECT_EQ(check(firms, {10, 4, 2}).cluster, std::vector<std::int64_t>(8, 0));
  firms.x[4] = std::nextafter(20.0, 21.0);
  EXPECT_EQ(check(firms, {10, 4, 2}).cluster[4], 1);
  EXPECT_EQ(check(firms, {10, 4, 1}).cluster[4], 1);
}

TEST(Dbscan, StretchMakesCoresAndChains) {
  Firms firms;  // each is alone within eps; with its two partners it has three
  for (int i = 0; i < 50; ++i) firms.add(15.0 * i, 0);
  for (int i = 0; i + 1 < 50; ++i) {
    firms.trade(i + 1, i);
    firms.trade(i, i + 1);
  }
  const auto result = check(firms, {10, 3, 1.5});
  EXPECT_EQ(std::count(result.role.begin(), result.role.end(), Role::core), 48);
  EXPECT_EQ(result.cluster, std::vector<std::int64_t>(50, 0));
}

TEST(Dbscan, ATradingPairWithinEpsCountsOnce) {
  Firms firms;
  firms.add(0, 0);
  firms.add(1, 0);
  firms.trade(0, 1);
  firms.trade(1, 0);
  firms.trade(0, 0);
  EXPECT_EQ(check(firms, {10, 3, 2}).role[0], Role::noise);
  EXPECT_EQ(check(firms, {10, 2, 2}).role[0], Role::core);
}

/// Two groups of five cores, and a firm between them that reaches the inner one of each.
Firms two_groups_and_a_firm_between() {
  Firms firms;
  for (const double x : {-10.0, -12.0, -12.0, -18.0, -18.0}) firms.add(x, 0);
  for (const double x : {10.0, 12.0, 12.0, 18.0, 18.0}) firms.add(x, 0);
  firms.add(0, 0);
  firms.row = {20, 21, 22, 23, 24, 10, 11, 12, 13, 14, 0};
  return firms;
}

TEST(Dbscan, BorderAtEqualDistancesJoinsTheSmallestRow) {
  const auto firms = two_groups_and_a_firm_between();
  const auto result = check(firms, {10, 5, 2});
  EXPECT_EQ(result.role[10], Role::border);
  EXPECT_EQ(result.cluster[10], result.cluster[5]);
}

TEST(Dbscan, BorderPrefersTradeEvenFromBeyondEps) {
  auto firms = two_groups_and_a_firm_between();
  firms.trade(10, 2);  // 12 m away, 6 m by trade
  auto result = check(firms, {10, 5, 2});
  EXPECT_EQ(result.role[10], Role::border);
  EXPECT_EQ(result.cluster[10], result.cluster[2]);
  firms.trade(5, 10);  // within eps, 5 m by trade
  result = check(firms, {10, 5, 2});
  EXPECT_EQ(result.role[10], Role::border);
  EXPECT_EQ(result.cluster[10], result.cluster[5]);
}

TEST(Dbscan, BorderTiesBetweenTradeAndPlainDistance) {
  auto firms = two_groups_and_a_firm_between();
  firms.x[1] = firms.x[2] = -18;  // 18 m, by trade 9; with the inner firms at 9 m: a tie
  firms.x[5] = 9;
  firms.x[0] = -13;
  firms.trade(10, 1);
  const auto result = check(firms, {10, 5, 2});
  EXPECT_EQ(result.role[10], Role::border);
  EXPECT_EQ(result.cluster[10], result.cluster[5]);  // row 10 before row 21
}

TEST(Dbscan, HugeCoordinatesAndTinyEps) {
  auto firms = random_firms(3, 300, 1000, 0);
  for (auto& x : firms.x) x += 1e7;
  for (auto& y : firms.y) y -= 1e7;
  check(firms, {40, 5, 2});
  Firms pairs;  // an extent of 10^12 eps: cells are renumbered
  for (int i = 0; i < 200; ++i) {
    pairs.add((i % 10) * 1e6, (i / 10) * 1e5);
    pairs.add((i % 10) * 1e6 + 1e-6, (i / 10) * 1e5 - 1e-6);
  }
  const auto result = check(pairs, {2e-6, 2, 1});
  EXPECT_EQ(std::count(result.role.begin(), result.role.end(), Role::noise), 0);
  EXPECT_EQ(result.cluster.back(), 199);
  EXPECT_THROW(static_cast<void>(dbscan(pairs.points(), {}, {1e-8, 2, 1})), Error);
}

TEST(Dbscan, OrderAndThreadsDoNotMatter) {
  auto firms = random_firms(11, 20000, 1000, 0);
  random_trade(firms, 11, 80000);
  std::iota(firms.row.begin(), firms.row.end(), 0);
  const DbscanConfig config{8, 8, 2};
  const auto result = dbscan(firms.points(), firms.pairs(), config);
  EXPECT_THAT(verify_dbscan(firms.points(), firms.pairs(), config, result), testing::IsEmpty());
  const int threads = omp_get_max_threads();
  for (const int other : {1, 3, 7}) {
    omp_set_num_threads(other);
    EXPECT_EQ(dbscan(firms.points(), firms.pairs(), config).cluster, result.cluster);
  }
  omp_set_num_threads(threads);
  Firms reversed = firms;
  std::reverse(reversed.x.begin(), reversed.x.end());
  std::reverse(reversed.y.begin(), reversed.y.end());
  std::reverse(reversed.row.begin(), reversed.row.end());
  const auto last = static_cast<std::int64_t>(firms.size()) - 1;
  for (auto& i : reversed.first) i = last - i;
  for (auto& i : reversed.second) i = last - i;
  std::swap(reversed.first, reversed.second);
  auto other = dbscan(reversed.points(), reversed.pairs(), config);
  std::reverse(other.cluster.begin(), other.cluster.end());
  std::reverse(other.role.begin(), other.role.end());
  EXPECT_EQ(other.cluster, result.cluster);
  EXPECT_EQ(other.role, result.role);
}

TEST(Dbscan, VerifierSeesEveryKindOfDefect) {
  auto firms = random_firms(2, 500, 100, 0);
  random_trade(firms, 2, 2000);
  const DbscanConfig config{4, 6, 2};
  const auto good = dbscan(firms.points(), firms.pairs(), config);
  const auto clusters = *std::max_element(good.cluster.begin(), good.cluster.end()) + 1;
  ASSERT_GT(clusters, 2);
  const auto defects = [&](const DbscanResult& result) {
    return verify_dbscan(firms.points(), firms.pairs(), config, result).size();
  };
  for (const Role role : {Role::core, Role::border, Role::noise}) {
    const auto found = std::find(good.role.begin(), good.role.end(), role) - good.role.begin();
    const auto i = static_cast<std::size_t>(found);
    ASSERT_LT(i, good.role.size());
    auto bad = good;
    bad.role[i] = role == Role::core ? Role::border : Role::core;
    EXPECT_GT(defects(bad), 0U);
    bad = good;
    bad.cluster[i] = (bad.cluster[i] + 1) % clusters;
    EXPECT_GT(defects(bad), 0U) << name(role);
  }
  auto merged = good;
  for (auto& cluster : merged.cluster) cluster = cluster < 0 ? -1 : 0;
  EXPECT_GT(defects(merged), 0U);
  auto swapped = good;
  for (auto& cluster : swapped.cluster) cluster = cluster < 0 ? -1 : clusters - 1 - cluster;
  EXPECT_GT(defects(swapped), 0U);
}

TEST(Dbscan, RefusesBadSettingsAndPlaces) {
  Firms firms;
  firms.add(0, 0);
  const auto run = [&](const DbscanConfig& config) {
    static_cast<void>(dbscan(firms.points(), firms.pairs(), config));
  };
  EXPECT_THROW(run({0, 1, 1}), Error);
  EXPECT_THROW(run({-1, 1, 1}), Error);
  EXPECT_THROW(run({std::nan(""), 1, 1}), Error);
  EXPECT_THROW(run({1, 0, 1}), Error);
  EXPECT_THROW(run({1, 1, 0.99}), Error);
  EXPECT_THROW(run({1, 1, std::numeric_limits<double>::infinity()}), Error);
  firms.trade(0, 1);
  EXPECT_THROW(run({1, 1, 1}), Error);
  firms.first.clear();
  firms.second.clear();
  firms.x[0] = std::nan("");
  EXPECT_THROW(run({1, 1, 1}), Error);
}

TEST(KDistance, SaysFromWhichEpsAFirmIsCore) {
  const auto firms = random_firms(4, 300, 100, 1.0);
  const auto distance = k_distance(firms.points(), 4);
  for (std::size_t i = 0; i < firms.size(); ++i) {
    std::vector<double> all;
    for (std::size_t j = 0; j < firms.size(); ++j) {
      if (j != i) all.push_back(std::hypot(firms.x[i] - firms.x[j], firms.y[i] - firms.y[j]));
    }
    std::nth_element(all.begin(), all.begin() + 3, all.end());
    EXPECT_NEAR(distance[i], all[3], 1e-12 * (1 + all[3]));
  }
  const auto result = dbscan(firms.points(), {}, {4, 5, 1});
  for (std::size_t i = 0; i < firms.size(); ++i) {
    EXPECT_EQ(result.role[i] == Role::core, distance[i] <= 4);
  }
  EXPECT_TRUE(std::isnan(k_distance(firms.points(), 300)[0]));
  EXPECT_FALSE(std::isnan(k_distance(firms.points(), 299)[0]));
}

/// Of two places a distance apart in a direction, near a corner or the middle of all places.
TEST(RoughReach, MissesNoPairAndLetsFewFarOnesPass) {
  const CounterRandom random(11, 2);
  std::uint64_t at = 0;
  const auto uniform = [&] { return random.uniform(at++); };
  for (const double extent_m : {1e-320, 1e-200, 1.0, 3e5, 1e7, 1e150, 1e300}) {
    for (const double part : {1e-12, 1e-6, 1e-3, 0.5, 3.0, 1e9}) {
      const double reach_m = std::max(extent_m * part, 1e-100);
      const double offset = extent_m * 1e3 * uniform();
      Box all;
      all.include(offset, -offset);
      all.include(offset + extent_m, extent_m - offset);
      const RoughReach reach(all, reach_m);
      int far_passed = 0;
      for (int k = 0; k < 1000; ++k) {
        const double x = offset + extent_m * uniform();
        const double y = extent_m * uniform() - offset;
        const double length = reach_m * (k % 2 == 0 ? 0.5 + uniform() : 1 + 1e-15 * (k % 7 - 3));
        const double angle = 6.283185307179586 * uniform();
        const double x2 = std::clamp(x + length * std::cos(angle), all.min_x, all.max_x);
        const double y2 = std::clamp(y + length * std::sin(angle), all.min_y, all.max_y);
        const bool passes = reach.may_be_close(reach.place(x, y), reach.place(x2, y2));
        const double squared = squared_distance(x, y, x2, y2);
        if (squared <= reach_m * reach_m) {
          EXPECT_TRUE(passes) << extent_m << " " << reach_m << " " << k;
        } else if (squared > 1.05 * reach_m * reach_m && passes) {
          ++far_passed;
        }
      }
      if (part >= 1e-3 && std::isfinite(reach_m * reach_m)) {
        EXPECT_EQ(far_passed, 0) << extent_m << " " << reach_m;
      }
    }
  }
  const RoughReach one_place(Box{5, 5, 5, 5}, 1);
  EXPECT_TRUE(one_place.may_be_close(one_place.place(5, 5), one_place.place(5, 5)));
  EXPECT_FALSE(one_place.may_be_close(one_place.place(5, 5), kNowhere));
}

}  // namespace
}  // namespace tradegraph::kernels
