/// The cut of a density forest at eps is what DBSCAN finds at eps, cluster by cluster and role by
/// role.

#include "kernels/density_forest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "engine/base/error.hpp"
#include "engine/base/slices.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/density_stages.hpp"
#include "kernels/forest_cut.hpp"
#include "kernels/point_scan.hpp"
#include "tests/support/dbscan_reference.hpp"

namespace tradegraph::kernels {
namespace {

/// Whether two clusterings of points differ in nothing but the clusters' numbers; -1 = none.
bool is_same_clustering(const std::vector<std::int32_t>& found,
                        const std::vector<std::int64_t>& expected) {
  std::map<std::int64_t, std::int64_t> there, back;
  for (std::size_t p = 0; p < found.size(); ++p) {
    if ((found[p] < 0) != (expected[p] < 0)) return false;
    if (there.try_emplace(found[p], expected[p]).first->second != expected[p]) return false;
    if (back.try_emplace(expected[p], found[p]).first->second != found[p]) return false;
  }
  return true;
}

/// Cuts the forests at every level, each alone and some after those before, and compares with a run
/// of `dbscan`, and, for few firms, with the definition: each rank those that it grows. Returns the
/// number of settings of all ranks.
int check(const Firms& firms, const SweepGrid& grid, bool by_definition) {
  const auto world = comm::Communicator::world();
  comm::Team team(world, 0);
  const auto own = own_settings(world, grid.min_firms.size());
  // Each rank gives a slice of the pairs, and some of the next one's.
  const Slices slices(std::ssize(firms.first), world.size());
  const auto begin = static_cast<std::size_t>(slices.begin(world.rank()));
  const auto count = std::min(static_cast<std::size_t>(slices.count(world.rank())) + 5,
                              firms.first.size() - begin);
  const Pairs some{firms.pairs().first.subspan(begin, count),
                   firms.pairs().second.subspan(begin, count)};
  const auto forests = density_forests(team, firms.points(), some, grid);
  EXPECT_EQ(forests.size(), own.size());
  int settings = 0;
  for (std::size_t k = 0; k < forests.size(); ++k) {
    ForestCut rising(forests[k]);
    for (std::size_t e = 0; e < grid.eps_m.size(); ++e) {
      const DbscanConfig config{grid.eps_m[e], grid.min_firms[own[k]], grid.stretch};
      const auto cut = forests[k].cut(static_cast<Level>(e));
      const auto expected = by_definition ? DbscanReference(firms, config).run()
                                          : dbscan(firms.points(), firms.pairs(), config);
      EXPECT_EQ(cut.cluster, expected.cluster) << config.eps_m << " " << config.min_firms;
      EXPECT_EQ(cut.role, expected.role) << config.eps_m << " " << config.min_firms;
      ++settings;
      if ((e + k) % 3 == 2) continue;  // some levels at once
      rising.rise_to(static_cast<Level>(e));
      std::vector<std::int64_t> in_order;
      for (const auto i : forests[k].points().input) in_order.push_back(expected.cluster[i]);
      EXPECT_TRUE(is_same_clustering(rising.cluster(), in_order)) << config.eps_m;
    }
  }
  return comm::all_reduce(world, settings, comm::ReduceOp::sum);
}

/// `count` ascending values from `least` up to about `most`, unevenly spaced.
std::vector<double> some_eps(std::uint64_t seed, std::size_t count, double least, double most) {
  const CounterRandom random(seed, 7);
  std::vector<double> eps;
  for (std::size_t i = 0; i < count; ++i) eps.push_back(least + random.uniform(i) * (most - least));
  std::sort(eps.begin(), eps.end());
  eps.erase(std::unique(eps.begin(), eps.end()), eps.end());
  return eps;
}

TEST(DensityForest, CutsEqualTheDefinitionForHundredsOfSettings) {
  int settings = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    auto firms = random_firms(seed, 120 + static_cast<std::int64_t>(seed) * 10, 100, 0);
    random_trade(firms, seed, 300);
    settings += check(firms,
                      {some_eps(seed, 1 + seed % 8, 1, 30),
                       {1, 2 + static_cast<std::int64_t>(seed % 3), 6, 20},
                       1.0 + 0.5 * static_cast<double>(seed % 4)},
                      true);
  }
  EXPECT_GT(settings, 200);
}

TEST(DensityForest, CutsEqualDbscanForHundredsOfSettings) {
  int settings = 0;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    auto firms = random_firms(seed, 3000, 200, 0);
    random_trade(firms, seed, 12000);
    settings += check(firms,
                      {some_eps(seed, 12, 0.5, 40),
                       {1, 3, 8, 21, 60},
                       1.0 + 0.75 * static_cast<double>(seed % 3)},
                      false);
  }
  EXPECT_GT(settings, 600);
}

TEST(DensityForest, LatticesWithDistancesOfExactlyEps) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const double step = seed % 2 == 0 ? 1.0 : 0.1;
    auto firms = random_firms(seed, 400, 30 * step, step);
    random_trade(firms, seed, 1500);
    std::vector<double> eps;
    for (int i = 1; i <= 8; ++i) {
      eps.push_back(i * step);
      eps.push_back(std::sqrt(2.0) * i * step);
      eps.push_back(std::nextafter(i * step, 0.0));
    }
    std::sort(eps.begin(), eps.end());
    check(firms, {eps, {2, 5, 9, 40}, seed % 3 == 0 ? 1.0 : 2.0}, false);
  }
}

TEST(DensityForest, ManyFirmsACellUseTheTrees) {
  for (std::uint64_t seed = 0; seed < 2; ++seed) {
    const std::int64_t count = kFewPoints + 2000;
    auto firms = random_firms(seed, count, 100, seed == 0 ? 0 : 0.5);
    random_trade(firms, seed, 4 * count);
    check(firms, {{12, 13.5, 27, 28, 29, 60}, {5, 400, 1200, count - 400}, 1.5}, false);
  }
}

/// More min_firms than are compared at a time, and more candidates than are ranked at a time.
TEST(DensityForest, ManyMinFirms) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    auto firms = random_firms(seed, 1500, 100, seed % 2 == 0 ? 0 : 2);
    random_trade(firms, seed, 3000);
    check(firms,
          {some_eps(seed, 9, 2, 40),
           {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 200, 250, 300, 350, 400, 500},
           seed < 2 ? 1.0 : 2.0},
          false);
  }
}

/// The closest pair of two cells that have trees decides, in whatever halves its firms are.
TEST(DensityForest, TwoCellsMeetAtTheirClosestPair) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const CounterRandom random(seed, 5);
    Firms firms;
    for (std::uint64_t at = 0; at < 400; at += 4) {
      firms.add(7 * random.uniform(at), 7 * random.uniform(at + 1));
      firms.add(17.3 + 3.7 * random.uniform(at + 2), 7 * random.uniform(at + 3));
    }
    check(firms, {some_eps(seed, 60, 10, 12), {1, 50}, 1}, false);
  }
}

/// Where all are core for the largest min_firms beside firms that are so only for the smallest,
/// what is known of the one must not be taken for the other.
TEST(DensityForest, TowersAmongScatteredFirms) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    auto firms = random_firms(seed, 300, 80, 0);
    const CounterRandom random(seed, 3);
    for (std::uint64_t tower = 0; tower < 40; ++tower) {
      const double x = 80 * random.uniform(2 * tower);
      const double y = 80 * random.uniform(2 * tower + 1);
      for (int i = 0; i < 20; ++i) firms.add(x + 0.01 * i, y);
    }
    check(firms, {{1, 2, 3.5, 6, 9, 14}, {2, 4, 20}, 1}, false);
  }
}

TEST(DensityForest, TowersOfThreeThousand) {
  Firms firms;
  for (int i = 0; i < 3000; ++i) firms.add(1000, 1000);
  for (int i = 0; i < 3000; ++i) firms.add(1600, 1800);
  for (int i = 0; i < 40; ++i) firms.add(1000 + 20 * i, 900 - 7 * i);
  check(firms, {{10, 30, 999, 1000, 1001, 1200, 5000}, {2, 30, 3000, 3001, 6000}, 1}, false);
}

TEST(DensityForest, NothingOneFirmAndAChainOfPartners) {
  Firms firms;
  check(firms, {{1, 2}, {1, 2}, 2}, true);
  firms.add(127, 36);
  check(firms, {{1, 2}, {1, 2}, 2}, true);
  Firms chain;
  for (int i = 0; i < 60; ++i) chain.add(15.0 * i, i % 3);
  for (int i = 0; i + 1 < 60; ++i) chain.trade(i + 1, i);
  for (int i = 2; i < 60; ++i) chain.trade(0, i);  // a hub
  check(chain, {{1, 5, 9, 10, 14, 15, 16, 100, 500}, {1, 2, 3, 4, 10, 60}, 1.5}, true);
}

TEST(DensityForest, ThreadsAndTheOrderOfPointsDoNotMatter) {
  auto firms = random_firms(5, 8000, 300, 0);
  random_trade(firms, 5, 30000);
  const SweepGrid grid{{2, 3, 4, 6, 9, 14, 15, 16}, {4, 9, 25}, 2};
  const auto forests = density_forests(firms.points(), firms.pairs(), grid);
  Firms reversed = firms;
  std::reverse(reversed.x.begin(), reversed.x.end());
  std::reverse(reversed.y.begin(), reversed.y.end());
  std::reverse(reversed.row.begin(), reversed.row.end());
  const auto last = static_cast<std::int64_t>(firms.size()) - 1;
  for (auto& i : reversed.first) i = last - i;
  for (auto& i : reversed.second) i = last - i;
  const int threads = omp_get_max_threads();
  for (const int other : {1, 3, 6}) {
    omp_set_num_threads(other);
    const auto again = density_forests(reversed.points(), reversed.pairs(), grid);
    for (std::size_t k = 0; k < forests.size(); ++k) {
      for (std::size_t i = 0; i < grid.eps_m.size(); ++i) {
        const auto e = static_cast<Level>(i);
        auto cut = again[k].cut(e);
        std::reverse(cut.cluster.begin(), cut.cluster.end());
        EXPECT_EQ(cut.cluster, forests[k].cut(e).cluster);
      }
    }
  }
  omp_set_num_threads(threads);
}

TEST(DensityForest, AFarFirmAddedChangesNothingElse) {
  auto firms = random_firms(8, 600, 100, 0);
  const SweepGrid grid{{3, 5, 8, 13}, {3, 7}, 1};
  const auto before = density_forests(firms.points(), firms.pairs(), grid);
  firms.add(1e7, -1e7);
  firms.row.back() = 1 << 30;
  const auto after = density_forests(firms.points(), firms.pairs(), grid);
  for (std::size_t k = 0; k < before.size(); ++k) {
    for (std::size_t i = 0; i < grid.eps_m.size(); ++i) {
      const auto e = static_cast<Level>(i);
      auto expected = before[k].cut(e).cluster;
      expected.push_back(-1);
      EXPECT_EQ(after[k].cut(e).cluster, expected);
    }
  }
}

TEST(DensityForest, RefusesGridsThatDoNotAscend) {
  Firms firms;
  firms.add(0, 0);
  const auto run = [&](const SweepGrid& grid) {
    static_cast<void>(density_forests(firms.points(), firms.pairs(), grid));
  };
  EXPECT_THROW(run({{}, {1}, 1}), Error);
  EXPECT_THROW(run({{1}, {}, 1}), Error);
  EXPECT_THROW(run({{2, 1}, {1}, 1}), Error);
  EXPECT_THROW(run({{1, 1}, {1}, 1}), Error);
  EXPECT_THROW(run({{1}, {2, 2}, 1}), Error);
  EXPECT_THROW(run({{1}, {0}, 1}), Error);
  EXPECT_THROW(run({{-1, 1}, {1}, 1}), Error);
  EXPECT_THROW(run({{1}, {1}, 0.5}), Error);
}

TEST(PointScan, FindsWhatIsWithinReachInRunsOfAnyLength) {
  const auto firms = random_firms(3, 600, 100, 1);  // many at a distance of exactly the reach
  const SpatialGrid grid(firms.points(), 50);
  const CounterRandom random(3, 9);
  for (std::uint64_t at = 0; at < 2000; ++at) {
    const auto first = static_cast<std::int64_t>(random.uniform(3 * at) * 560);
    const PointRun run{first, first + static_cast<std::int64_t>(at % 40)};
    const auto place = grid.place(static_cast<std::int64_t>(random.uniform(3 * at + 1) * 600));
    const double reach_squared = std::round(random.uniform(3 * at + 2) * 4000);
    std::vector<std::pair<double, std::int64_t>> expected, found;
    for (auto p = run.first; p < run.last; ++p) {
      const auto [x, y] = grid.place(p);
      const double squared = squared_distance(x, y, place.x, place.y);
      if (squared <= reach_squared) expected.emplace_back(squared, p);
    }
    PointsWithin within;
    within.add(grid, {run.first, run.first}, place, reach_squared);
    within.add(grid, run, place, reach_squared);
    for (std::size_t i = 0; i < within.count(); ++i) {
      found.emplace_back(within.squared_distance(i), within.position(i));
    }
    EXPECT_EQ(found, expected);
    EXPECT_EQ(count_within(grid, {&run, 1}, place, reach_squared), std::ssize(expected));
  }
}

/// How often each cell of some grids is treated, by all ranks.
std::vector<int> times_dealt(const comm::Communicator& world, CellDealer& dealer,
                             const std::vector<std::int64_t>& grids) {
  std::vector<int> times;
  for (const auto cells : grids) {
    std::vector<int> of_grid(static_cast<std::size_t>(cells), 0);
#pragma omp parallel
    dealer.deal(cells, [&](std::int64_t cell) { ++of_grid[static_cast<std::size_t>(cell)]; });
    times.insert(times.end(), of_grid.begin(), of_grid.end());
  }
  comm::all_reduce_in_place(world, std::span<int>(times), comm::ReduceOp::sum);
  return times;
}

TEST(CellDealer, DealsEachCellOnce) {
  const auto world = comm::Communicator::world();
  comm::Team team(world, 0);
  CellDealer dealer(team.tickets());
  for (std::int64_t round = 0; round < 20; ++round) {  // consecutive ones must not mix
    dealer.start({world.rank(), world.size()});
    EXPECT_THAT(times_dealt(world, dealer, {round * 100}), testing::Each(1));
    dealer.start({world.rank(), world.size()});
    EXPECT_THAT(times_dealt(world, dealer, {127, 128, 0, 129, 5000, 1}), testing::Each(1));
  }
}

TEST(EpsLevels, AreFoundByTheComparisonOfEachEps) {
  const std::vector<double> eps{0.1, 0.2, 0.30000000000000004, 1, std::nextafter(1.0, 2.0), 50};
  const EpsLevels levels(eps, 1.1);
  const CounterRandom random(1, 1);
  for (std::uint64_t i = 0; i < 20000; ++i) {
    const auto near = eps[i % eps.size()] * eps[i % eps.size()];
    const double squared = i % 3 == 0   ? std::nextafter(near, 0.0)
                           : i % 3 == 1 ? std::nextafter(near, 1e9)
                                        : random.uniform(i) * near * 2;
    Level plain = 0;
    while (plain < eps.size() && !(squared <= eps[plain] * eps[plain])) ++plain;
    Level trade = 0;
    while (trade < eps.size() && !(squared <= (1.1 * eps[trade]) * (1.1 * eps[trade]))) ++trade;
    EXPECT_EQ(levels.of(squared), plain);
    EXPECT_EQ(levels.of_trade(squared), trade);
  }
}

}  // namespace
}  // namespace tradegraph::kernels
