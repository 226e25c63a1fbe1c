/// Identification over ranks against a slow sequential reference.

#include "kernels/identify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/group_pieces.hpp"
#include "kernels/nearest_point.hpp"
#include "tests/support/identify_reference.hpp"

namespace tradegraph::kernels {
namespace {

constexpr double kNowhere = std::numeric_limits<double>::quiet_NaN();

class Identify : public testing::Test {
 protected:
  /// Runs on a random distribution and returns the result for the whole nation, on every rank.
  Identification run(const Nation& nation, const IdentifyConfig& config, std::uint64_t seed = 1) {
    const auto share = share_of(nation, world_, seed);
    auto mine = identify(world_, share.nation.places, share.nation.trade, config);
    EXPECT_EQ(mine.membership.label.size(), share.kept.size());
    std::vector<std::int64_t> label(nation.size(), 0);
    std::vector<std::int64_t> role(nation.size(), 0);
    for (std::size_t k = 0; k < share.kept.size(); ++k) {
      label[share.kept[k]] = mine.membership.label[k];
      role[share.kept[k]] = static_cast<std::int64_t>(mine.membership.role[k]);
    }
    comm::all_reduce_in_place(world_, std::span(label), comm::ReduceOp::sum);
    comm::all_reduce_in_place(world_, std::span(role), comm::ReduceOp::sum);
    Membership whole{label, {}, {}};
    for (const auto r : role) whole.role.push_back(static_cast<Role>(r));
    return {whole, mine.summary};
  }

  Identification check(const Nation& nation, IdentifyConfig config, std::uint64_t seed = 1) {
    config.verify = true;
    auto result = run(nation, config, seed);
    IdentifyReference reference(nation, config);
    const auto expected = reference.run();
    EXPECT_EQ(result.membership.label, expected.label);
    EXPECT_EQ(result.membership.role, expected.role);
    EXPECT_EQ(result.summary.clusters, reference.clusters());
    EXPECT_THAT(result.summary.violations, testing::IsEmpty());
    const auto count = [&](Role role) {
      return std::count(expected.role.begin(), expected.role.end(), role);
    };
    EXPECT_EQ(result.summary.core, count(Role::core));
    EXPECT_EQ(result.summary.border, count(Role::border));
    EXPECT_EQ(result.summary.absorbed, count(Role::absorbed));
    EXPECT_EQ(result.summary.noise + result.summary.without_place, count(Role::noise));
    return result;
  }

  comm::Communicator world_ = comm::Communicator::world();
};

TEST_F(Identify, RandomNations) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const auto nation = random_nation(seed, 400);
    IdentifyConfig config{.dbscan = {6, 5, 1.0 + 0.5 * static_cast<double>(seed % 3)}};
    for (const auto absorb : {Absorb::none, Absorb::footprint, Absorb::admin}) {
      config.absorb = absorb;
      check(nation, config, seed);
    }
    config.absorb = Absorb::footprint;
    config.absorb_radius_m = 15;
    config.per_group = {{1, {9, 8, 1.5}}, {3, {3, 2, 2}}};
    check(nation, config, seed);
    config.per_group.clear();
    config.ungrouped = true;
    check(nation, config, seed);
  }
}

/// Few distinct places, so that every rule meets ties: distances of exactly eps and exactly the
/// radius, equal ratios, sizes and numbers of links; far from the origin for every third seed.
Nation crowded_nation(std::uint64_t seed) {
  const CounterRandom random(seed, 17);
  const auto firms = static_cast<std::int64_t>(random.below(1, 160));
  const double step = seed % 2 == 0 ? 1 : 0.1;
  const double offset = seed % 3 == 0 ? 1e6 : 0;
  Nation nation;
  for (std::int64_t i = 0; i < firms; ++i) {
    const auto at = static_cast<std::uint64_t>(i) * 8 + 100;
    double x = offset + step * static_cast<double>(random.below(at, 30));
    const double y = step * static_cast<double>(random.below(at + 1, 9)) - offset;
    const auto region = static_cast<std::int32_t>(random.below(at + 2, 4)) - 1;
    const auto group = static_cast<std::int32_t>(random.below(at + 3, 4)) - 1;
    if (random.below(at + 4, 25) == 0) x = kNowhere;
    nation.add(x, y, group, region);
    nation.places.row.back() = (i * 7919) % 100003;
  }
  for (std::int64_t k = 0; k < 3 * firms; ++k) {
    const auto at = static_cast<std::uint64_t>(k) * 2 + 100'000;
    nation.link(static_cast<std::int64_t>(random.below(at, nation.size())),
                static_cast<std::int64_t>(random.below(at + 1, nation.size())));
  }
  return nation;
}

/// Settings whose lengths are distances of the lattice.
IdentifyConfig crowded_settings(std::uint64_t seed) {
  const CounterRandom random(seed, 18);
  const double step = seed % 2 == 0 ? 1 : 0.1;
  constexpr std::array kLengths{1.0, 2.0, 3.0, 5.0};
  constexpr std::array kStretches{1.0, 1.5, 2.0, 3.0};
  const auto eps = [&](std::uint64_t at) { return step * kLengths[random.below(at, 4)]; };
  const auto min_firms = [&](std::uint64_t at) {
    return 1 + static_cast<std::int64_t>(random.below(at, 9));
  };
  IdentifyConfig config{.dbscan = {eps(1), min_firms(2), kStretches[random.below(3, 4)]}};
  config.absorb = std::array{Absorb::none, Absorb::footprint, Absorb::admin}[random.below(4, 3)];
  if (random.below(5, 2) == 0) config.absorb_radius_m = eps(6) + eps(7);
  config.ungrouped = random.below(8, 3) == 0;
  if (!config.ungrouped && random.below(9, 2) == 0) {
    config.per_group[1] = {eps(10), min_firms(11), kStretches[random.below(12, 4)]};
  }
  return config;
}

TEST_F(Identify, CrowdedNationsFullOfTies) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const auto nation = crowded_nation(seed);
    auto config = crowded_settings(seed);
    const auto has_region = [](auto region) { return region >= 0; };
    const auto& regions = nation.places.region;
    const bool any = std::any_of(regions.begin(), regions.end(), has_region);
    if (!any && config.absorb == Absorb::admin) config.absorb = Absorb::footprint;
    check(nation, config, seed);
  }
}

TEST_F(Identify, NothingAndFewerFirmsThanRanks) {
  Nation nation;
  EXPECT_EQ(check(nation, {}).summary.clusters, 0);
  check(nation, {.absorb = Absorb::admin});
  nation.add(1, 2, 0);
  EXPECT_EQ(check(nation, {.dbscan = {10, 1, 2}}).summary.clusters, 1);
  EXPECT_EQ(check(nation, {.dbscan = {10, 2, 2}}).summary.noise, 1);
  nation.add(kNowhere, 2, 0);
  EXPECT_EQ(check(nation, {.dbscan = {10, 1, 2}}).summary.without_place, 1);
}

TEST_F(Identify, NeitherNumbersNorDistributionMatter) {
  const auto nation = random_nation(5, 500);
  const IdentifyConfig config{.dbscan = {7, 5, 2}};
  const auto first = run(nation, config, 1);
  EXPECT_EQ(run(nation, config, 2).membership.label, first.membership.label);
  auto renamed = nation;
  const auto rename = [](std::int64_t& firm) {
    firm = (firm * 48271) % 2147483647 - 1'000'000'000;
  };
  for (auto* column : {&renamed.places.firm, &renamed.trade.supplier, &renamed.trade.buyer}) {
    for (auto& firm : *column) rename(firm);
  }
  EXPECT_EQ(run(renamed, config, 3).membership.label, first.membership.label);
  auto transposed = nation;
  std::swap(transposed.trade.supplier, transposed.trade.buyer);
  EXPECT_EQ(run(transposed, config, 4).membership.label, first.membership.label);
}

/// Clusters of five at 0 (group 0) and at 15 (group 1), and a firm of no group at 7.5.
Nation two_towers() {
  Nation nation;
  nation.add_tower(5, 0, 0, 0, 1);
  nation.add_tower(5, 15, 0, 1, 2);
  nation.add(7.5, 0, -1, 2);
  return nation;
}
const IdentifyConfig kTowers{.dbscan = {10, 5, 2}};

TEST_F(Identify, MostLinksWin) {
  auto nation = two_towers();
  EXPECT_EQ(check(nation, kTowers).membership.label[10], kNoCluster);  // no trade, no claim
  nation.link(10, 0);
  EXPECT_EQ(check(nation, kTowers).membership.label[10], 0);
  nation.link(7, 10);
  nation.link(10, 7);  // the other direction is another link
  auto result = check(nation, kTowers);
  EXPECT_EQ(result.membership.role[10], Role::absorbed);
  EXPECT_EQ(result.membership.label[10], result.membership.label[5]);
  EXPECT_EQ(result.membership.label[5], 0);        // the larger one now
  for (int i = 0; i < 9; ++i) nation.link(10, 0);  // repeats are one link
  result = check(nation, kTowers);
  EXPECT_EQ(result.membership.label[10], result.membership.label[5]);
}

TEST_F(Identify, ThenTheNearestCoreThenTheProvisionalOrder) {
  auto nation = two_towers();
  nation.link(10, 0);
  nation.link(10, 5);
  auto result = check(nation, kTowers);
  EXPECT_EQ(result.membership.label[10], result.membership.label[0]);  // row 0 comes first
  nation.places.x_m[10] = 7.6;
  result = check(nation, kTowers);
  EXPECT_EQ(result.membership.label[10], result.membership.label[5]);
  nation.places.x_m[10] = 7.5;
  nation.add(20, 0, 1, 2);  // makes the second the larger before absorption
  result = check(nation, kTowers);
  EXPECT_EQ(result.membership.label[10], result.membership.label[5]);
}

TEST_F(Identify, FootprintAsksForAnyCoreWithinTheRadius) {
  auto nation = two_towers();
  nation.add_tower(5, 9, 0, 0, 1);  // prolongs the first cluster
  nation.places.x_m[10] = 20.5;
  nation.link(10, 0);  // the partner is far, another core of its cluster is not
  EXPECT_EQ(check(nation, kTowers).membership.role[10], Role::noise);
  auto config = kTowers;
  config.absorb_radius_m = 11.5;
  EXPECT_EQ(check(nation, config).membership.role[10], Role::absorbed);
  config.absorb_radius_m = std::nextafter(11.5, 11.0);
  EXPECT_EQ(check(nation, config).membership.role[10], Role::noise);
}

TEST_F(Identify, AdminAsksForTheRegionOfACore) {
  auto nation = two_towers();
  auto config = kTowers;
  config.absorb = Absorb::admin;
  nation.link(0, 10);
  EXPECT_EQ(check(nation, config).membership.role[10], Role::noise);
  nation.link(6, 10);
  nation.places.x_m[10] = 1e6;  // distance is no matter
  EXPECT_EQ(check(nation, config).membership.role[10], Role::absorbed);
  nation.places.region[10] = -1;
  EXPECT_EQ(check(nation, config).membership.role[10], Role::noise);
  nation.places.region[10] = 2;
  nation.places.x_m[10] = kNowhere;
  EXPECT_EQ(check(nation, config).membership.role[10], Role::noise);
  for (auto& region : nation.places.region) region = -1;
  EXPECT_THROW(static_cast<void>(run(nation, config)), Error);
}

TEST_F(Identify, OneRoundOnly) {
  auto nation = two_towers();
  nation.add(8, 0, -1, 2);
  nation.link(10, 0);
  nation.link(10, 11);  // trades with an absorbed firm only
  const auto result = check(nation, kTowers);
  EXPECT_EQ(result.membership.role[10], Role::absorbed);
  EXPECT_EQ(result.membership.role[11], Role::noise);
}

TEST_F(Identify, AbsorbedFirmsCountForSizeAndSmallestRow) {
  auto nation = two_towers();
  nation.add(15, 9, -1, 2);
  nation.link(10, 0);
  nation.link(11, 5);
  auto result = check(nation, kTowers);
  EXPECT_EQ(result.membership.label[5], 1);
  nation.places.row[11] = -1;  // before all
  result = check(nation, kTowers);
  EXPECT_EQ(result.membership.label[5], 0);
}

TEST_F(Identify, CountsClustersWithoutStretch) {
  Nation nation;
  nation.add_tower(5, 0, 0, 0);
  nation.add_tower(5, 15, 0, 0);
  nation.link(0, 5);
  const auto result = check(nation, kTowers);
  EXPECT_EQ(result.summary.clusters, 1);
  EXPECT_EQ(result.summary.clusters_without_stretch, 2);
  EXPECT_THAT(result.summary.sizes, testing::ElementsAre(10));
  EXPECT_THAT(result.summary.groups, testing::ElementsAre(0));
}

TEST_F(Identify, IgnoresTradeOfFirmsThatAreNotThere) {
  auto nation = two_towers();
  nation.link(10, 99);
  nation.link(99, 10);
  nation.link(98, 99);
  EXPECT_EQ(check(nation, kTowers).membership.role[10], Role::noise);
}

TEST_F(Identify, ErrorsReachAllRanks) {
  Nation nation;
  nation.add(0, 0, 0);
  EXPECT_THROW(static_cast<void>(run(nation, {.dbscan = {-1, 5, 2}})), Error);
  EXPECT_THROW(static_cast<void>(run(nation, {.absorb_radius_m = -1})), Error);
  EXPECT_THROW(static_cast<void>(run(nation, {.per_group = {{0, {}}}, .ungrouped = true})), Error);
  nation.add(1e9, 1e9, 0);  // on one rank only: eps is too small for this extent
  EXPECT_THROW(static_cast<void>(run(nation, {.dbscan = {1e-9, 5, 2}})), Error);
  const auto& twice = nation.places;
  if (world_.size() > 1) {
    EXPECT_THROW(static_cast<void>(identify(world_, twice, {}, {})), Error);
  }
}

TEST_F(Identify, KDistanceIsAGroupsOwn) {
  Nation nation;
  nation.add(0, 0, 0);
  nation.add(3, 4, 0);
  nation.add(1, 0, 1);
  nation.add(0, 1, -1);
  IdentifyConfig config{.dbscan = {10, 2, 1}};
  config.k_distance = true;
  const auto share = share_of(nation, world_, 1);
  const auto result = identify(world_, share.nation.places, share.nation.trade, config);
  EXPECT_EQ(result.membership.k_distance_m.size(), share.kept.size());
  for (std::size_t k = 0; k < share.kept.size(); ++k) {
    const double distance_m = result.membership.k_distance_m[k];
    EXPECT_TRUE(share.kept[k] < 2 ? distance_m == 5 : std::isnan(distance_m)) << distance_m;
  }
}

TEST_F(Identify, DealsTheLargestTasksFirst) {
  // 9 and 5 first; then 4 to the lesser load, 4 to the first of two equals, 3 to the lesser.
  EXPECT_EQ(deal({3, 9, 4, 5, 4}, 2), (std::vector<std::int32_t>{1, 0, 1, 1, 0}));
}

/// A group of many firms in towns, which ranks share.
Nation nation_of_towns(std::int64_t n) {
  const CounterRandom random(12, 1);
  Nation nation;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto k = static_cast<std::uint64_t>(4 * i);
    const double town = std::floor(random.uniform(k) * 12);
    const double spread = 5 + 3 * town;
    nation.add(town * 80 + random.uniform(k + 1) * spread, random.uniform(k + 2) * spread * 9,
               i % 10 == 0 ? 1 : 0);
  }
  for (std::int64_t k = 0; k < 3 * n; ++k) {
    const auto at = static_cast<std::uint64_t>(2 * k) + 10'000'000;
    nation.link(static_cast<std::int64_t>(random.below(at, nation.size())),
                static_cast<std::int64_t>(random.below(at + 1, nation.size())));
  }
  return nation;
}

TEST_F(Identify, RanksShareALargeGroup) {
  const auto nation = nation_of_towns(1500);
  for (const double eps : {4.0, 11.0, 40.0, 300.0}) {
    for (const double stretch : {1.0, 3.0}) {
      check(nation, {.dbscan = {eps, 6, stretch}, .ungrouped = true});
      check(nation, {.dbscan = {eps, 12, stretch}, .absorb_radius_m = 2 * eps});
    }
  }
}

TEST_F(Identify, PiecesAreBalancedAndKnowTheirSurroundings) {
  const auto nation = nation_of_towns(6000);
  const auto share = share_of(nation, world_, 3);
  const IdentifyConfig config{.dbscan = {9, 5, 1}, .ungrouped = true};
  const FirmDirectory directory(world_, share.nation.places);
  const GroupPieces pieces(world_, directory.firms(), config);
  const auto& at = nation.places;
  std::vector<std::int64_t> firms(static_cast<std::size_t>(world_.size()), 0);
  for (std::size_t i = 0; i < nation.size(); ++i) {
    ++firms[static_cast<std::size_t>(pieces.rank_of(0, at.x_m[i], at.y_m[i]))];
  }
  const auto mean = static_cast<double>(nation.size()) / world_.size();
  EXPECT_LE(static_cast<double>(*std::max_element(firms.begin(), firms.end())), 1.1 * mean);
  for (std::size_t i = 0; i < 600; ++i) {
    std::set<std::int32_t> near;
    near.insert(
        pieces.rank_of(0, at.x_m[i], at.y_m[i], [&](std::int32_t rank) { near.insert(rank); }));
    for (std::size_t j = 0; j < 600; ++j) {
      if (squared_distance(at.x_m[i], at.y_m[i], at.x_m[j], at.y_m[j]) > 81) continue;
      EXPECT_TRUE(near.contains(pieces.rank_of(0, at.x_m[j], at.y_m[j])));
    }
  }
}

TEST(NearestPoint, IsTheNearest) {
  const CounterRandom random(9, 9);
  for (const std::size_t n : {0U, 1U, 16U, 17U, 500U}) {
    std::vector<Place> places;
    for (std::size_t i = 0; i < n; ++i) {
      places.push_back({std::round(random.uniform(2 * i) * 20), random.uniform(2 * i + 1) * 20});
      if (i % 3 == 0) places.back() = {4, 4};
    }
    NearestPoint nearest(places);
    for (std::uint64_t q = 0; q < 50; ++q) {
      const Place place{random.uniform(9000 + 2 * q) * 30,
                        std::round(random.uniform(9001 + 2 * q) * 30)};
      double expected = std::numeric_limits<double>::infinity();
      for (const auto& other : places) {
        expected = std::min(expected, squared_distance(place.x, place.y, other.x, other.y));
      }
      EXPECT_EQ(nearest.squared_distance_to(place), expected);
    }
  }
}

}  // namespace
}  // namespace tradegraph::kernels
