#include "kernels/strong_components.hpp"

#include "kernels/components.hpp"
#include "kernels/network_forms.hpp"
#include "tests/support/component_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using matrix::ValueType;
using testing::RandomNetwork;

class StrongComponentsTest : public testing::ComponentFixture {
 protected:
  /// Which firms links lead to from `start`.
  static std::vector<char> reached(const std::vector<Labels>& buyers, std::size_t start) {
    std::vector<char> seen(buyers.size(), 0);
    std::vector<std::size_t> open{start};
    seen[start] = 1;
    while (!open.empty()) {
      const auto firm = open.back();
      open.pop_back();
      for (const auto buyer : buyers[firm]) {
        const auto next = static_cast<std::size_t>(buyer);
        if (seen[next] == 0) open.push_back(next);
        seen[next] = 1;
      }
    }
    return seen;
  }

  /// By the definition, in O(n^2 + n m): there and back. Numbered by the smallest input row.
  static Labels reference(const RandomNetwork& network, const Labels& row) {
    const auto n = static_cast<std::size_t>(network.firms);
    std::vector<Labels> buyers(n);
    for (std::size_t i = 0; i < network.links(); ++i) {
      buyers[static_cast<std::size_t>(network.supplier[i])].push_back(network.buyer[i]);
    }
    std::vector<std::vector<char>> reach;
    for (std::size_t i = 0; i < n; ++i) reach.push_back(reached(buyers, i));
    Labels low(n);
    for (std::size_t i = 0; i < n; ++i) {
      low[i] = row[i];
      for (std::size_t j = 0; j < n; ++j) {
        if (reach[i][j] != 0 && reach[j][i] != 0) low[i] = std::min(low[i], row[j]);
      }
    }
    return numbered(std::move(low));
  }

  /// One pass on one rank; every stage on the grid; gathered after trimming and the giant; gathered
  /// from the start.
  static std::vector<StrongComponentsConfig> forms() {
    return {{.serial_threads = 1 << 20},
            {.serial_threads = 0, .gathered_links = 0},
            {.serial_threads = 0, .gathered_links = 40},
            {.serial_threads = 0}};
  }

  static void expect_labels(const comm::ProcessGrid& grid, const RandomNetwork& network,
                            const Labels& row, const Labels& expected) {
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    for (const auto& form : forms()) {
      SCOPED_TRACE(std::to_string(form.serial_threads) + " threads, gathered from " +
                   std::to_string(form.gathered_links));
      const auto found = strong_components(a, distributed(grid, row), form);
      EXPECT_TRUE(found.label.layout() == a.row_layout());
      EXPECT_EQ(matrix::gather_all(found.label), expected);
      EXPECT_EQ(matrix::gather_all(found.sizes), sizes_of(expected));
    }
  }
  static void expect_strong(const comm::ProcessGrid& grid, const RandomNetwork& network,
                            const Labels& row) {
    expect_labels(grid, network, row, reference(network, row));
  }

  /// Rings of the given sizes, each linked to the next one by `bridges` links.
  static RandomNetwork rings(const Labels& sizes, std::int64_t bridges) {
    std::vector<std::pair<std::int64_t, std::int64_t>> links;
    std::int64_t first = 0;
    for (const auto size : sizes) {
      for (std::int64_t i = 0; i < size && size > 1; ++i) {
        links.emplace_back(first + i, first + (i + 1) % size);
      }
      for (std::int64_t b = 0; b < bridges && first > 0; ++b) {
        links.emplace_back(first - 1 - b % first, first + b % size);
      }
      first += size;
    }
    std::ranges::sort(links);
    links.erase(std::unique(links.begin(), links.end()), links.end());
    return testing::network_of(first, links);
  }
};

TEST_F(StrongComponentsTest, EqualReachabilityInAnyInputOrder) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      expect_strong(grid, network, identity(network.firms));
      expect_strong(grid, network, testing::shuffled(network.firms, 6));
    }
  });
}

TEST_F(StrongComponentsTest, ChainsOfRings) {
  on_grids([](const auto& grid) {
    for (const auto& sizes :
         {Labels(40, 2), Labels{5, 1, 1, 30, 2, 1, 9, 9, 9, 1}, Labels{120}, Labels(50, 1)}) {
      const auto plain = rings(sizes, 3);
      expect_strong(grid, plain, identity(plain.firms));
      const auto moved = testing::relabelled(plain, testing::shuffled(plain.firms, 8));
      expect_strong(grid, moved, testing::shuffled(plain.firms, 9));
    }
  });
}

TEST_F(StrongComponentsTest, LoopsPlayNoPart) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(60, 90, 5);
    auto with_loops = network;
    for (std::int64_t i = 0; i < 60; i += 3) {
      with_loops.supplier.push_back(i);
      with_loops.buyer.push_back(i);
      with_loops.amount.push_back(1);
    }
    expect_labels(grid, with_loops, identity(60), reference(network, identity(60)));
  });
}

TEST_F(StrongComponentsTest, TransposingKeepsThemAndAnIsolateAddsOne) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(200, 500, 9);
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    const auto before = strong_components(a);
    EXPECT_EQ(matrix::gather_all(strong_components(a.transpose()).label),
              matrix::gather_all(before.label));
    ++network.firms;
    const auto after = strong_components(testing::build_matrix(grid, network, ValueType::pattern));
    EXPECT_EQ(after.count(), before.count() + 1);
    EXPECT_EQ(matrix::gather_all(after.sizes).back(), 1);
  });
}

TEST_F(StrongComponentsTest, AreTheWeakOnesWhereLinksGoBothWays) {
  on_grids([](const auto& grid) {
    const auto u = undirected_pattern(
        testing::build_matrix(grid, testing::random_network(250, 240, 3), ValueType::pattern));
    for (const auto& form : forms()) {
      EXPECT_EQ(matrix::gather_all(strong_components(u, form).label),
                matrix::gather_all(components(u).label));
    }
  });
}

TEST_F(StrongComponentsTest, LargeNetworksAgreeWithOneRank) {
  const auto network = testing::random_network(30000, 60000, 21);
  const auto self = comm::Communicator::self();
  const comm::ProcessGrid alone(self, {1, 1, 1});
  const auto expected = matrix::gather_all(
      strong_components(testing::build_matrix(alone, network, ValueType::pattern),
                        {.serial_threads = 1 << 20})
          .label);
  on_grids([&](const auto& grid) {
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    for (const auto& form : forms()) {
      EXPECT_EQ(matrix::gather_all(strong_components(a, form).label), expected);
    }
    const auto all = summary(strong_components(a));
    const auto sizes = sizes_of(expected);
    EXPECT_EQ(all.count, static_cast<std::int64_t>(sizes.size()));
    EXPECT_EQ(all.largest, *std::ranges::max_element(sizes));
    EXPECT_EQ(all.single, std::ranges::count(sizes, 1));
  });
}

TEST_F(StrongComponentsTest, RefusesInputRowsThatAreNoPermutation) {
  on_grids([](const auto& grid) {
    const auto a =
        testing::build_matrix(grid, testing::random_network(5, 0, 1), ValueType::pattern);
    EXPECT_THROW(static_cast<void>(strong_components(a, distributed(grid, {0, 1, 1, 3, 4}))),
                 Error);
  });
}

}  // namespace
}  // namespace tradegraph::kernels
