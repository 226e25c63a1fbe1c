#include "kernels/components.hpp"

#include "tests/support/component_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using matrix::ValueType;
using testing::RandomNetwork;

class ComponentsTest : public testing::ComponentFixture {
 protected:
  /// Repeats "take the smaller label over every link" until nothing changes, then numbers by the
  /// smallest input row.
  static Labels reference(const RandomNetwork& network, const Labels& row) {
    Labels low = row;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < network.links(); ++i) {
        auto& a = low[static_cast<std::size_t>(network.supplier[i])];
        auto& b = low[static_cast<std::size_t>(network.buyer[i])];
        changed |= a != b;
        a = b = std::min(a, b);
      }
    }
    return numbered(std::move(low));
  }

  /// Both forms against the reference.
  static void expect_components(const comm::ProcessGrid& grid, const RandomNetwork& network,
                                const Labels& row) {
    const auto a = testing::build_matrix(grid, network, ValueType::real);
    const auto expected = reference(network, row);
    for (const bool forests : {true, false}) {
      const auto found = components(a, distributed(grid, row), {.by_forests = forests});
      EXPECT_TRUE(found.label.layout() == a.row_layout());
      EXPECT_EQ(matrix::gather_all(found.label), expected);
      EXPECT_EQ(matrix::gather_all(found.sizes), sizes_of(expected));
      EXPECT_EQ(found.count(), static_cast<std::int64_t>(sizes_of(expected).size()));
    }
    EXPECT_EQ(matrix::gather_all(components(a).label), reference(network, identity(network.firms)));
  }
};

TEST_F(ComponentsTest, EqualLabelPropagationInAnyInputOrder) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      expect_components(grid, network, identity(network.firms));
      expect_components(grid, network, testing::shuffled(network.firms, 6));
    }
  });
}

TEST_F(ComponentsTest, LongPathsAndManyPairs) {
  on_grids([](const auto& grid) {
    RandomNetwork path{700, {}, {}, {}};
    RandomNetwork pairs{700, {}, {}, {}};
    const auto order = testing::shuffled(700, 12);
    for (std::size_t i = 0; i + 1 < 700; ++i) {
      auto& some = i % 2 == 0 ? pairs : path;
      some.supplier.push_back(order[i]);
      some.buyer.push_back(order[i + 1]);
      some.amount.push_back(1);
    }
    expect_components(grid, pairs, identity(700));
    for (std::size_t i = 0; i < pairs.links(); ++i) {
      path.supplier.push_back(pairs.supplier[i]);
      path.buyer.push_back(pairs.buyer[i]);
      path.amount.push_back(1);
    }
    expect_components(grid, path, order);
  });
}

// Ranks know of other ranks' giant sets: they must not take in one of another component.
TEST_F(ComponentsTest, SeveralGiantsOfEqualSizeApartOrJoinedByOneLink) {
  on_grids([](const auto& grid) {
    for (const std::int64_t giants : {2, 3, 5}) {
      auto network = testing::random_network(1500, 4500, 21);
      for (std::size_t i = 0; i < network.links(); ++i) {
        auto& buyer = network.buyer[i];  // 1500 is a multiple of `giants`
        buyer += network.supplier[i] % giants - buyer % giants;
      }
      expect_components(grid, network, identity(1500));
      network.supplier.push_back(1499);
      network.buyer.push_back(1498);
      network.amount.push_back(1);
      expect_components(grid, network, testing::shuffled(1500, 22));
    }
  });
}

TEST_F(ComponentsTest, RelabellingFirmsChangesNothingInInputOrder) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(200, 150, 3);
    const auto order = testing::shuffled(200, 4);
    Labels row(200);  // firm order[i] is input row i
    for (std::size_t i = 0; i < 200; ++i) {
      row[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
    }
    const auto plain = matrix::gather_all(
        components(testing::build_matrix(grid, network, ValueType::pattern)).label);
    const auto moved = matrix::gather_all(
        components(
            testing::build_matrix(grid, testing::relabelled(network, order), ValueType::pattern),
            distributed(grid, row))
            .label);
    for (std::size_t i = 0; i < 200; ++i) {
      EXPECT_EQ(moved[static_cast<std::size_t>(order[i])], plain[i]);
    }
  });
}

TEST_F(ComponentsTest, TransposingKeepsThemAndAnIsolateAddsOne) {
  on_grids([](const auto& grid) {
    auto network = testing::random_network(120, 100, 9);
    const auto a = testing::build_matrix(grid, network, ValueType::pattern);
    const auto before = components(a);
    EXPECT_EQ(matrix::gather_all(components(a.transpose()).label),
              matrix::gather_all(before.label));
    ++network.firms;
    const auto after = components(testing::build_matrix(grid, network, ValueType::pattern));
    EXPECT_EQ(after.count(), before.count() + 1);
    EXPECT_EQ(matrix::gather_all(after.sizes).back(), 1);
  });
}

TEST_F(ComponentsTest, RefusesInputRowsThatAreNoPermutation) {
  on_grids([](const auto& grid) {
    const auto a =
        testing::build_matrix(grid, testing::random_network(5, 0, 1), ValueType::pattern);
    for (const auto& row : {Labels{0, 1, 1, 3, 4}, Labels{0, 1, 2, 3, 5}}) {
      EXPECT_THROW(static_cast<void>(components(a, distributed(grid, row))), Error);
    }
  });
}

}  // namespace
}  // namespace tradegraph::kernels
