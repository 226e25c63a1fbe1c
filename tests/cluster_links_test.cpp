#include "kernels/cluster_links.hpp"

#include <functional>
#include <map>

#include "kernels/cluster_products.hpp"
#include "kernels/label_tally.hpp"
#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::Placed;

class ClusterLinksTest : public testing::ClusterTest {};

using Values = std::vector<std::int64_t>;

/// What `cluster_links` gives, by loops over the dense matrix.
struct Slow {
  Values partners, inside, partner_degrees, buyers, suppliers, buyer_degrees;
  std::vector<long double> amount, amount_inside;

  explicit Slow(const ClusterCase& one) {
    const auto n = one.firms();
    const auto a = one.network.dense(false);
    const auto amounts = one.network.dense(true);
    const auto link = [&](std::size_t i, std::size_t j) { return a[i * n + j] != 0; };
    const auto same = [&](std::size_t i, std::size_t j) {
      return one.labels[i] == one.labels[j] && one.labels[i] != kNoCluster;
    };
    const auto count = [&](auto&& term) {
      Values sums(n, 0);
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) sums[i] += term(i, j);
      }
      return sums;
    };
    partners = count([&](auto i, auto j) { return link(i, j) || link(j, i) ? 1 : 0; });
    inside =
        count([&](auto i, auto j) { return same(i, j) && (link(i, j) || link(j, i)) ? 1 : 0; });
    partner_degrees = count(
        [&](auto i, auto j) { return same(i, j) && (link(i, j) || link(j, i)) ? inside[j] : 0; });
    buyers = count([&](auto i, auto j) { return same(i, j) && link(i, j) ? 1 : 0; });
    suppliers = count([&](auto i, auto j) { return same(i, j) && link(j, i) ? 1 : 0; });
    buyer_degrees =
        count([&](auto i, auto j) { return same(i, j) && link(i, j) ? suppliers[j] : 0; });
    amount.assign(n, 0);
    amount_inside.assign(n, 0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        const long double both = amounts[i * n + j] + static_cast<long double>(amounts[j * n + i]);
        amount[i] += both;
        if (same(i, j)) amount_inside[i] += both;
      }
    }
  }
};

void expect_amounts(const FirmAmounts& amounts, const FirmUnits& units,
                    const std::vector<long double>& expected) {
  const auto all = gather_all(units);
  for (std::size_t i = 0; i < all.size(); ++i) {
    testing::expect_near(amounts.scale.value(all[i]), static_cast<double>(expected[i]), "amount",
                         1e-15);
  }
}

TEST_F(ClusterLinksTest, EqualsTheDefinition) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid, const auto&) {
    const Placed placed(grid, one);
    const Slow slow(one);
    EXPECT_EQ(gather_all(placed.links.partners), slow.partners);
    EXPECT_EQ(gather_all(placed.links.partners_inside), slow.inside);
    EXPECT_EQ(gather_all(placed.links.partner_degrees_inside), slow.partner_degrees);
    EXPECT_EQ(gather_all(placed.links.buyers_inside), slow.buyers);
    EXPECT_EQ(gather_all(placed.links.suppliers_inside), slow.suppliers);
    EXPECT_EQ(gather_all(placed.links.buyer_degrees_inside), slow.buyer_degrees);
    expect_amounts(*placed.links.amounts, placed.links.amounts->total, slow.amount);
    expect_amounts(*placed.links.amounts, placed.links.amounts->inside, slow.amount_inside);
  });
}

TEST_F(ClusterLinksTest, EqualsTheGraphblasForm) {
  auto cases = testing::cluster_cases();
  cases.push_back(testing::random_case(20000, 90000, 40, 11));
  for_all(cases, [](const ClusterCase& one, const auto& grid, const auto&) {
    const Placed placed(grid, one);
    const auto expected =
        cluster_links_by_products(placed.a, placed.u, placed.labels, one.clusters);
    const auto expect_equal = [](const FirmCounts& x, const FirmCounts& y) {
      EXPECT_TRUE(std::ranges::equal(x.values(), y.values()));
    };
    expect_equal(placed.links.partners, expected.partners);
    expect_equal(placed.links.partners_inside, expected.partners_inside);
    expect_equal(placed.links.partner_degrees_inside, expected.partner_degrees_inside);
    expect_equal(placed.links.buyers_inside, expected.buyers_inside);
    expect_equal(placed.links.suppliers_inside, expected.suppliers_inside);
    expect_equal(placed.links.buyer_degrees_inside, expected.buyer_degrees_inside);
  });
}

TEST_F(ClusterLinksTest, AmountsOfBothSignsAndAnySizeAreAddedExactly) {
  auto one = testing::random_case(500, 4000, 3, 12);
  for (std::size_t i = 0; i < one.network.links(); ++i) {
    auto& amount = one.network.amount[i];
    amount = std::ldexp(amount, static_cast<int>(i % 40) - 20) * (i % 3 == 0 ? -1 : 1);
  }
  for_all({one}, [](const ClusterCase& c, const auto& grid, const auto& self) {
    const Placed world(grid, c);
    const Placed alone(self, c);
    EXPECT_TRUE(gather_all(world.links.amounts->total) == gather_all(alone.links.amounts->total));
    EXPECT_TRUE(gather_all(world.links.amounts->inside) == gather_all(alone.links.amounts->inside));
    const Slow slow(c);
    expect_amounts(*world.links.amounts, world.links.amounts->total, slow.amount);
  });
}

TEST_F(ClusterLinksTest, AnIsolatedFirmChangesNothingElse) {
  const auto degrees = [](const Placed& p) { return gather_all(p.links.partner_degrees_inside); };
  const auto one = testing::random_case(300, 2000, 4, 14);
  auto expected = alone(one, degrees);
  expected.push_back(0);
  EXPECT_EQ(alone(testing::with_isolated_firm(one, 2), degrees), expected);
}

TEST_F(ClusterLinksTest, RefusesLabelsOutOfRangeOnAnyRank) {
  const auto world = comm::Communicator::world();
  const comm::ProcessGrid grid(world, comm::GridShape::nearest_square(world.size()));
  auto one = testing::random_case(50, 100, 3, 15);
  const auto a = testing::build_matrix(grid, one.network, matrix::ValueType::pattern);
  const auto u = undirected_pattern(a);
  one.labels[7] = 3;
  EXPECT_THROW((void)cluster_links(a, u, testing::spread(grid, one.labels), 3), Error);
  one.labels[7] = -2;
  EXPECT_THROW((void)cluster_links(a, u, testing::spread(grid, one.labels), 3), Error);
}

TEST_F(ClusterLinksTest, TalliesByLabelAddUpEveryThing) {
  const CounterRandom random(6, 1);
  for (const std::int64_t clusters : {0, 1, 5, 3000}) {
    std::vector<Label> labels;
    for (std::uint64_t i = 0; i < 70000; ++i) {
      labels.push_back(
          static_cast<Label>(random.below(i, static_cast<std::uint64_t>(clusters) + 1)) - 1);
    }
    const auto key = [](std::int64_t thing) { return thing * thing % 91; };
    std::map<std::pair<Label, std::int64_t>, std::pair<std::int64_t, std::int64_t>> expected;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const auto thing = static_cast<std::int64_t>(i);
      auto& [count, weight] = expected[{labels[i], key(thing)}];
      count += 2;
      weight += thing;
    }
    const LabelGroups groups(labels, clusters);
    const auto tallies = tally_by_label(
        groups, 91, [&](std::int64_t thing, TallyPad& pad) { pad.add(key(thing), 2, thing); });
    EXPECT_EQ(tallies.size(), expected.size());
    auto cell = expected.begin();
    for (const auto& tally : tallies) {
      if (cell == expected.end()) break;
      const bool same = cell->first == std::pair(tally.label, tally.key) &&
                        cell->second.first == tally.count && cell->second.second == tally.weight;
      EXPECT_TRUE(same) << tally.label << " " << tally.key;
      if (!same) break;
      ++cell;
    }
  }
}

TEST_F(ClusterLinksTest, ATallyThatThrowsIsReported) {
  const std::vector<Label> labels(50000, 0);
  const LabelGroups groups(labels, 1);
  EXPECT_THROW((void)tally_by_label(groups, 1,
                                    [](std::int64_t thing, TallyPad&) {
                                      require(thing != 40000, ErrorKind::internal, "as it should");
                                    }),
               Error);
}

}  // namespace
}  // namespace tradegraph::kernels
