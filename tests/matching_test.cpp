#include "kernels/matching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "kernels/assignment.hpp"

namespace tradegraph::kernels {
namespace {

comm::Communicator world() { return comm::Communicator::world(); }

/// Tries everything: each row alone or with any free column.
std::int64_t largest_gain(std::int64_t rows, const std::vector<Candidate>& candidates) {
  std::set<std::int64_t> taken;
  const std::function<std::int64_t(std::int64_t)> from = [&](std::int64_t row) -> std::int64_t {
    if (row == rows) return 0;
    auto best = from(row + 1);
    for (const auto& c : candidates) {
      if (c.row != row || !taken.insert(c.column).second) continue;
      best = std::max(best, c.gain + from(row + 1));
      taken.erase(c.column);
    }
    return best;
  };
  return from(0);
}

/// Gain of an assignment; fails the test if it is none.
std::int64_t gain_of(const std::vector<std::int64_t>& assigned,
                     const std::vector<Candidate>& candidates) {
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> gain;
  for (const auto& c : candidates) gain[{c.row, c.column}] = c.gain;
  std::set<std::int64_t> taken;
  std::int64_t sum = 0;
  for (std::size_t row = 0; row < assigned.size(); ++row) {
    if (assigned[row] < 0) continue;
    EXPECT_TRUE(taken.insert(assigned[row]).second) << "column " << assigned[row] << " twice";
    const auto found = gain.find({static_cast<std::int64_t>(row), assigned[row]});
    EXPECT_NE(found, gain.end()) << "no candidate";
    if (found != gain.end()) sum += found->second;
  }
  return sum;
}

TEST(Assignment, IsTheBestOfAll) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const CounterRandom random(seed, 1);
    const auto rows = static_cast<std::int64_t>(random.below(0, 7));
    const auto columns = static_cast<std::int64_t>(random.below(1, 7));
    const double density = random.uniform(2);
    std::vector<Candidate> candidates;
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        const auto at = static_cast<std::uint64_t>(10 + 2 * (r * columns + c));
        if (random.uniform(at) > density) continue;
        // Few values: many ties.
        candidates.push_back({r, c, static_cast<std::int64_t>(1 + random.below(at + 1, 9))});
      }
    }
    const auto assigned = best_assignment(rows, columns, candidates);
    EXPECT_EQ(assigned.size(), static_cast<std::size_t>(rows));
    EXPECT_EQ(gain_of(assigned, candidates), largest_gain(rows, candidates)) << "seed " << seed;
  }
}

TEST(Assignment, GivesUpALargeGainForTwoSmallerOnes) {
  // The greedy choice (0, 0) would leave row 1 alone.
  const std::vector<Candidate> candidates{{0, 0, 10}, {0, 1, 8}, {1, 0, 7}};
  EXPECT_EQ(best_assignment(2, 2, candidates), (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(best_assignment(0, 0, {}), std::vector<std::int64_t>{});
  EXPECT_EQ(best_assignment(2, 0, {}), (std::vector<std::int64_t>{-1, -1}));
}

TEST(Assignment, RefusesWhatIsOutOfRange) {
  for (const Candidate& wrong : {Candidate{2, 0, 1}, {0, -1, 1}, {0, 0, 0}, {0, 0, INT64_MAX}}) {
    EXPECT_THROW(static_cast<void>(best_assignment(2, 2, std::vector{wrong})), Error);
  }
}

/// This rank's part of what all pass.
std::vector<LabelledKey> dealt(const std::vector<LabelledKey>& all, std::size_t shift) {
  std::vector<LabelledKey> mine;
  const auto comm = world();
  const auto ranks = static_cast<std::size_t>(comm.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    // One in five is passed by a second rank too.
    for (std::size_t copy = 0; copy < (i % 5 == 0 ? 2U : 1U); ++copy) {
      if ((i + shift + copy) % ranks == static_cast<std::size_t>(comm.rank())) {
        mine.push_back(all[i]);
      }
    }
  }
  return mine;
}

std::vector<LabelledKey> random_keys(std::int64_t clusters, std::uint64_t count,
                                     std::uint64_t seed) {
  const CounterRandom random(seed, 2);
  std::vector<LabelledKey> keys;
  for (std::uint64_t i = 0; i < count && clusters > 0; ++i) {
    keys.push_back({static_cast<Label>(random.below(4 * i, static_cast<std::uint64_t>(clusters))),
                    static_cast<std::int64_t>(random.below(4 * i + 1, 12)) - 6,
                    static_cast<std::int64_t>(random.below(4 * i + 2, 3))});
  }
  return keys;
}

TEST(SharedKeys, CountsAsSetsDo) {
  struct Sizes {
    std::int64_t a, b;
    std::uint64_t keys;
  };
  for (const auto& [clusters_a, clusters_b, count] :
       {Sizes{0, 0, 0}, {3, 0, 20}, {1, 1, 5}, {4, 6, 60}, {9, 2, 200}}) {
    const auto a = random_keys(clusters_a, count, 1);
    const auto b = random_keys(clusters_b, count, 2);
    using Things = std::set<std::pair<std::int64_t, std::int64_t>>;
    std::map<Label, Things> of_a, of_b;
    for (const auto& key : a) of_a[key.label].insert({key.first, key.second});
    for (const auto& key : b) of_b[key.label].insert({key.first, key.second});
    const auto found = shared_keys(world(), dealt(a, 0), clusters_a, dealt(b, 1), clusters_b);
    std::size_t pairs = 0;
    for (Label x = 0; x < clusters_a; ++x) {
      EXPECT_EQ(found.of_a[static_cast<std::size_t>(x)], static_cast<std::int64_t>(of_a[x].size()));
      for (Label y = 0; y < clusters_b; ++y) {
        const auto both = std::count_if(of_a[x].begin(), of_a[x].end(),
                                        [&](const auto& key) { return of_b[y].contains(key); });
        EXPECT_EQ(found.both(x, y), both);
        pairs += both > 0 ? 1 : 0;
      }
    }
    EXPECT_EQ(found.pairs.size(), pairs);
  }
}

TEST(SharedKeys, RefusesALabelOnAllRanks) {
  std::vector<LabelledKey> wrong;
  if (world().is_root()) wrong.push_back({3, 0, 0});
  EXPECT_THROW(static_cast<void>(shared_keys(world(), wrong, 3, {}, 0)), Error);
  if (world().is_root()) wrong.front().label = -1;
  EXPECT_THROW(static_cast<void>(shared_keys(world(), {}, 0, wrong, 3)), Error);
}

SharedKeys keys_of(std::vector<SharedCount> pairs, std::vector<std::int64_t> of_a,
                   std::vector<std::int64_t> of_b) {
  return {std::move(pairs), std::move(of_a), std::move(of_b)};
}

std::vector<Tally> one_group(std::int64_t clusters, std::int64_t group) {
  std::vector<Tally> tallies;
  for (Label label = 0; label < clusters; ++label) tallies.push_back({label, group, 5, 0});
  return tallies;
}

TEST(ClusterPairs, CostIsOneMinusOverlapTimesSimilarity) {
  const auto cells = keys_of({{0, 0, 6}}, {10, 3}, {8});
  const auto firms = keys_of({{0, 0, 5}, {1, 0, 2}}, {20, 10}, {25});
  const std::vector<Tally> before{{0, -1, 4, 0}, {0, 2, 3, 0}, {1, 5, 9, 0}};
  const std::vector<Tally> after{{0, 2, 6, 0}, {0, 3, 8, 0}};
  const auto pairs = cluster_pairs(cells, firms, before, after, MatchBy::footprint);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_DOUBLE_EQ(pairs[0].overlap, 6.0 / 12);
  EXPECT_DOUBLE_EQ(pairs[0].similarity, 18.0 / (5 * 10));
  EXPECT_DOUBLE_EQ(pairs[0].firm_jaccard, 5.0 / 40);
  EXPECT_DOUBLE_EQ(pairs[0].cost, 1 - 0.5 * 0.36);
  EXPECT_DOUBLE_EQ(pairs[0].share_of_a, 0.6 * 0.36);
  EXPECT_DOUBLE_EQ(pairs[0].share_of_b, 0.75 * 0.36);
  EXPECT_EQ(pairs[1].overlap, 0);
  EXPECT_EQ(pairs[1].cost, 1);
  const auto by_firms = cluster_pairs(cells, firms, before, after, MatchBy::firms);
  EXPECT_DOUBLE_EQ(by_firms[0].cost, 1 - 5.0 / 40);
  EXPECT_DOUBLE_EQ(by_firms[0].share_of_a, 5.0 / 20);
  EXPECT_DOUBLE_EQ(by_firms[1].share_of_b, 2.0 / 25);
}

TEST(ClusterPairs, WithoutPlacesNothingOverlaps) {
  const auto pairs = cluster_pairs(keys_of({}, {0}, {0}), keys_of({{0, 0, 2}}, {2}, {2}),
                                   one_group(1, 1), one_group(1, 1), MatchBy::footprint);
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_TRUE(std::isnan(pairs[0].overlap));
  EXPECT_EQ(pairs[0].cost, 1);
  EXPECT_EQ(pairs[0].firm_jaccard, 1);
}

std::vector<ClusterPair> by_cells(const SharedKeys& cells) {
  const auto a = static_cast<std::int64_t>(cells.of_a.size());
  const auto b = static_cast<std::int64_t>(cells.of_b.size());
  return cluster_pairs(cells, keys_of({}, cells.of_a, cells.of_b), one_group(a, 1), one_group(b, 1),
                       MatchBy::footprint);
}

struct Line {
  Label a;
  Label b;
  Event event;
  bool matched;
  friend bool operator==(const Line&, const Line&) = default;
};

std::vector<Line> lines(const std::vector<Match>& matches) {
  std::vector<Line> result;
  for (const auto& m : matches) result.push_back({m.a, m.b, m.event, m.matched});
  return result;
}

TEST(Matching, TellsWhatBecameOfEachCluster) {
  // 0 continues as 0; 1 splits into 1 and 2; 2 and 3 merge into 3; 4 dies; 4 is born.
  const auto pairs = by_cells(keys_of({{0, 0, 9}, {1, 1, 5}, {1, 2, 4}, {2, 3, 6}, {3, 3, 5}},
                                      {10, 10, 6, 5, 3}, {10, 5, 4, 11, 2}));
  const std::vector<std::uint8_t> none(5, 0);
  EXPECT_EQ(lines(match_clusters(pairs, none, none)),
            (std::vector<Line>{{0, 0, Event::continued, true},
                               {1, 1, Event::split, true},
                               {1, 2, Event::split, false},
                               {2, 3, Event::merged, true},
                               {3, 3, Event::merged, false},
                               {4, kNoCluster, Event::died, false},
                               {kNoCluster, 4, Event::born, false}}));
}

TEST(Matching, SelectionThatChangesComesFirst) {
  const auto pairs = by_cells(keys_of({{0, 0, 9}, {1, 1, 5}, {1, 2, 4}}, {10, 10}, {10, 5, 4}));
  EXPECT_EQ(lines(match_clusters(pairs, {0, 1}, {1, 0, 1})),
            (std::vector<Line>{{0, 0, Event::promoted, true},
                               {1, 1, Event::demoted, true},
                               {1, 2, Event::split, false}}));
}

TEST(Matching, LeavesPairsAtTheLargestCostAlone) {
  // Jaccard 2/10: cost exactly 0.8, in doubles or not.
  const auto pairs = by_cells(keys_of({{0, 0, 2}}, {6}, {6}));
  EXPECT_EQ(lines(match_clusters(pairs, {0}, {0})),
            (std::vector<Line>{{0, kNoCluster, Event::died, false},
                               {kNoCluster, 0, Event::born, false}}));
  EXPECT_EQ(lines(match_clusters(pairs, {0}, {0}, {.max_cost = 0.81})),
            (std::vector<Line>{{0, 0, Event::continued, true}}));
}

TEST(Matching, EveryClusterHasALineAndMatchesAreOneToOne) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const auto a = random_keys(5, 40, 2 * seed);
    const auto b = random_keys(7, 40, 2 * seed + 1);
    const auto cells = shared_keys(world(), dealt(a, 0), 5, dealt(b, 0), 7);
    const auto matches = match_clusters(by_cells(cells), std::vector<std::uint8_t>(5, 0),
                                        std::vector<std::uint8_t>(7, 0));
    std::set<Label> seen_a, seen_b, matched_a, matched_b;
    for (const auto& m : matches) {
      seen_a.insert(m.a);
      seen_b.insert(m.b);
      if (!m.matched) continue;
      EXPECT_TRUE(matched_a.insert(m.a).second && matched_b.insert(m.b).second);
    }
    seen_a.erase(kNoCluster);
    seen_b.erase(kNoCluster);
    EXPECT_EQ(seen_a.size(), 5U);
    EXPECT_EQ(seen_b.size(), 7U);
  }
}

TEST(Matching, RefusesSettingsThatMakeNoSense) {
  for (const MatchConfig& wrong :
       {MatchConfig{.max_cost = 0}, {.max_cost = 1.5}, {.split_share = 0}, {.split_share = 2}}) {
    EXPECT_THROW(wrong.validate(), Error);
  }
}

}  // namespace
}  // namespace tradegraph::kernels
