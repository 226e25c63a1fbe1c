#include "kernels/core_number.hpp"

#include "kernels/network_forms.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using matrix::ValueType;
using testing::RandomNetwork;
using Cores = std::vector<std::int64_t>;

class CoreNumberTest : public testing::NetworkTest {
 protected:
  /// By the definition: for k = 1, 2, ... drops firms with fewer than k suppliers (partners, if the
  /// links go both ways) in the set until none is left to drop; who stays has core number k at
  /// least.
  static Cores reference(const RandomNetwork& network) {
    const auto n = static_cast<std::size_t>(network.firms);
    Cores core(n, 0);
    std::vector<char> in_set(n, 1);
    for (std::int64_t k = 1; std::ranges::count(in_set, 1) > 0; ++k) {
      for (bool changed = true; changed;) {
        Cores links(n, 0);
        for (std::size_t i = 0; i < network.links(); ++i) {
          const auto supplier = static_cast<std::size_t>(network.supplier[i]);
          const auto buyer = static_cast<std::size_t>(network.buyer[i]);
          if (in_set[supplier] != 0 && in_set[buyer] != 0) ++links[buyer];
        }
        changed = false;
        for (std::size_t i = 0; i < n; ++i) {
          if (in_set[i] == 0 || links[i] >= k) continue;
          in_set[i] = 0;
          changed = true;
        }
      }
      for (std::size_t i = 0; i < n; ++i) {
        if (in_set[i] != 0) core[i] = k;
      }
    }
    return core;
  }

  static Cores of(const comm::ProcessGrid& grid, const RandomNetwork& network) {
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    const auto core = core_number(undirected_pattern(a));
    EXPECT_TRUE(core.layout() == a.row_layout());
    return matrix::gather_all(core);
  }

  /// `rows` x `columns` firms, each linked with its neighbours: many rounds at one level.
  static RandomNetwork mesh(std::int64_t rows, std::int64_t columns) {
    std::vector<std::pair<std::int64_t, std::int64_t>> links;
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t c = 0; c < columns; ++c) {
        const auto i = r * columns + c;
        if (c + 1 < columns) links.emplace_back(i, i + 1);
        if (r + 1 < rows) links.emplace_back(i + columns, i);
      }
    }
    return testing::network_of(rows * columns, links);
  }

  /// Every pair within each of the sizes, one group after the other, chained by single links.
  static RandomNetwork cliques(const std::vector<std::int64_t>& sizes) {
    std::vector<std::pair<std::int64_t, std::int64_t>> links;
    std::int64_t first = 0;
    for (const auto size : sizes) {
      for (std::int64_t i = 0; i < size; ++i) {
        for (std::int64_t j = i + 1; j < size; ++j) links.emplace_back(first + i, first + j);
      }
      if (first > 0) links.emplace_back(first, first - 1);
      first += size;
    }
    return testing::network_of(first, links);
  }
};

TEST_F(CoreNumberTest, EqualsTheDefinition) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      EXPECT_EQ(of(grid, network), reference(testing::both_directions(network)));
    }
  });
}

TEST_F(CoreNumberTest, InAndOutCoresEqualTheDefinition) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      const auto a = testing::build_matrix(grid, network, ValueType::real);
      auto turned = network;
      std::swap(turned.supplier, turned.buyer);
      EXPECT_EQ(matrix::gather_all(in_core_number(a)), reference(network));
      EXPECT_EQ(matrix::gather_all(in_core_number(a.transpose())), reference(turned));
    }
  });
}

TEST_F(CoreNumberTest, OfMeshesCliquesAndPaths) {
  on_grids([](const auto& grid) {
    EXPECT_EQ(of(grid, mesh(17, 23)), Cores(17 * 23, 2));
    EXPECT_EQ(of(grid, mesh(1, 200)), Cores(200, 1));
    Cores expected;
    for (const std::int64_t size : {1, 2, 40, 3, 12}) {
      expected.insert(expected.end(), static_cast<std::size_t>(size),
                      std::max<std::int64_t>(1, size - 1));
    }
    EXPECT_EQ(of(grid, cliques({1, 2, 40, 3, 12})), expected);
  });
}

TEST_F(CoreNumberTest, RelabellingMovesThem) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(300, 1500, 11);
    const auto order = testing::shuffled(300, 4);
    const auto plain = of(grid, network);
    const auto moved = of(grid, testing::relabelled(network, order));
    for (std::size_t i = 0; i < 300; ++i) {
      EXPECT_EQ(moved[static_cast<std::size_t>(order[i])], plain[i]);
    }
  });
}

TEST_F(CoreNumberTest, TransposingKeepsThemAndAnIsolateHasNone) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(120, 500, 9);
    auto expected = of(grid, network);
    std::swap(network.supplier, network.buyer);
    EXPECT_EQ(of(grid, network), expected);
    ++network.firms;
    expected.push_back(0);
    EXPECT_EQ(of(grid, network), expected);
  });
}

TEST_F(CoreNumberTest, ManyFirmsARoundUseAllThreads) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(30000, 90000, 13);
    EXPECT_EQ(of(grid, network), reference(testing::both_directions(network)));
  });
}

TEST_F(CoreNumberTest, LeavesTheNetworkAsItWas) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(80, 300, 2);
    const auto u = undirected_pattern(testing::build_matrix(grid, network, ValueType::pattern));
    const auto links = u.entries();
    const auto first = matrix::gather_all(core_number(u));
    EXPECT_EQ(u.entries(), links);
    EXPECT_EQ(matrix::gather_all(core_number(u)), first);
  });
}

}  // namespace
}  // namespace tradegraph::kernels
