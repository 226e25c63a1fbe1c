#include "kernels/reported_figures.hpp"

#include "tests/support/cluster_case.hpp"

namespace tradegraph::kernels {
namespace {

using testing::ClusterCase;
using testing::expect_near;
using Values = std::vector<double>;

class ReportedFiguresTest : public testing::ClusterTest {
 protected:
  struct Columns {
    Values x;
    Values y;
  };

  /// Amounts over many magnitudes, some negative; a fifth unknown, some denominators 0 or below.
  static Columns columns_of(std::size_t firms, std::uint64_t seed) {
    const CounterRandom random(seed, 8);
    Columns columns;
    for (std::size_t i = 0; i < firms; ++i) {
      const auto at = [&](std::uint64_t k) { return random.uniform(6 * i + k); };
      columns.x.push_back(at(0) < 0.2 ? kUndefined : std::exp(20 * at(1)) * (at(2) < 0.1 ? -1 : 1));
      columns.y.push_back(at(3) < 0.2   ? kUndefined
                          : at(4) < 0.1 ? -3 * at(5)
                          : at(4) < 0.2 ? 0
                                        : std::exp(12 * at(5)));
    }
    return columns;
  }

  static ReportedFigure reference(const ClusterCase& one, Label label, const Columns& columns,
                                  bool divided, double scale, double shift) {
    long double figures = 0, x = 0, y = 0;
    ReportedFigure result;
    for (const auto firm : one.members(label)) {
      if (std::isnan(columns.x[firm])) continue;
      if (divided && (std::isnan(columns.y[firm]) || columns.y[firm] <= 0)) continue;
      const long double divisor = divided ? columns.y[firm] : 1;
      figures += scale * columns.x[firm] / divisor + shift;
      x += columns.x[firm];
      y += divisor;
      ++result.reporting;
    }
    if (result.reporting == 0) return result;
    const auto members = static_cast<long double>(one.members(label).size());
    result.mean = static_cast<double>(figures / static_cast<long double>(result.reporting));
    result.of_sums = static_cast<double>(scale * x / (divided ? y : members) + shift);
    result.sum = static_cast<double>(x);
    return result;
  }

  static std::vector<ReportedFigure> figures(const comm::ProcessGrid& grid, const ClusterCase& one,
                                             const Columns& columns, bool divided, double scale,
                                             double shift) {
    const auto x = testing::spread(grid, columns.x);
    const auto y = testing::spread(grid, columns.y);
    return reported_figure(testing::spread(grid, one.labels), one.clusters,
                           {&x, divided ? &y : nullptr, scale, shift});
  }

  static void expect_same(const ReportedFigure& found, const ReportedFigure& expected) {
    EXPECT_TRUE(testing::same_bits(found.mean, expected.mean));
    EXPECT_TRUE(testing::same_bits(found.of_sums, expected.of_sums));
    EXPECT_TRUE(testing::same_bits(found.sum, expected.sum));
    EXPECT_EQ(found.reporting, expected.reporting);
  }
};

TEST_F(ReportedFiguresTest, EqualPlainSumsAndAreBitIdentical) {
  for_all(testing::cluster_cases(), [](const ClusterCase& one, const auto& grid,
                                       const auto& alone) {
    const auto columns = columns_of(one.firms(), 5);
    for (const bool divided : {false, true}) {
      const auto found = figures(grid, one, columns, divided, 100, -100);
      const auto single = figures(alone, one, columns, divided, 100, -100);
      EXPECT_EQ(found.size(), static_cast<std::size_t>(one.clusters));
      for (std::size_t c = 0; c < found.size(); ++c) {
        expect_same(found[c], single[c]);
        const auto expected = reference(one, static_cast<Label>(c), columns, divided, 100, -100);
        EXPECT_EQ(found[c].reporting, expected.reporting);
        // Both round each firm's figure once, to 53 bits.
        expect_near(found[c].mean, expected.mean, "mean", 1e-11);
        expect_near(found[c].of_sums, expected.of_sums, "of sums", 1e-11);
        expect_near(found[c].sum, expected.sum, "sum", 1e-11);
      }
    }
  });
}

TEST_F(ReportedFiguresTest, GrowthOfTwoFirms) {
  auto one = testing::whole("three firms", 3, {{0, 1}});
  const Columns columns{{11, 90, 5}, {10, 100, kUndefined}};  // +10 %, -10 %, not known
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid grid(self, {1, 1, 1});
  const auto found = figures(grid, one, columns, true, 100, -100).at(0);
  EXPECT_EQ(found.reporting, 2);
  EXPECT_NEAR(found.mean, 0, 1e-12);
  EXPECT_NEAR(found.of_sums, 100.0 * 101 / 110 - 100, 1e-12);
  EXPECT_EQ(found.sum, 101);
}

TEST_F(ReportedFiguresTest, WithoutReportsAllButTheirNumberIsUndefined) {
  auto one = testing::whole("three firms", 3, {{0, 1}});
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid grid(self, {1, 1, 1});
  const Columns columns{{1, kUndefined, 3}, {0, 2, -1}};
  const auto found = figures(grid, one, columns, true, 1, 0).at(0);
  EXPECT_EQ(found.reporting, 0);
  EXPECT_TRUE(std::isnan(found.mean) && std::isnan(found.of_sums) && std::isnan(found.sum));
}

TEST_F(ReportedFiguresTest, RelabellingChangesNothingAndOneMoreFirmOnlyWhatCountsMembers) {
  const auto one = testing::random_case(300, 0, 4, 3);
  const auto columns = columns_of(one.firms(), 6);
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid grid(self, {1, 1, 1});
  const auto place = testing::shuffled(one.firms());
  auto moved = columns;
  for (std::size_t i = 0; i < one.firms(); ++i) {
    moved.x[place[i]] = columns.x[i];
    moved.y[place[i]] = columns.y[i];
  }
  auto longer = columns;
  longer.x.push_back(kUndefined);
  longer.y.push_back(4);
  for (const bool divided : {false, true}) {
    const auto expected = figures(grid, one, columns, divided, 1, 0);
    const auto relabelled = figures(grid, testing::relabelled(one), moved, divided, 1, 0);
    auto more = figures(grid, testing::with_isolated_firm(one, 1), longer, divided, 1, 0);
    if (!divided) more.at(1).of_sums = expected.at(1).of_sums;
    for (std::size_t c = 0; c < expected.size(); ++c) {
      expect_same(relabelled[c], expected[c]);
      expect_near(more[c].mean, expected[c].mean, "mean of one more");
      expect_near(more[c].of_sums, expected[c].of_sums, "of sums of one more");
      EXPECT_EQ(more[c].reporting, expected[c].reporting);
    }
  }
}

}  // namespace
}  // namespace tradegraph::kernels
