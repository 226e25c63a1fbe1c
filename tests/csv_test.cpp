/// The parts of the CSV import that need no file: records, UTF-8, numbers, names, ids, the curve.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "engine/base/suggest.hpp"
#include "io/csv_reader.hpp"
#include "io/import/curve_order.hpp"
#include "io/import/id_table.hpp"
#include "io/import/number.hpp"
#include "io/utf8.hpp"

namespace tradegraph::io {
namespace {

using Records = std::vector<std::vector<std::string>>;

Records read_all(std::string_view text) {
  Records records;
  CsvCursor cursor(text, 1);
  for (CsvRecord record; cursor.next(record);) {
    EXPECT_EQ(record.quoting, CsvQuoting::good);
    records.emplace_back(record.fields.begin(), record.fields.end());
  }
  return records;
}

TEST(CsvCursor, ReadsPlainAndQuotedCells) {
  EXPECT_EQ(read_all("a,b\n1,2\n"), (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read_all("a,b\r\n1,2"), (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(read_all("\"x,y\",\"two\nlines\",\"say \"\"hi\"\"\"\r\n"),
            (Records{{"x,y", "two\nlines", "say \"hi\""}}));
  EXPECT_EQ(read_all("\"\",,\"\"\"\"\n,\n"), (Records{{"", "", "\""}, {"", ""}}));
  EXPECT_EQ(read_all("\n\r\na\n\n"), (Records{{"a"}}));
  EXPECT_EQ(read_all(""), Records{});
  EXPECT_EQ(read_all("a,"), (Records{{"a", ""}}));
  EXPECT_EQ(read_all("\"a\"\"b\",\"c\"\"d\",\"e\"\"f\""), (Records{{"a\"b", "c\"d", "e\"f"}}));
}

TEST(CsvCursor, CountsPhysicalLines) {
  CsvCursor cursor("a\n\n\"b\nb\"\r\nc", 10);
  CsvRecord record;
  std::vector<std::int64_t> lines;
  while (cursor.next(record)) lines.push_back(record.line);
  EXPECT_EQ(lines, (std::vector<std::int64_t>{10, 12, 14}));
}

TEST(CsvCursor, ReportsMisplacedQuotes) {
  const auto first = [](std::string_view text) {
    CsvCursor cursor(text, 1);
    CsvRecord record;
    EXPECT_TRUE(cursor.next(record));
    return std::pair(record.quoting, std::string(record.text));
  };
  EXPECT_EQ(first("a,5\" x 3\",b\nnext"),
            std::pair(CsvQuoting::stray, std::string("a,5\" x 3\",b")));
  EXPECT_EQ(first("\"a\"b\nnext").first, CsvQuoting::stray);
  EXPECT_EQ(first("a,\"b\nnext").first, CsvQuoting::unclosed);
  EXPECT_EQ(first("a,b\"\nnext").first, CsvQuoting::unclosed);
}

TEST(CsvQuoted, ReadsBackAsItWas) {
  for (const std::string text : {"", "plain", "a,b", "say \"hi\"", "two\nlines", "\r", "서울"}) {
    EXPECT_EQ(read_all("x," + csv_quoted(text) + "\n"), (Records{{"x", text}}));
  }
}

TEST(Utf8, AcceptsWhatRfc3629Allows) {
  for (const char* good : {"", "plain ascii that is long enough", "서울특별시", "\xF0\x9F\x98\x80",
                           "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "12345678é"}) {
    EXPECT_TRUE(is_valid_utf8(good)) << good;
  }
  for (const char* bad :
       {"\x80", "12345678\xFF", "\xC0\xAF", "\xC1\x81", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xEC\x84", "abc\xEC"}) {
    EXPECT_FALSE(is_valid_utf8(bad));
  }
}

TEST(Utf8, ShowsWhatCannotBeShown) {
  EXPECT_EQ(shown("a\nb\xFF"), "a\\x0ab\\xff");
  EXPECT_EQ(shown("서울시", 2), "서울...");
  EXPECT_EQ(shown(std::string(61, 'x')), std::string(60, 'x') + "...");
}

TEST(ParseNumber, TellsNumbersFromOthers) {
  const auto parse = [](std::string_view cell) {
    double value = 0;
    const auto state = parse_number(cell, value);
    return std::pair(state, std::isnan(value) ? -999 : value);
  };
  EXPECT_EQ(parse("12.5"), std::pair(NumberState::good, 12.5));
  EXPECT_EQ(parse(" +1e3 "), std::pair(NumberState::good, 1000.0));
  EXPECT_EQ(parse("-0.1"), std::pair(NumberState::good, -0.1));
  EXPECT_EQ(parse(" ").first, NumberState::empty);
  for (const char* bad : {"1,2", "abc", "1.5x", "0x10", "--1", "+-1", "1 2", "\t1", "+"}) {
    EXPECT_EQ(parse(bad).first, NumberState::not_a_number) << bad;
  }
  for (const char* bad : {"inf", "-Infinity", "nan", "1e999"}) {
    EXPECT_EQ(parse(bad).first, NumberState::not_finite) << bad;
  }
}

TEST(Suggest, FindsTheNearestName) {
  const std::vector<std::string> known{"supplier", "buyer", "amount", "x"};
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(suggest("suplier", known), "supplier");
  EXPECT_EQ(suggest("Amount", known), "amount");
  EXPECT_EQ(suggest("revenue", known), "");
  EXPECT_EQ(did_you_mean("byer", known), " (did you mean 'buyer'?)");
}

TEST(IdTable, FindsTheFirstOfEqualTexts) {
  std::mt19937 random(7);
  StringColumn ids;
  std::map<std::string, std::int64_t> reference;
  std::vector<std::pair<std::int64_t, std::int64_t>> repeats;
  for (std::int64_t i = 0; i < 50000; ++i) {
    std::string id = std::to_string(random() % 40000);
    if (i % 7 == 0) id.insert(0, "00");
    if (i % 11 == 0) id.append(std::string(random() % 30, 'x'));
    if (i % 1000 == 0) id.append(std::string(253 + random() % 5, 'y'));
    if (const auto [at, fresh] = reference.emplace(id, i); !fresh) {
      repeats.emplace_back(i, at->second);
    }
    ids.push_back(id);
  }
  const IdTable table(ids);
  for (const auto& [id, index] : reference) EXPECT_EQ(table.find(id), index);
  EXPECT_EQ(table.find("nobody"), -1);
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  for (const auto& repeat : table.repeats()) found.emplace_back(repeat.index, repeat.first);
  EXPECT_EQ(found, repeats);
  EXPECT_EQ(distinct(ids).size(), static_cast<std::int64_t>(reference.size()));
  EXPECT_EQ(IdTable(StringColumn{}).find(""), -1);
}

/// Level by level: the quadrant's curve is the whole one, turned and mirrored.
std::uint64_t hilbert_position_slowly(std::uint32_t x, std::uint32_t y) {
  constexpr std::uint32_t kMask = (std::uint32_t{1} << kHilbertOrder) - 1;
  std::uint64_t position = 0;
  for (int bit = kHilbertOrder - 1; bit >= 0; --bit) {
    const std::uint32_t right = (x >> bit) & 1;
    const std::uint32_t upper = (y >> bit) & 1;
    position = (position << 2) | ((3 * right) ^ upper);
    if (upper == 1) continue;
    if (right == 1) {
      x = ~x & kMask;
      y = ~y & kMask;
    }
    std::swap(x, y);
  }
  return position;
}

TEST(Hilbert, VisitsEveryCellOnceAndStepsToNeighbours) {
  // The lowest 2^10 positions fill a square of 32 x 32 cells in a corner.
  std::map<std::uint64_t, std::pair<int, int>> cells;
  for (int x = 0; x < 32; ++x) {
    for (int y = 0; y < 32; ++y) {
      cells[hilbert_position(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y))] = {x,
                                                                                               y};
    }
  }
  ASSERT_EQ(cells.size(), 1024U);
  EXPECT_EQ(cells.rbegin()->first, 1023U);
  auto before = cells.begin()->second;
  for (auto it = std::next(cells.begin()); it != cells.end(); ++it) {
    EXPECT_EQ(
        std::abs(it->second.first - before.first) + std::abs(it->second.second - before.second), 1);
    before = it->second;
  }
  const std::uint32_t last = (std::uint32_t{1} << 31) - 1;
  std::mt19937 random(3);
  for (int i = 0; i < 1000; ++i) {
    const std::uint32_t x = random() & last, y = random() & last;
    EXPECT_EQ(hilbert_position(x, y), hilbert_position_slowly(x, y));
  }
  EXPECT_LT(hilbert_position(last, 0), kNoPlaceKey);
  EXPECT_EQ(hilbert_position(last, 0), kNoPlaceKey - 1);
}

}  // namespace
}  // namespace tradegraph::io
