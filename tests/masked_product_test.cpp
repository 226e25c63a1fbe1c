#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "tests/support/network_fixture.hpp"

namespace tradegraph::matrix {
namespace {

using Place = std::pair<std::int64_t, std::int64_t>;
using Entries = std::map<Place, std::int64_t>;

/// A matrix that every rank can make for itself: values 1 .. 9, -2 where the sum of the indices is
/// a multiple of 5.
struct Sparse {
  std::int64_t rows;
  std::int64_t columns;
  Entries entries;

  Sparse(std::int64_t row_count, std::int64_t column_count, double density, std::uint64_t seed)
      : rows(row_count), columns(column_count) {
    const CounterRandom random(seed, 21);
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t j = 0; j < columns; ++j) {
        const auto at = static_cast<std::uint64_t>(i * columns + j);
        if (random.uniform(at) >= density) continue;
        const auto value = static_cast<std::int64_t>(1 + random.below(1000000 + at, 9));
        entries[{i, j}] = (i + j) % 5 == 0 ? -2 : value;
      }
    }
  }
  [[nodiscard]] std::int64_t value(const Place& place, ValueType type) const {
    return type == ValueType::pattern ? 1 : entries.at(place);
  }
  [[nodiscard]] DistributedMatrix on(const comm::ProcessGrid& grid, ValueType type) const {
    Triples mine;
    std::int64_t number = 0;
    for (const auto& [place, value] : entries) {
      if (number++ % grid.group().size() != grid.group().rank()) continue;
      mine.row.push_back(place.first);
      mine.column.push_back(place.second);
      if (type == ValueType::int64) mine.integer.push_back(value);
      if (type == ValueType::real) mine.real.push_back(static_cast<double>(value));
    }
    return DistributedMatrix::build(grid, rows, columns, type, mine);
  }
};

/// All entries of a product, on every rank.
Entries gathered(const DistributedMatrix& c) {
  const auto mine = c.global_triples();
  const auto& group = c.grid().group();
  const auto row = comm::all_gather_v(group, std::span<const std::int64_t>(mine.row)).values;
  const auto column = comm::all_gather_v(group, std::span<const std::int64_t>(mine.column)).values;
  const auto integer =
      comm::all_gather_v(group, std::span<const std::int64_t>(mine.integer)).values;
  const auto real = comm::all_gather_v(group, std::span<const double>(mine.real)).values;
  Entries result;
  for (std::size_t e = 0; e < row.size(); ++e) {
    result[{row[e], column[e]}] = integer.empty() ? static_cast<std::int64_t>(real[e]) : integer[e];
  }
  return result;
}

/// Three loops: for each entry of the mask, over the whole inner dimension.
Entries slow(const Sparse& a, ValueType type_a, const Sparse& b, ValueType type_b,
             const Sparse& mask, Add add, Multiply multiply) {
  Entries result;
  for (const auto& [place, unused] : mask.entries) {
    for (std::int64_t k = 0; k < a.columns; ++k) {
      const Place left{place.first, k};
      const Place right{k, place.second};
      if (!a.entries.contains(left) || !b.entries.contains(right)) continue;
      const auto x = a.value(left, type_a);
      const auto y = b.value(right, type_b);
      const auto term = multiply == Multiply::times ? x * y : multiply == Multiply::pair ? 1 : y;
      const auto [at, first] = result.try_emplace(place, term);
      if (first) continue;
      if (add == Add::plus) at->second += term;
      if (add == Add::min) at->second = std::min(at->second, term);
      if (add == Add::max) at->second = std::max(at->second, term);
    }
  }
  return result;
}

class MaskedProduct : public testing::NetworkTest {};

struct Shape {
  std::int64_t rows;
  std::int64_t inner;
  std::int64_t columns;
  double density;
};

/// Empty, narrower than the grid, wide, tall, nearly full.
const std::vector<Shape> kShapes{{0, 0, 0, 1},         {1, 1, 1, 1},     {2, 1, 3, 1},
                                 {5, 40, 3, 0.3},      {60, 3, 90, 0.4}, {30, 30, 30, 0.9},
                                 {130, 110, 140, 0.03}};

TEST_F(MaskedProduct, EqualsThreeLoopsOnEveryGrid) {
  on_grids([](const auto& grid) {
    for (const auto& s : kShapes) {
      const Sparse a(s.rows, s.inner, s.density, 1);
      const Sparse b(s.inner, s.columns, s.density, 2);
      const Sparse mask(s.rows, s.columns, std::max(s.density, 0.2), 3);
      SCOPED_TRACE(std::to_string(s.rows) + " x " + std::to_string(s.inner));
      const auto check = [&]<class T>(T, Add add, Multiply multiply, ValueType of_a,
                                      ValueType of_b) {
        const auto product =
            a.on(grid, of_a)
                .mxm(b.on(grid, of_b), mask.on(grid, ValueType::real), semiring<T>(add, multiply));
        EXPECT_EQ(product.rows(), s.rows);
        EXPECT_EQ(product.columns(), s.columns);
        EXPECT_EQ(gathered(product), slow(a, of_a, b, of_b, mask, add, multiply));
      };
      using enum ValueType;
      check(std::int64_t{}, Add::plus, Multiply::times, int64, int64);
      check(std::int64_t{}, Add::plus, Multiply::pair, pattern, pattern);
      check(std::int64_t{}, Add::min, Multiply::other, pattern, int64);
      check(double{}, Add::plus, Multiply::times, real, real);
      check(double{}, Add::max, Multiply::other, int64, real);
      check(double{}, Add::plus, Multiply::other, real, pattern);
    }
  });
}

TEST_F(MaskedProduct, OfAMatrixWithItselfUnderItself) {
  on_grids([](const auto& grid) {
    for (const auto& s : kShapes) {
      const Sparse a(s.inner, s.inner, s.density, 4);
      const auto matrix = a.on(grid, ValueType::int64);
      const auto product =
          matrix.mxm(matrix, matrix, semiring<std::int64_t>(Add::plus, Multiply::times));
      EXPECT_EQ(gathered(product),
                slow(a, ValueType::int64, a, ValueType::int64, a, Add::plus, Multiply::times));
      EXPECT_EQ(gathered(matrix), a.entries);  // the operands are as they were
    }
  });
}

TEST_F(MaskedProduct, RefusesShapesThatDoNotFit) {
  on_grids([](const auto& grid) {
    const auto a = Sparse(9, 7, 0.5, 1).on(grid, ValueType::pattern);
    const auto b = Sparse(8, 9, 0.5, 2).on(grid, ValueType::pattern);
    const auto fits = Sparse(7, 9, 0.5, 2).on(grid, ValueType::pattern);
    const auto count = semiring<std::int64_t>(Add::plus, Multiply::pair);
    EXPECT_THROW((void)a.mxm(b, Sparse(9, 9, 1, 1).on(grid, ValueType::pattern), count), Error);
    EXPECT_THROW((void)a.mxm(fits, Sparse(9, 8, 1, 1).on(grid, ValueType::pattern), count), Error);
    EXPECT_GT(a.mxm(fits, Sparse(9, 9, 1, 1).on(grid, ValueType::pattern), count).entries(), 0);
  });
}

TEST_F(MaskedProduct, RisingLinksAreHalfOfAnUndirectedNetwork) {
  on_grids([](const auto& grid) {
    for (const auto& network : networks()) {
      const auto both = testing::both_directions(network);
      const auto u = testing::build_matrix(grid, both, ValueType::pattern);
      const auto key_of = [](std::int64_t i) { return i * 7 % 5; };  // with ties
      DistributedVector<std::int64_t> key(grid, u.column_layout());
      for (std::int64_t i = 0; i < key.count(); ++i) key[i] = key_of(key.global_of(i).value());
      Entries expected;
      for (std::size_t e = 0; e < both.links(); ++e) {
        const auto i = both.supplier[e];
        const auto j = both.buyer[e];
        if (std::pair(key_of(i), i) < std::pair(key_of(j), j)) expected[{i, j}] = 0;
      }
      const auto rising = u.select_rising(key);
      const auto mine = rising.global_triples();
      for (std::size_t e = 0; e < mine.size(); ++e) {
        EXPECT_TRUE(expected.contains({mine.row[e], mine.column[e]}));
      }
      EXPECT_EQ(rising.entries(), static_cast<std::int64_t>(expected.size()));
      EXPECT_EQ(2 * rising.entries(), u.entries());
    }
  });
}

}  // namespace
}  // namespace tradegraph::matrix
