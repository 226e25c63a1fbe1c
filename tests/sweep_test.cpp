/// A sweep beside a run of `identify` for each of its settings.

#include "kernels/sweep.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <map>

#include "engine/base/error.hpp"
#include "engine/comm/collectives.hpp"
#include "tests/support/identify_reference.hpp"

namespace tradegraph::kernels {
namespace {

/// Labels of the firms with a place, by position in the nation.
std::vector<Label> labels_of_placed(const Nation& nation, const IdentifyConfig& config) {
  const auto label = IdentifyReference(nation, config).run().label;
  std::vector<Label> placed;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (!std::isnan(nation.places.x_m[i])) placed.push_back(label[i]);
  }
  return placed;
}

/// The adjusted Rand index by its definition over all pairs of firms.
double rand_by_pairs(const std::vector<Label>& a, const std::vector<Label>& b) {
  double both = 0, only_a = 0, only_b = 0, apart = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool in_a = a[i] == a[j];
      const bool in_b = b[i] == b[j];
      (in_a ? (in_b ? both : only_a) : (in_b ? only_b : apart)) += 1;
    }
  }
  if (only_a == 0 && only_b == 0) return 1;
  const double pairs = both + only_a + only_b + apart;
  const double expected = (both + only_a) * (both + only_b) / pairs;
  return (both - expected) / ((2 * both + only_a + only_b) / 2 - expected);
}

/// As docs/formats.md defines the columns of stability.csv, cluster by cluster.
std::vector<Stability> stability_by_sets(const std::vector<Label>& a, const std::vector<Label>& b) {
  std::map<Label, std::int64_t> size_a, size_b;
  std::map<std::pair<Label, Label>, std::int64_t> both;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ++size_a[a[i]];
    ++size_b[b[i]];
    ++both[{a[i], b[i]}];
  }
  size_a.erase(-1);
  std::vector<Stability> result;
  std::map<Label, int> times_best;
  for (const auto& [label, firms] : size_a) {
    Stability at;
    at.firms = firms;
    at.noise = both[{label, -1}];
    for (const auto& [other, other_firms] : size_b) {
      const auto shared = both[{label, other}];
      if (other < 0 || shared == 0) continue;
      if (static_cast<double>(shared) >= 0.25 * static_cast<double>(firms)) ++at.parts;
      const double jaccard =
          static_cast<double>(shared) / static_cast<double>(firms + other_firms - shared);
      if (jaccard <= at.jaccard) continue;
      at.jaccard = jaccard;
      at.best = static_cast<std::int32_t>(other);
      at.best_firms = other_firms;
      at.shared = shared;
    }
    at.survives = at.jaccard >= 0.5;
    at.splits = at.parts >= 2;
    if (at.best >= 0) ++times_best[at.best];
    result.push_back(at);
  }
  for (auto& at : result) at.merges = at.best >= 0 && times_best[at.best] >= 2;
  return result;
}

void expect_equal(const Stability& found, const Stability& expected) {
  EXPECT_EQ(found.firms, expected.firms);
  EXPECT_EQ(found.best, expected.best);
  EXPECT_EQ(found.best_firms, expected.best_firms);
  EXPECT_EQ(found.shared, expected.shared);
  EXPECT_DOUBLE_EQ(found.jaccard, expected.jaccard);
  EXPECT_EQ(found.survives, expected.survives);
  EXPECT_EQ(found.parts, expected.parts);
  EXPECT_EQ(found.splits, expected.splits);
  EXPECT_EQ(found.merges, expected.merges);
  EXPECT_EQ(found.noise, expected.noise);
}

std::vector<DbscanConfig> some_settings() {
  std::vector<DbscanConfig> settings;
  for (const double stretch : {1.0, 2.0}) {
    for (const std::int64_t k : {3, 5, 9}) {
      for (const double eps : {3.0, 5.0, 6.0, 10.0}) settings.push_back({eps, k, stretch});
    }
  }
  return settings;
}

class Sweep : public testing::Test {
 protected:
  WholeNation gather(const Nation& nation, bool ungrouped) {
    const auto share = share_of(nation, world_, 5);
    return gather_nation(world_, share.nation.places, share.nation.trade, ungrouped);
  }

  /// On the given team; other ranks may do other things.
  void check(const Nation& nation, const SweepConfig& config, bool ungrouped, comm::Team& team) {
    IdentifyConfig identify{.dbscan = config.baseline,
                            .absorb = config.absorb,
                            .absorb_radius_m = config.absorb_radius_m,
                            .ungrouped = ungrouped};
    const auto whole = gather(nation, ungrouped);
    const auto settings = some_settings();
    for (const bool are_expected : {false, true}) {
      SweepStudy study(team, whole, config, {},
                       are_expected ? settings : std::vector<DbscanConfig>());
      check(nation, identify, study, settings, team);
    }
  }

  /// `identify` is the baseline.
  void check(const Nation& nation, IdentifyConfig identify, SweepStudy& study,
             const std::vector<DbscanConfig>& settings, comm::Team& team) {
    const auto baseline = labels_of_placed(nation, identify);
    const auto expected_count = study.count_own(settings);
    std::map<std::size_t, SettingResult> results;
    study.run(settings, [&](std::size_t first, std::vector<SettingResult> some) {
      for (auto& result : some) results.emplace(first++, std::move(result));
    });
    const auto count = std::ssize(results);
    EXPECT_EQ(count, expected_count);
    EXPECT_EQ(comm::all_reduce<std::int64_t>(team.ranks(), count, comm::ReduceOp::sum),
              std::ssize(settings));
    for (const auto& [s, found] : results) {
      identify.dbscan = settings[s];
      const auto label = labels_of_placed(nation, identify);
      EXPECT_EQ(found.setting, settings[s]);
      EXPECT_EQ(found.clusters, *std::max_element(label.begin(), label.end()) + 1);
      EXPECT_EQ(found.largest, std::count(label.begin(), label.end(), 0));
      EXPECT_DOUBLE_EQ(found.noise_share,
                       static_cast<double>(std::count(label.begin(), label.end(), -1)) /
                           static_cast<double>(label.size()));
      EXPECT_NEAR(found.ari, rand_by_pairs(baseline, label), 1e-12);
      EXPECT_TRUE(std::isnan(found.ami));
      const auto expected = stability_by_sets(baseline, label);
      EXPECT_EQ(found.stability.size(), expected.size());
      for (std::size_t b = 0; b < std::min(expected.size(), found.stability.size()); ++b) {
        expect_equal(found.stability[b], expected[b]);
      }
    }
  }

  comm::Communicator world_ = comm::Communicator::world();
  comm::Team all_{world_, 0};
  comm::Team alone_{world_, world_.rank()};
};

TEST_F(Sweep, EachSettingIsWhatIdentifyFinds) {
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const auto nation = random_nation(seed, 300);
    for (const auto absorb : {Absorb::none, Absorb::footprint, Absorb::admin}) {
      check(nation, {.baseline = {6, 4, 1.5}, .absorb = absorb}, false, all_);
    }
    check(nation, {.baseline = {4, 3, 1}, .absorb_radius_m = 9}, false, all_);
    check(nation, {.baseline = {5, 4, 2}}, true, all_);
    check(nation, {.baseline = {5, 4, 2}, .absorb_radius_m = 14}, true, all_);
    check(nation, {.baseline = {2, 3, 2}}, false, all_);  // below all settings
  }
}

TEST_F(Sweep, TeamsWorkSideBySide) {
  const auto nation = random_nation(4, 300);
  check(nation, {.baseline = {6, 4, 1.5}}, false, alone_);
  comm::Team team(world_, world_.rank() % 2);
  check(nation, {.baseline = {5, 4, 2}, .absorb = Absorb::none}, true, team);
}

TEST_F(Sweep, GroupsOfATeamAreDealtWhole) {
  auto nation = random_nation(6, 900, 40);
  check(nation, {.baseline = {10, 3, 2}, .absorb = Absorb::none}, false, all_);
  // Beside one that all ranks grow together.
  for (std::size_t i = 0; i < nation.places.group.size(); i += 3) nation.places.group[i] = 7;
  check(nation, {.baseline = {6, 4, 2}}, false, all_);
  comm::Team team(world_, world_.rank() % 2);
  check(nation, {.baseline = {6, 4, 1.5}}, false, team);
}

TEST_F(Sweep, CellsOfATeamAreSharedOut) {
  // More than a block of cells a rank, so that neighbours are counted on different ranks.
  const auto nation = random_nation(9, 4000);
  const std::vector<DbscanConfig> settings{{2, 2, 2}, {3, 2, 2}, {8, 2, 2}, {2, 4, 2},
                                           {3, 4, 2}, {8, 4, 2}, {3, 7, 2}, {8, 7, 2}};
  const auto whole = gather(nation, true);
  const auto results_of = [&](comm::Team& team) {
    std::map<std::size_t, SettingResult> results;
    SweepStudy(team, whole, {.baseline = {3, 4, 2}})
        .run(settings, [&](std::size_t first, const auto& some) {
          for (const auto& result : some) results.emplace(first++, result);
        });
    return results;
  };
  const auto alone = results_of(alone_);
  ASSERT_EQ(alone.size(), settings.size());
  EXPECT_GT(alone.at(0).clusters, 50);
  for (const auto& [s, found] : results_of(all_)) {
    EXPECT_EQ(found.clusters, alone.at(s).clusters) << s;
    EXPECT_EQ(found.largest, alone.at(s).largest) << s;
    EXPECT_EQ(found.noise_share, alone.at(s).noise_share) << s;
    EXPECT_EQ(found.ari, alone.at(s).ari) << s;
  }
}

TEST_F(Sweep, WithoutFirmsOrWithoutPlacesNothingIsDefined) {
  Nation nation;
  for (int i = 0; i < 2; ++i) {
    const auto whole = gather(nation, true);
    SweepStudy study(all_, whole, {.baseline = {5, 2, 1}, .ami = true, .indicators = true});
    EXPECT_TRUE(study.baseline().empty());
    study.run(some_settings(), [](std::size_t, const std::vector<SettingResult>& results) {
      for (const auto& result : results) {
        EXPECT_EQ(result.clusters, 0);
        EXPECT_EQ(result.largest, 0);
        EXPECT_TRUE(std::isnan(result.noise_share));
        EXPECT_TRUE(std::isnan(result.ari));
        EXPECT_TRUE(std::isnan(result.ami));
      }
    });
    nation.add(std::nan(""), std::nan(""), 0);  // a firm without a place
  }
}

TEST_F(Sweep, BaselineAgreesWithItself) {
  const auto nation = random_nation(2, 500);
  const auto whole = gather(nation, false);
  SweepStudy study(all_, whole, {.baseline = {6, 4, 2}, .ami = true});
  const std::vector<DbscanConfig> settings{{6, 4, 2}};
  study.run(settings, [](std::size_t, const std::vector<SettingResult>& results) {
    EXPECT_EQ(results[0].ari, 1);
    EXPECT_NEAR(results[0].ami, 1, 1e-12);
    for (const auto& at : results[0].stability) {
      EXPECT_EQ(at.jaccard, 1);
      EXPECT_FALSE(at.splits || at.merges);
    }
  });
}

TEST_F(Sweep, WhatTheReceiverThrowsEndsTheWork) {
  const auto nation = random_nation(2, 100);
  const auto whole = gather(nation, false);
  SweepStudy study(all_, whole, {});
  int calls = 0;
  EXPECT_THROW(study.run(some_settings(),
                         [&](std::size_t, const std::vector<SettingResult>&) {
                           ++calls;
                           if (!world_.is_root()) return;
                           throw Error(ErrorKind::interrupted, "enough");
                         }),
               Error);
  EXPECT_LE(calls, 3);  // the min_firms of the first stretch
  if (world_.is_root()) {
    EXPECT_EQ(calls, 1);
  }
}

TEST(Adjacency, TheOrderOfLinksAndRepeatsDoNotMatter) {
  const CounterRandom random(3, 1);
  std::vector<std::uint64_t> links;
  for (std::uint64_t k = 0; k < 500; ++k) {
    links.push_back(Adjacency::pair(static_cast<std::uint32_t>(random.below(2 * k, 90)),
                                    static_cast<std::uint32_t>(random.below(2 * k + 1, 100))));
  }
  const Adjacency shuffled(100, links);
  std::sort(links.begin(), links.end());
  const Adjacency sorted(100, links);
  links.erase(std::unique(links.begin(), links.end()), links.end());
  EXPECT_LT(links.size(), 500U);
  const Adjacency once(100, links);
  EXPECT_EQ(once.links(), links.size());
  for (std::size_t firm = 0; firm < 100; ++firm) {
    std::vector<std::uint32_t> partners;
    for (const auto link : links) {
      if (link >> 32 == firm) partners.push_back(static_cast<std::uint32_t>(link));
    }
    EXPECT_THAT(once.of(firm), testing::ElementsAreArray(partners));
    EXPECT_THAT(shuffled.of(firm), testing::ElementsAreArray(partners));
    EXPECT_THAT(sorted.of(firm), testing::ElementsAreArray(partners));
  }
}

TEST_F(Sweep, AFirmOnTwoRanksIsAnError) {
  Nation nation;
  nation.add(0, 0, 0);
  nation.add(0, 0, 0);
  nation.places.firm = {7, 7};
  EXPECT_THROW(static_cast<void>(gather(nation, true)), Error);
}

TEST(PartitionSimilarity, OverlapsCountEveryFirm) {
  const std::vector<std::int32_t> a{0, 0, 1, -1, 0, 1, 1};
  const std::vector<std::int32_t> b{2, 2, 0, 2, -1, 0, 2};
  EXPECT_THAT(overlaps(a, b),
              testing::ElementsAre(Overlap{-1, 2, 1}, Overlap{0, -1, 1}, Overlap{0, 2, 2},
                                   Overlap{1, 0, 2}, Overlap{1, 2, 1}));
  std::vector<std::int32_t> many(20000), each(20000);
  for (int i = 0; i < 20000; ++i) many[static_cast<std::size_t>(i)] = (i * 7919) % 5003;
  for (int i = 0; i < 20000; ++i) each[static_cast<std::size_t>(i)] = i % 2;
  std::int64_t firms = 0;
  for (const auto& cell : overlaps(many, each)) firms += cell.firms;
  EXPECT_EQ(firms, 20000);
  EXPECT_EQ(overlaps(many, each).size(), 10006U);
}

TEST(PartitionSimilarity, LimitsAndSymmetry) {
  const std::vector<std::int32_t> one(10, 0), singles{0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  EXPECT_EQ(adjusted_rand(overlaps(one, one)), 1);
  EXPECT_EQ(adjusted_rand(overlaps(singles, singles)), 1);
  EXPECT_EQ(adjusted_rand(overlaps(one, singles)), 0);
  EXPECT_EQ(adjusted_mutual_information(overlaps(one, one)), 1);
  EXPECT_NEAR(adjusted_mutual_information(overlaps(singles, singles)), 1, 1e-12);
  EXPECT_NEAR(adjusted_mutual_information(overlaps(one, singles)), 0, 1e-12);
  const CounterRandom random(1, 1);
  std::vector<std::int32_t> a, b;
  for (std::uint64_t i = 0; i < 500; ++i) {
    a.push_back(static_cast<std::int32_t>(random.below(2 * i, 7)) - 1);
    b.push_back(random.below(2 * i + 1, 3) == 0 ? a.back() : 2);
  }
  EXPECT_EQ(adjusted_rand(overlaps(a, b)), adjusted_rand(overlaps(b, a)));
  EXPECT_NEAR(adjusted_mutual_information(overlaps(a, b)),
              adjusted_mutual_information(overlaps(b, a)), 1e-13);
}

}  // namespace
}  // namespace tradegraph::kernels
