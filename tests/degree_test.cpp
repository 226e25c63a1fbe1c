#include "kernels/degree.hpp"

#include "kernels/network_forms.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using matrix::ValueType;
using testing::RandomNetwork;

class Degree : public testing::NetworkTest {
 protected:
  /// Counts or sums over the list of links.
  static std::vector<double> reference(const RandomNetwork& network, DegreeMode mode,
                                       bool amounts) {
    std::vector<double> sum(static_cast<std::size_t>(network.firms), 0.0);
    for (std::size_t i = 0; i < network.links(); ++i) {
      const double value = amounts ? network.amount[i] : 1;
      if (mode != DegreeMode::in) sum[static_cast<std::size_t>(network.supplier[i])] += value;
      if (mode != DegreeMode::out) sum[static_cast<std::size_t>(network.buyer[i])] += value;
    }
    return sum;
  }

  static std::vector<double> as_doubles(const std::vector<std::int64_t>& values) {
    return {values.begin(), values.end()};
  }
};

constexpr DegreeMode kModes[] = {DegreeMode::in, DegreeMode::out, DegreeMode::all};

TEST_F(Degree, CountsLinksWhateverTheirValues) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      for (const auto type : {ValueType::pattern, ValueType::int64, ValueType::real}) {
        const auto a = testing::build_matrix(grid, network, type);
        for (const auto mode : kModes) {
          const auto found = degree(a, mode);
          EXPECT_TRUE(found.layout() == a.row_layout());
          EXPECT_EQ(as_doubles(matrix::gather_all(found)), reference(network, mode, false));
        }
      }
    }
  });
}

TEST_F(Degree, StrengthAddsAmounts) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      for (const auto type : {ValueType::pattern, ValueType::int64, ValueType::real}) {
        const auto a = testing::build_matrix(grid, network, type);
        for (const auto mode : kModes) {
          EXPECT_EQ(matrix::gather_all(strength(a, mode)),
                    reference(network, mode, type != ValueType::pattern));
        }
      }
    }
  });
}

TEST_F(Degree, InOfTheTransposeIsOutAndAnIsolateHasNone) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(50, 200, 8);
    ++network.firms;
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    const auto out = matrix::gather_all(degree(a, DegreeMode::out));
    EXPECT_EQ(matrix::gather_all(degree(a.transpose(), DegreeMode::in)), out);
    EXPECT_EQ(out.back(), 0);
    const auto u = undirected_pattern(a);
    EXPECT_EQ(matrix::gather_all(degree(u, DegreeMode::out)),
              matrix::gather_all(degree(u, DegreeMode::in)));
  });
}

TEST_F(Degree, LoopsCountOnceInAndOnceOut) {
  on_grids([](const auto& grid) {
    const auto network = testing::network_of(2, {{0, 0}, {0, 1}});
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    EXPECT_EQ(matrix::gather_all(degree(a, DegreeMode::all)), (std::vector<std::int64_t>{3, 1}));
    EXPECT_EQ(matrix::gather_all(degree(simple_pattern(a), DegreeMode::all)),
              (std::vector<std::int64_t>{1, 1}));
  });
}

}  // namespace
}  // namespace tradegraph::kernels
