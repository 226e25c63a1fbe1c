#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/matrix/csr_build.hpp"
#include "engine/matrix/csr_filter.hpp"
#include "engine/matrix/environment.hpp"

namespace tradegraph::matrix {
namespace {

using Cell = std::pair<std::int64_t, std::int64_t>;  // row, column

/// The entries of a block as an ordered map, and that its rows ascend.
template <class T>
std::map<Cell, T> cells_of(const CsrBlock& block) {
  std::map<Cell, T> cells;
  std::int64_t number = 0;
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    EXPECT_EQ(block.begin(r), number);
    std::int64_t before = -1;
    for (const auto c : block.row(r)) {
      EXPECT_LT(before, c) << "row " << r;
      before = c;
      T value{1};
      if constexpr (!std::is_same_v<T, int>) {  // int stands for the pattern
        value = block.values<T>()[static_cast<std::size_t>(number)];
      }
      cells[{r, c}] = value;
      ++number;
    }
  }
  EXPECT_EQ(block.begin(block.rows()), number);
  return cells;
}

/// Entries in random order, some of them repeated; large enough for several chunks and buckets.
struct RandomEntries {
  std::int64_t rows;
  std::int64_t columns;
  std::vector<PackedEntry> entries;
  std::vector<double> real;
  std::vector<std::int64_t> integer;

  RandomEntries(std::int64_t row_count, std::int64_t column_count, std::size_t count,
                std::uint64_t seed)
      : rows(row_count), columns(column_count) {
    const CounterRandom random(seed, 1);
    for (std::size_t i = 0; i < count; ++i) {
      // Few of the rows, so that entries repeat and some rows are empty.
      const auto row = random.below(3 * i, static_cast<std::uint64_t>(rows)) / 3 * 3;
      entries.push_back(
          pack_entry(row, random.below(3 * i + 1, static_cast<std::uint64_t>(columns))));
      integer.push_back(static_cast<std::int64_t>(random.below(3 * i + 2, 1000)));
      real.push_back(std::ldexp(static_cast<double>(integer.back()), -3));  // sums are exact
    }
  }

  template <class T>
  [[nodiscard]] std::map<Cell, T> cells(const std::vector<T>& values) const {
    std::map<Cell, T> sums;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      sums[{row_of(entries[i]), column_of(entries[i])}] += values[i];
    }
    return sums;
  }
  [[nodiscard]] std::vector<CsrBlock> build() const {
    const std::vector<ValueColumn> values{std::span(integer), std::span(real)};
    return build_csr(rows, columns, entries, values);
  }
};

std::vector<RandomEntries> random_entries() {
  return {RandomEntries(1, 1, 0, 1), RandomEntries(1, 1, 5, 1), RandomEntries(10, 4, 100, 2),
          RandomEntries(5000, 70, 300000, 3), RandomEntries(90000, 1000, 200000, 4)};
}

template <class T>
std::map<Cell, T> turned(const std::map<Cell, T>& cells) {
  std::map<Cell, T> result;
  for (const auto& [cell, value] : cells) result[{cell.second, cell.first}] = value;
  return result;
}

class Csr : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { environment_ = std::make_unique<Environment>(); }
  static void TearDownTestSuite() { environment_.reset(); }
  static inline std::unique_ptr<Environment> environment_;
};

TEST_F(Csr, BuildsSortedRowsAndAddsRepeats) {
  for (const auto& random : random_entries()) {
    const auto blocks = random.build();
    ASSERT_EQ(blocks.size(), 3U);
    const auto sums = random.cells(random.real);
    EXPECT_EQ(cells_of<double>(blocks[2]), sums);
    EXPECT_EQ(cells_of<std::int64_t>(blocks[1]), random.cells(random.integer));
    EXPECT_EQ(cells_of<int>(blocks[0]).size(), sums.size());
    // Without values another path numbers no entries.
    const auto pattern = build_csr(random.rows, random.columns, random.entries).front();
    EXPECT_EQ(cells_of<int>(pattern), cells_of<int>(blocks[0]));
  }
}

TEST_F(Csr, TransposesWithItsValues) {
  for (const auto& random : random_entries()) {
    const auto blocks = random.build();
    EXPECT_EQ(cells_of<int>(transposed(blocks[0])), turned(cells_of<int>(blocks[0])));
    EXPECT_EQ(cells_of<double>(transposed(blocks[2])), turned(cells_of<double>(blocks[2])));
  }
}

TEST_F(Csr, UnitesPatternsAndAddsValues) {
  for (std::uint64_t seed = 1; seed < 4; ++seed) {
    const RandomEntries x(4000, 60, 90000, seed);
    const RandomEntries y(4000, 60, 20000, seed + 10);
    auto sums = x.cells(x.real);
    for (const auto& [cell, value] : y.cells(y.real)) sums[cell] += value;
    const auto both = united(x.build()[2], y.build()[2]);
    EXPECT_EQ(cells_of<double>(both), sums);
    EXPECT_EQ(cells_of<int>(united(x.build()[0], y.build()[0])), cells_of<int>(both.pattern()));
    EXPECT_THROW((void)united(x.build()[0], y.build()[1]), Error);
  }
}

TEST_F(Csr, FiltersAndSharesWhatIsKeptWhole) {
  const RandomEntries random(5000, 70, 100000, 5);
  const auto block = random.build()[2];
  auto expected = random.cells(random.real);
  const auto keep = [](std::int64_t r, std::int64_t c) { return (r + c) % 3 != 0; };
  std::erase_if(expected,
                [&](const auto& cell) { return !keep(cell.first.first, cell.first.second); });
  EXPECT_EQ(cells_of<double>(filter_block(block, keep)), expected);
  const auto all = filter_block(block, [](std::int64_t, std::int64_t) { return true; });
  EXPECT_EQ(all.column_of_entry().data(), block.column_of_entry().data());
}

TEST_F(Csr, GoesIntoGraphblasAndBack) {
  for (const auto& random : random_entries()) {
    for (const auto& block : random.build()) {
      const auto graphblas = to_graphblas(block);
      EXPECT_EQ(graphblas.entries(), block.entries());
      const auto back = from_graphblas(block.type(), graphblas, block.rows(), block.columns());
      EXPECT_EQ(back.type(), block.type());
      EXPECT_EQ(cells_of<int>(back.pattern()), cells_of<int>(block.pattern()));
      if (block.type() == ValueType::real) {
        EXPECT_EQ(cells_of<double>(back), cells_of<double>(block));
      }
    }
  }
}

TEST_F(Csr, RefusesColumnsThatDoNotFit32Bits) {
  EXPECT_THROW(CsrBlock(ValueType::pattern, 1, (std::int64_t{1} << 32) + 1), Error);
}

}  // namespace
}  // namespace tradegraph::matrix
