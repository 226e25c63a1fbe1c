#include "engine/matrix/gather.hpp"

#include "tests/support/network_fixture.hpp"

namespace tradegraph::matrix {
namespace {

class Gather : public testing::NetworkTest {
 protected:
  /// Runs `check(vector of n numbers, own indices)` for every grid, layout and size; half of the
  /// indices are 0, so that they repeat.
  template <class Check>
  static void for_all(Check&& check) {
    on_grids([&](const auto& grid) {
      for (const auto alignment : {Alignment::rows, Alignment::columns, Alignment::slices}) {
        for (const std::int64_t n : {1, 3, 500}) {
          DistributedVector<std::int64_t> x(grid, Layout(grid.shape(), n, alignment));
          for (std::int64_t i = 0; i < x.count(); ++i) x[i] = x.global_of(i).value() * 10;
          const CounterRandom random(5, static_cast<std::uint64_t>(grid.group().rank()));
          std::vector<std::int64_t> indices;
          for (std::uint64_t k = 0; k < 40; ++k) {
            const auto index = random.below(k, static_cast<std::uint64_t>(n));
            indices.push_back(k % 2 == 0 ? 0 : static_cast<std::int64_t>(index));
          }
          check(x, indices);
        }
      }
    });
  }
};

TEST_F(Gather, FetchesValuesAtAnyIndex) {
  for_all([](const auto& x, const auto& indices) {
    auto expected = indices;
    for (auto& value : expected) value *= 10;
    EXPECT_EQ(gather(x, std::span<const std::int64_t>(indices)), expected);
  });
}

TEST_F(Gather, ScatterAddCountsWhatAllRanksSend) {
  for_all([](auto x, const auto& indices) {
    const std::vector<std::int64_t> ones(indices.size(), 1);
    scatter_add<std::int64_t>(x, indices, ones);
    auto expected = std::vector<std::int64_t>(static_cast<std::size_t>(x.size()));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      expected[i] = static_cast<std::int64_t>(i) * 10;
    }
    const auto everyone =
        comm::all_gather_v(x.grid().group(), std::span<const std::int64_t>(indices)).values;
    for (const auto index : everyone) ++expected[static_cast<std::size_t>(index)];
    EXPECT_EQ(gather_all(x), expected);
  });
}

TEST_F(Gather, ScatterMinKeepsTheLowest) {
  for_all([](auto x, const auto& indices) {
    std::vector<std::int64_t> values;
    for (std::size_t k = 0; k < indices.size(); ++k) {
      values.push_back(indices[k] * 10 - static_cast<std::int64_t>(k) % 5 + 2);
    }
    scatter_min<std::int64_t>(x, indices, values);
    const auto& group = x.grid().group();
    const auto where = comm::all_gather_v(group, std::span<const std::int64_t>(indices)).values;
    const auto what = comm::all_gather_v(group, std::span<const std::int64_t>(values)).values;
    std::vector<std::int64_t> expected(static_cast<std::size_t>(x.size()));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      expected[i] = static_cast<std::int64_t>(i) * 10;
    }
    for (std::size_t k = 0; k < where.size(); ++k) {
      auto& low = expected[static_cast<std::size_t>(where[k])];
      low = std::min(low, what[k]);
    }
    EXPECT_EQ(gather_all(x), expected);
  });
}

TEST_F(Gather, RefusesAnIndexOutsideOnEveryRank) {
  on_grids([](const auto& grid) {
    const DistributedVector<double> x(grid, Layout(grid.shape(), 7, Alignment::rows));
    std::vector<std::int64_t> indices;
    if (grid.group().is_root()) indices = {3, 7};
    EXPECT_THROW(static_cast<void>(gather(x, std::span<const std::int64_t>(indices))), Error);
  });
}

}  // namespace
}  // namespace tradegraph::matrix
