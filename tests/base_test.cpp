#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

#include "engine/base/chunked_list.hpp"
#include "engine/base/error.hpp"
#include "engine/base/exact_sum.hpp"
#include "engine/base/memory.hpp"
#include "engine/base/number_table.hpp"
#include "engine/base/packing.hpp"
#include "engine/base/progress.hpp"
#include "engine/base/random.hpp"
#include "engine/base/types.hpp"

namespace tradegraph {
namespace {

static_assert(!std::is_convertible_v<LocalRow, GlobalIndex>);
static_assert(!std::is_convertible_v<std::int64_t, GlobalIndex>);

TEST(CounterRandom, DependsOnSeedStreamAndIndexOnly) {
  const CounterRandom a(1, 2), same(1, 2), other_seed(2, 2), other_stream(1, 3);
  EXPECT_EQ(a.bits(7), same.bits(7));
  EXPECT_NE(a.bits(7), other_seed.bits(7));
  EXPECT_NE(a.bits(7), other_stream.bits(7));
  EXPECT_NE(a.bits(7), a.bits(8));
}

TEST(CounterRandom, IsUniform) {
  const CounterRandom random(42, 0);
  constexpr int kDraws = 200000;
  std::vector<int> bins(20, 0);
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const double u = random.uniform(i);
    EXPECT_TRUE(u >= 0 && u < 1);
    ++bins[static_cast<std::size_t>(u * 20)];
    EXPECT_LT(random.below(i, 7), 7U);
  }
  double chi_squared = 0;
  for (const int count : bins) chi_squared += std::pow(count - kDraws / 20.0, 2) / (kDraws / 20.0);
  EXPECT_LT(chi_squared, 43.8);  // 19 degrees of freedom, p = 0.001
}

TEST(FixedPointScale, SumsAreIndependentOfOrder) {
  const CounterRandom random(3, 1);
  std::vector<double> values(10000);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::exp(40 * random.uniform(i) - 20) * (i % 2 == 0 ? 1 : -1);
  }
  const auto scale = FixedPointScale::for_range(std::exp(20.0), 10000);
  const auto sum = [&] {
    Int128 units = 0;
    for (const double x : values) units += scale.units(x);
    return scale.value(units);
  };
  const double forward = sum();
  std::sort(values.begin(), values.end());
  EXPECT_EQ(forward, sum());
  long double reference = 0;
  for (const double x : values) reference += x;
  EXPECT_NEAR(forward, static_cast<double>(reference), 1e-6);
}

TEST(FixedPointScale, IsExactForIntegers) {
  const auto scale = FixedPointScale::for_range(1e15, 1 << 20);
  EXPECT_EQ(scale.value(scale.units(999999999999999.0) + scale.units(-1.0)), 999999999999998.0);
  EXPECT_EQ(scale.value(scale.units(0.0)), 0.0);
  EXPECT_EQ(scale.value(scale.units(0.125) * 3), 0.375);
}

/// Units from the bits of a number are those that its mantissa and exponent give.
TEST(FixedPointScale, RoundsLikeTheMathematicalLibrary) {
  const CounterRandom random(4, 2);
  for (const int fraction_bits : {-20, 0, 3, 40, 90}) {
    const FixedPointScale scale(fraction_bits);
    for (std::uint64_t i = 0; i < 20000; ++i) {
      double x = std::ldexp(random.uniform(2 * i) - 0.5,
                            static_cast<int>(random.below(2 * i + 1, 60)) - 30);
      if (i % 3 == 0)
        x = std::ldexp(std::round(std::ldexp(x, fraction_bits)) + 0.5, -fraction_bits);
      const long double expected =
          std::round(std::ldexp(static_cast<long double>(x), fraction_bits));
      if (std::abs(expected) > 0x1p62L) continue;
      EXPECT_EQ(static_cast<std::int64_t>(scale.units(x)), static_cast<std::int64_t>(expected))
          << x;
    }
  }
  const FixedPointScale fine(60);
  EXPECT_EQ(fine.units(std::numeric_limits<double>::denorm_min()), 0);
  EXPECT_EQ(fine.units(-0.0), 0);
  EXPECT_EQ(FixedPointScale(1070).units(std::numeric_limits<double>::denorm_min() * 48), 3);
}

TEST(NumberTable, FindsNumbersNearAndFar) {
  const auto least = std::numeric_limits<std::int64_t>::min();
  const auto most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t step : {1, 3, 1000003}) {
    std::vector<std::int64_t> numbers;
    for (std::int64_t i = 0; i < 500; ++i) numbers.push_back(step * ((i * 7) % 500) - 1000);
    const NumberTable table(numbers);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      EXPECT_EQ(table.find(numbers[i]), static_cast<std::int64_t>(i));
    }
    for (const auto other : {least, most, std::int64_t{-1001}, -1000 + 500 * step}) {
      EXPECT_EQ(table.find(other), -1);
    }
    EXPECT_FALSE(table.repeat());
    numbers.push_back(numbers[3]);
    EXPECT_EQ(NumberTable(numbers).repeat(), numbers[3]);
    EXPECT_EQ(NumberTable(numbers).find(numbers[3]), 3);
  }
  const std::vector<std::int64_t> ends{most, least, 0};
  EXPECT_EQ(NumberTable(ends).find(most), 0);
  EXPECT_EQ(NumberTable(ends).find(least), 1);
  EXPECT_EQ(NumberTable(ends).find(1), -1);
  EXPECT_EQ(NumberTable({}).find(0), -1);
}

TEST(ChunkedList, KeepsAllInOrder) {
  ChunkedList<std::int64_t> list;
  std::vector<std::int64_t> expected;
  for (const std::int64_t size : {0, 1, 2047, 2048, 2049, 10000}) {
    while (std::ssize(expected) < size) {
      expected.push_back(std::ssize(expected) * 7);
      list.push_back(expected.back());
    }
    std::vector<std::int64_t> one_by_one, all;
    for (std::size_t i = 0; i < list.size(); ++i) one_by_one.push_back(list[i]);
    list.for_each([&](std::int64_t value) { all.push_back(value); });
    EXPECT_EQ(one_by_one, expected);
    EXPECT_EQ(all, expected);
  }
}

TEST(Memory, ParsesSizes) {
  EXPECT_EQ(parse_memory_size("512M"), std::int64_t{512} << 20);
  EXPECT_EQ(parse_memory_size("1.5GiB"), std::int64_t{3} << 29);
  EXPECT_EQ(parse_memory_size("800000"), 800000);
  EXPECT_EQ(memory_text(1000), "1000 bytes");
  EXPECT_EQ(memory_text(1024), "1 KiB");
  EXPECT_EQ(memory_text(std::int64_t{3} << 29), "1.5 GiB");
  for (const char* wrong : {"", "G", "-1G", "4X", "4GG", "0", "inf", "nan", "1e30G"}) {
    EXPECT_THROW(static_cast<void>(parse_memory_size(wrong)), Error) << wrong;
  }
  EXPECT_GT(peak_resident_bytes(), 0);
}

TEST(Packing, ListsComeOffInTheOrderInWhichTheyWereAdded) {
  const std::vector<std::uint16_t> shorts{1, 2, 3};
  const std::vector<double> doubles{0.5};
  std::vector<std::byte> bytes;
  pack<std::uint16_t>(shorts, bytes);
  pack<double>({}, bytes);
  pack<double>(doubles, bytes);
  const auto as_vector = [](const auto& buffer) {
    return std::vector(buffer.begin(), buffer.end());
  };
  std::span<const std::byte> rest = bytes;
  EXPECT_EQ(as_vector(unpack<std::uint16_t>(rest)), shorts);
  EXPECT_TRUE(unpack<double>(rest).empty());
  auto cut = rest.first(rest.size() - 1);
  EXPECT_THROW(static_cast<void>(unpack<double>(cut)), Error);
  EXPECT_EQ(as_vector(unpack<double>(rest)), doubles);
  EXPECT_TRUE(rest.empty());
  EXPECT_THROW(static_cast<void>(unpack<double>(rest)), Error);
}

TEST(Error, KnowsItsExitCode) {
  EXPECT_EQ(exit_code(ErrorKind::usage), 2);
  EXPECT_EQ(exit_code(ErrorKind::bad_input), 2);
  EXPECT_EQ(exit_code(ErrorKind::interrupted), 3);
  EXPECT_EQ(exit_code(ErrorKind::io), 2);
  EXPECT_EQ(exit_code(ErrorKind::mpi), 1);
}

TEST(Progress, SaysRateAndTimeLeft) {
  EXPECT_EQ(progress_line("sources", 100, 400, 10.0), "sources 100/400 (25 %), 10/s, 30 s left");
  EXPECT_EQ(progress_line("rows", 0, 10, 0.0), "rows 0/10 (0 %), 0/s");
}

}  // namespace
}  // namespace tradegraph
