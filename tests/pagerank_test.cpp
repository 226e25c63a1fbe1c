#include "kernels/pagerank.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <numeric>

#include "kernels/network_forms.hpp"
#include "kernels/pagerank_products.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using matrix::ValueType;
using testing::RandomNetwork;

class PageRankTest : public testing::NetworkTest {
 protected:
  /// Solves (I - d P') r = (1 - d) / n exactly, P with even rows for dangling firms.
  static std::vector<double> reference(const RandomNetwork& network, bool amounts, double d) {
    const auto n = network.firms;
    if (n == 0) return {};
    const auto values = network.dense(amounts);
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Eigen::MatrixXd p = Eigen::Map<const RowMajor>(values.data(), n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const double sum = p.row(i).sum();
      if (sum > 0) p.row(i) /= sum;
      if (sum == 0) p.row(i).setConstant(1.0 / static_cast<double>(n));
    }
    const Eigen::MatrixXd system = Eigen::MatrixXd::Identity(n, n) - d * p.transpose();
    const Eigen::VectorXd r =
        system.partialPivLu().solve(Eigen::VectorXd::Constant(n, (1 - d) / static_cast<double>(n)));
    return {r.begin(), r.end()};
  }

  static std::vector<double> ranks(const comm::ProcessGrid& grid, const RandomNetwork& network,
                                   ValueType type, const PageRankConfig& config = {}) {
    const auto a = testing::build_matrix(grid, network, type);
    return matrix::gather_all(pagerank(a.transpose(), config).rank);
  }
};

TEST_F(PageRankTest, EqualsTheSolutionOfItsEquations) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      for (const auto type : {ValueType::pattern, ValueType::int64, ValueType::real}) {
        const auto expected = reference(network, type != ValueType::pattern, 0.85);
        testing::expect_close(ranks(grid, network, type), expected, "default");
      }
    }
  });
}

TEST_F(PageRankTest, EqualsTheGraphblasForm) {
  on_grids([](const auto& grid) {
    for (const auto type : {ValueType::pattern, ValueType::real}) {
      const auto network = testing::random_network(20000, 80000, 31);
      const auto turned = testing::build_matrix(grid, network, type).transpose();
      const auto loops = pagerank(turned);
      const auto products = pagerank_by_products(turned);
      EXPECT_EQ(loops.iterations, products.iterations);
      testing::expect_close(matrix::gather_all(loops.rank), matrix::gather_all(products.rank),
                            "both forms", 1e-14);
    }
  });
}

TEST_F(PageRankTest, ThreadsDoNotShow) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(20000, 80000, 32);
    const auto turned = testing::build_matrix(grid, network, ValueType::pattern).transpose();
    const auto several = pagerank(turned);
    const matrix::SingleThread one;
    const auto alone = pagerank(turned);
    EXPECT_TRUE(std::ranges::equal(several.rank.values(), alone.rank.values()));
    EXPECT_EQ(several.change, alone.change);
  });
}

TEST_F(PageRankTest, OtherDampingAndUndirected) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(80, 160, 21);
    testing::expect_close(ranks(grid, network, ValueType::real, {.damping = 0.5}),
                          reference(network, true, 0.5), "damping 0.5");
    const std::vector<double> even(80, 1.0 / 80);
    testing::expect_close(ranks(grid, network, ValueType::real, {.damping = 0}), even,
                          "no damping");
    const auto u = undirected_pattern(testing::build_matrix(grid, network, ValueType::pattern));
    testing::expect_close(matrix::gather_all(pagerank(u).rank),
                          reference(testing::both_directions(network), false, 0.85), "undirected");
  });
}

TEST_F(PageRankTest, SymmetricMatricesTakeFewerIterations) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(900, 1500, 23);
    network.firms += 50;
    const auto both = testing::both_directions(network);
    const auto u = undirected_pattern(testing::build_matrix(grid, network, ValueType::pattern));
    const auto w = undirected_weights(testing::build_matrix(grid, network, ValueType::real));
    for (const auto* a : {&u, &w}) {
      const auto plain = pagerank(*a);
      const auto fast = pagerank(*a, {.symmetric = true});
      testing::expect_close(matrix::gather_all(fast.rank), matrix::gather_all(plain.rank),
                            "symmetric");
      EXPECT_LE(fast.change, 1e-10);
      EXPECT_LT(2 * fast.iterations, plain.iterations);
    }
    testing::expect_close(matrix::gather_all(pagerank(u, {.symmetric = true}).rank),
                          reference(both, false, 0.85), "equations");
    const PageRankConfig undamped{.damping = 0, .symmetric = true};
    testing::expect_close(matrix::gather_all(pagerank(u, undamped).rank),
                          std::vector<double>(950, 1.0 / 950), "no damping");
  });
}

TEST_F(PageRankTest, SumsToOneAndReportsItsIterations) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      if (network.firms == 0) continue;
      const auto a = testing::build_matrix(grid, network, ValueType::pattern);
      const auto result = pagerank(a.transpose());
      const auto all = matrix::gather_all(result.rank);
      EXPECT_NEAR(std::accumulate(all.begin(), all.end(), 0.0), 1.0, 1e-12);
      EXPECT_LE(result.change, 1e-10);
      EXPECT_GE(result.iterations, 1);
      EXPECT_LE(result.iterations, 142);
    }
  });
}

TEST_F(PageRankTest, RelabellingMovesTheRanksWithTheFirms) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(150, 500, 30);
    const auto order = testing::shuffled(150, 31);
    const auto plain = ranks(grid, network, ValueType::real);
    const auto moved = ranks(grid, testing::relabelled(network, order), ValueType::real);
    std::vector<double> back(150);
    for (std::size_t i = 0; i < 150; ++i) back[i] = moved[static_cast<std::size_t>(order[i])];
    testing::expect_close(back, plain, "relabelled");
  });
}

TEST_F(PageRankTest, ScalingAllAmountsChangesNothingAndIsolatesShareAlike) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(60, 200, 7);
    network.firms += 2;
    const auto plain = ranks(grid, network, ValueType::real);
    EXPECT_DOUBLE_EQ(plain[60], plain[61]);
    EXPECT_GT(plain[60], 0);
    for (auto& amount : network.amount) amount *= 1024;
    testing::expect_close(ranks(grid, network, ValueType::real), plain, "scaled");
  });
}

TEST_F(PageRankTest, RefusesBadSettingsAndWeights) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(40, 200, 7);
    const auto kind_of = [&](const PageRankConfig& config) {
      try {
        static_cast<void>(ranks(grid, network, ValueType::real, config));
      } catch (const Error& error) {
        return error.kind();
      }
      return ErrorKind::internal;
    };
    EXPECT_EQ(kind_of({.damping = 1}), ErrorKind::usage);
    EXPECT_EQ(kind_of({.tolerance = 0}), ErrorKind::usage);
    EXPECT_EQ(kind_of({.max_iterations = 0}), ErrorKind::usage);
    EXPECT_EQ(kind_of({.max_iterations = 3}), ErrorKind::usage);
    network.amount[5] = -1;
    EXPECT_EQ(kind_of({}), ErrorKind::bad_input);
    network.amount[5] = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(kind_of({}), ErrorKind::bad_input);
  });
}

}  // namespace
}  // namespace tradegraph::kernels
