/// Indicators that go on from one clustering to the next, beside those that start afresh.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "engine/base/random.hpp"
#include "kernels/share_indicators.hpp"
#include "tests/support/identify_reference.hpp"

namespace tradegraph::kernels {
namespace {

using Labels = std::vector<std::int32_t>;

constexpr std::int32_t kClasses = 12;
const std::vector<std::int32_t> kDivisionOfClass{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3};

WholeNation random_whole(std::uint64_t seed, std::int64_t firms) {
  const auto self = comm::Communicator::self();
  const auto share = share_of(random_nation(seed, firms), self, 5);
  const CounterRandom random(seed, 8);
  std::vector<std::int32_t> klass;
  for (std::uint64_t i = 0; i < share.nation.places.row.size(); ++i) {
    klass.push_back(static_cast<std::int32_t>(random.below(i, kClasses + 1)) - 1);
  }
  return gather_nation(self, share.nation.places, share.nation.trade, false, klass);
}

/// Clusters 0, 1, ... of whatever values are given; negative = none.
struct Clustering {
  Labels label;
  std::size_t clusters = 0;

  explicit Clustering(const Labels& values) {
    std::set<std::int32_t> distinct(values.begin(), values.end());
    distinct.erase(distinct.begin(), distinct.lower_bound(0));
    clusters = distinct.size();
    for (const auto value : values) {
      label.push_back(value < 0 ? -1
                                : static_cast<std::int32_t>(
                                      std::distance(distinct.begin(), distinct.find(value))));
    }
  }
};

/// One after another: growing, merging, splitting, some firms that move, nothing at all, the same
/// again, and with other numbers.
std::vector<Clustering> random_history(std::uint64_t seed, std::size_t firms) {
  const CounterRandom random(seed, 4);
  std::uint64_t draws = 0;
  const auto draw = [&](std::uint64_t below) {
    return static_cast<std::int32_t>(random.below(draws++, below));
  };
  std::vector<Clustering> history;
  Labels at(firms, -1);
  for (int step = 0; step < 24; ++step) {
    const auto kind = draw(6);
    const auto from = draw(9), to = draw(9);
    for (auto& label : at) {
      if (kind == 0 && label < 0 && draw(3) == 0) label = draw(9);  // noise joins
      if (kind == 1 && label == from) label = to;                   // two merge
      if (kind == 2 && label == from && draw(2) == 0) label = to;   // one splits
      if (kind == 3 && draw(40) == 0) label = draw(10) - 1;         // a few move
      if (kind == 4 && label >= 0) label = (label * 7 + 3) % 9;     // other numbers
      if (kind == 5 && step % 3 == 0) label = -1;                   // noise only
    }
    history.emplace_back(at);
  }
  return history;
}

void expect_same(const ShareIndicators& a, const ShareIndicators& b) {
  const auto same = [](double x, double y) { return x == y || (x != x && y != y); };
  EXPECT_EQ(a.nodes, b.nodes);
  EXPECT_EQ(a.links, b.links);
  EXPECT_PRED2(same, a.inclusiveness, b.inclusiveness);
  EXPECT_PRED2(same, a.specialisation, b.specialisation);
  EXPECT_PRED2(same, a.related_variety, b.related_variety);
  EXPECT_PRED2(same, a.share_in, b.share_in);
  EXPECT_PRED2(same, a.hierarchy, b.hierarchy);
  EXPECT_PRED2(same, a.disassortativity, b.disassortativity);
}

TEST(IndicatorSeries, NothingDependsOnWhatCameBefore) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto nation = random_whole(seed, 300);
    const auto partners = partners_of(nation);
    IndicatorSeries series(nation, partners, kDivisionOfClass);
    for (const auto& [label, clusters] : random_history(seed, nation.firms())) {
      const auto found = series.next(label, clusters);
      IndicatorSeries fresh(nation, partners, kDivisionOfClass);
      const auto expected = fresh.next(label, clusters);
      ASSERT_EQ(found.size(), clusters);
      for (std::size_t c = 0; c < clusters; ++c) expect_same(found[c], expected[c]);
    }
  }
}

/// By the definitions, firm by firm.
void expect_degrees(const DegreesInside& found, const WholeNation& nation,
                    const Adjacency& partners, const Labels& label) {
  const auto inside = [&](std::size_t i, std::span<const std::uint32_t> others) {
    return label[i] < 0 ? 0 : std::count_if(others.begin(), others.end(), [&](auto j) {
      return label[j] == label[i];
    });
  };
  for (std::size_t i = 0; i < nation.firms(); ++i) {
    std::int64_t around = 0;
    for (const auto j : partners.of(i)) {
      if (label[i] >= 0 && label[j] == label[i]) around += inside(j, partners.of(j));
    }
    ASSERT_EQ(found.partners()[i], inside(i, partners.of(i))) << i;
    ASSERT_EQ(found.buyers()[i], inside(i, nation.buyers.of(i))) << i;
    ASSERT_EQ(found.partner_degrees()[i], around) << i;
  }
}

TEST(DegreesInside, AreThoseOfEveryClustering) {
  const auto nation = random_whole(3, 300);
  const auto partners = partners_of(nation);
  DegreesInside degrees(nation, partners);
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    for (const auto& [label, clusters] : random_history(seed, nation.firms())) {
      degrees.follow(label, clusters);
      expect_degrees(degrees, nation, partners, label);
    }
  }
}

TEST(DegreesInside, OnlyLinksOfFirmsThatMoveAreScanned) {
  const auto nation = random_whole(3, 300);
  const auto partners = partners_of(nation);
  DegreesInside degrees(nation, partners);
  Labels label(nation.firms());
  for (std::size_t i = 0; i < label.size(); ++i) label[i] = static_cast<std::int32_t>(i % 4);
  EXPECT_THAT(degrees.follow(label, 4), testing::Each(-1));
  const auto all = degrees.links_scanned();
  EXPECT_GE(all, static_cast<std::int64_t>(2 * partners.links()));

  for (auto& at : label) at = 3 - at;
  EXPECT_THAT(degrees.follow(label, 4), testing::ElementsAre(3, 2, 1, 0));
  EXPECT_EQ(degrees.links_scanned(), all);

  label[7] = (label[7] + 1) % 4;
  const auto same = degrees.follow(label, 4);
  EXPECT_EQ(std::count(same.begin(), same.end(), -1), 2);
  std::size_t around = 0;
  for (const auto j : partners.of(7)) around += partners.of(j).size();
  EXPECT_LE(degrees.links_scanned() - all,
            static_cast<std::int64_t>(4 * partners.of(7).size() + around));
  expect_degrees(degrees, nation, partners, label);
}

}  // namespace
}  // namespace tradegraph::kernels
