#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <array>
#include <bit>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>

#include "engine/base/random.hpp"
#include "engine/comm/collectives.hpp"
#include "io/csv_reader.hpp"
#include "io/csv_writer.hpp"
#include "io/geojson.hpp"
#include "io/graphml.hpp"
#include "io/results_file.hpp"
#include "io/snapshot.hpp"
#include "tests/support/mpi_folder.hpp"
#include "tests/support/small_network.hpp"
#include "tests/support/thrown.hpp"

namespace tradegraph::io {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using tradegraph::testing::thrown_by;

const double kNaN = std::numeric_limits<double>::quiet_NaN();

class Writers : public ::testing::Test {
 protected:
  comm::Communicator world_ = comm::Communicator::world();
  comm::Communicator self_ = comm::Communicator::self();
  tradegraph::testing::MpiFolder folder_{world_};

  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path() + name; }
  [[nodiscard]] std::string content(const std::string& name) const {
    world_.barrier();
    std::ostringstream text;
    text << std::ifstream(path(name), std::ios::binary).rdbuf();
    return text.str();
  }
  /// Rows of `whole` that lie on this rank when rank r holds twice as many as rank r - 1.
  [[nodiscard]] Table slice(const Table& whole) const {
    const auto parts = (std::int64_t{1} << world_.size()) - 1;
    const auto start = [&](int r) { return whole.rows() * ((std::int64_t{1} << r) - 1) / parts; };
    Table mine;
    for (const auto& column : whole.columns) {
      std::visit(
          [&](const auto& cells) {
            mine.columns.push_back({column.name, std::decay_t<decltype(cells)>(
                                                     cells.begin() + start(world_.rank()),
                                                     cells.begin() + start(world_.rank() + 1))});
          },
          column.cells);
    }
    return mine;
  }
};

Table odd_table() {
  Table table;
  table.columns.push_back(
      {"id, text", std::vector<std::string>{"007", "a,b", "\"q\"", "", "두\n줄"}});
  table.columns.push_back({"n", std::vector<std::int64_t>{1, kEmptyInteger, -5, INT64_MAX, 0}});
  table.columns.push_back({"x", std::vector<double>{0.1, kNaN, 1e300, -0.0, 5e-324}});
  return table;
}

TEST_F(Writers, CsvQuotesAndLeavesUndefinedCellsEmpty) {
  write_csv(world_, path("odd.csv"), slice(odd_table()));
  EXPECT_EQ(content("odd.csv"),
            "\"id, text\",n,x\n007,1,0.1\n\"a,b\",,\n\"\"\"q\"\"\",-5,1e+300\n"
            ",9223372036854775807,-0\n\"두\n줄\",0,5e-324\n");
  Table one;
  one.columns.push_back({"only", std::vector<std::string>{"", "x"}});
  write_csv(self_, path("one" + std::to_string(world_.rank())), one);
  EXPECT_EQ(content("one0"), "only\n\"\"\nx\n");
}

TEST_F(Writers, CsvNumbersReadBackBitForBit) {
  Table table;
  const CounterRandom random(3, 4);
  std::vector<double> numbers;
  for (std::uint64_t i = 0; i < 30'000; ++i) {
    const auto value = std::bit_cast<double>(random.bits(i));
    numbers.push_back(std::isfinite(value) ? value : 1.0 / static_cast<double>(i + 1));
  }
  table.columns.push_back({"x", numbers});
  write_csv(world_, path("numbers.csv"), slice(table));
  const auto text = content("numbers.csv");
  CsvCursor cursor(text, 1);
  CsvRecord record;
  EXPECT_TRUE(cursor.next(record));
  std::size_t row = 0;
  for (; cursor.next(record); ++row) {
    const double back = std::strtod(std::string(record.fields[0]).c_str(), nullptr);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(numbers.at(row)));
  }
  EXPECT_EQ(row, numbers.size());
}

TEST_F(Writers, CsvRefusesInfinityAndUnequalColumns) {
  Table table;
  table.columns.push_back({"x", std::vector<double>(3, 1.0)});
  if (world_.rank() + 1 == world_.size()) {
    std::get<std::vector<double>>(table.columns[0].cells)[1] = HUGE_VAL;
  }
  EXPECT_THAT(thrown_by([&] { write_csv(world_, path("inf.csv"), table); }).message,
              HasSubstr("infinite"));
  Table unequal = odd_table();
  std::get<std::vector<double>>(unequal.columns[2].cells).pop_back();
  EXPECT_THAT(thrown_by([&] { write_csv(world_, path("uneq.csv"), unequal); }).message,
              HasSubstr("differs in length"));
  world_.barrier();
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Writers, AFullDiskLeavesNothing) {
  Table table;
  table.columns.push_back({"text", std::vector<std::string>(20'000, "twenty bytes of text")});
  const auto thrown = thrown_by([&] { write_csv(world_, path("no/folder.csv"), table); });
  EXPECT_EQ(thrown.kind, ErrorKind::io);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit tight{100'000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  const auto csv = thrown_by([&] { write_csv(world_, path("full.csv"), table); });
  // Text that does not deflate to nothing.
  auto& cells = std::get<std::vector<std::string>>(table.columns[0].cells);
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = std::to_string(mix64(i));
  const auto results = thrown_by([&] { write_results(world_, path("full.h5"), {{"t", table}}); });
  setrlimit(RLIMIT_FSIZE, &old);
  EXPECT_EQ(csv.kind, ErrorKind::io);
  EXPECT_THAT(csv.message, HasSubstr("cannot write " + path("full.csv")));
  EXPECT_EQ(results.kind, ErrorKind::io) << results.message;
  world_.barrier();
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Writers, ResultsFileRoundTrips) {
  const auto whole = odd_table();
  write_results(world_, path("results.h5"),
                {{"clusters", slice(whole)}, {"odd/name", slice(whole)}, {"empty", Table{}}},
                {{"settings", "{\"eps\": 1000}"}});
  EXPECT_THAT(results_tables(path("results.h5")),
              ::testing::ElementsAre("clusters", "empty", "odd/name"));
  const auto back = read_results_table(path("results.h5"), "odd/name");
  EXPECT_EQ(back.columns.size(), 3U);
  for (std::size_t c = 0; c < std::min<std::size_t>(back.columns.size(), 2); ++c) {
    EXPECT_EQ(back.columns[c].name, whole.columns[c].name);
    EXPECT_EQ(back.columns[c].cells, whole.columns[c].cells);
  }
  const auto& x = std::get<std::vector<double>>(back.columns[2].cells);
  const auto& expected = std::get<std::vector<double>>(whole.columns[2].cells);
  for (std::size_t i = 0; i < x.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(x[i]), std::bit_cast<std::uint64_t>(expected[i]));
  }
  const auto summary = read_results_summary(path("results.h5"));
  EXPECT_EQ(summary.attributes.at("settings"), "{\"eps\": 1000}");
  EXPECT_EQ(summary.program_version, TRADEGRAPH_VERSION);
  EXPECT_EQ(summary.tables.size(), 3U);
  EXPECT_EQ(summary.tables[0].rows, 5);
  EXPECT_EQ(summary.tables[1].rows, 0);
  EXPECT_EQ(summary.tables[2].name, "odd/name");
  EXPECT_THAT(summary.tables[2].columns, ::testing::ElementsAre("id, text", "n", "x"));
  world_.barrier();
  EXPECT_EQ(thrown_by([&] { (void)read_results_table(path("results.h5"), "none"); }).kind,
            ErrorKind::bad_input);
}

TEST_F(Writers, GeoJsonClosesRingsCounterClockwise) {
  Table attributes;
  attributes.columns.push_back({"name", std::vector<std::string>{"부산", "two", "one", ""}});
  attributes.columns.push_back({"firms", std::vector<std::int64_t>{30, 2, 1, kEmptyInteger}});
  attributes.columns.push_back({"z", std::vector<double>{0.5, kNaN, 1, 2}});
  const std::vector<std::vector<LonLat>> hulls = {
      {{129, 35}, {129, 36}, {130, 36}}, {{127, 37}, {128, 37}}, {{126, 34}}, {}};
  write_geojson(world_, path("clusters.geojson"), hulls, attributes);
  const auto json = nlohmann::json::parse(content("clusters.geojson"));
  EXPECT_EQ(json["type"], "FeatureCollection");
  const auto& features = json["features"];
  EXPECT_EQ(features.size(), 4U);
  const auto ring = nlohmann::json::parse("[[[130,36],[129,36],[129,35],[130,36]]]");
  EXPECT_EQ(features[0]["geometry"]["coordinates"], ring);
  EXPECT_EQ(features[0]["properties"]["name"], "부산");
  EXPECT_EQ(features[1]["geometry"]["type"], "LineString");
  EXPECT_TRUE(features[1]["properties"]["z"].is_null());
  EXPECT_EQ(features[2]["geometry"]["type"], "Point");
  EXPECT_TRUE(features[3]["geometry"].is_null());
  EXPECT_TRUE(features[3]["properties"]["firms"].is_null());
}

TEST_F(Writers, GeoJsonTurnsTinyRingsTheRightWay) {
  const double e =
      1e-9;  // a tenth of a millimetre; products of whole coordinates see nothing of it
  std::vector<std::vector<LonLat>> hulls;
  for (const auto& [x, y] : {std::pair{127.0, 37.0}, {-179.9, -77.7}, {0.0, 0.0}}) {
    hulls.push_back({{x, y}, {x + e, y}, {x + e, y + e}, {x, y + e}});
    hulls.push_back({{x, y}, {x, y + e}, {x + e, y + e}, {x + e, y}});
  }
  Table attributes;
  attributes.columns.push_back({"label", std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}});
  attributes.columns.push_back({"name", std::vector<std::string>{"a", "", "", "", "", ""}});
  write_geojson(world_, path("tiny.geojson"), hulls, attributes);
  const auto json = nlohmann::json::parse(content("tiny.geojson"));
  EXPECT_EQ(json["features"][0]["properties"]["name"], "a");
  EXPECT_TRUE(json["features"][1]["properties"]["name"].is_null());
  for (const auto& feature : json["features"]) {
    const auto ring =
        feature["geometry"]["coordinates"][0].get<std::vector<std::array<double, 2>>>();
    EXPECT_EQ(ring.size(), 5U);
    EXPECT_EQ(ring.front(), ring.back());
    const auto& [a, b, c] = std::tie(ring[0], ring[1], ring[2]);
    EXPECT_GT((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]), 0) << feature;
  }
}

Table graph_nodes() {
  Table nodes;
  nodes.columns.push_back({"label", std::vector<std::int64_t>{-1, 0, 1}});
  nodes.columns.push_back({"name", std::vector<std::string>{"", "A & <B>", "\"서울\" tab\there"}});
  nodes.columns.push_back({"pagerank", std::vector<double>{0.25, 0.1, kNaN}});
  return nodes;
}

Table graph_edges() {
  Table edges;
  edges.columns.push_back({"from", std::vector<std::int64_t>{0, 1, 1}});
  edges.columns.push_back({"to", std::vector<std::int64_t>{1, 1, -1}});
  edges.columns.push_back({"links", std::vector<std::int64_t>{3, 4, 5}});
  edges.columns.push_back({"amount", std::vector<double>{0.1, kNaN, 1e9}});
  return edges;
}

TEST_F(Writers, GraphMlRefusesUnknownNodes) {
  auto edges = graph_edges();
  std::get<std::vector<std::int64_t>>(edges.columns[1].cells)[0] = 9;
  EXPECT_THAT(
      thrown_by([&] { write_graphml(world_, path("g.graphml"), graph_nodes(), edges); }).message,
      HasSubstr("0 -> 9 has no such node"));
  world_.barrier();
  EXPECT_FALSE(fs::exists(path("g.graphml")));
}

/// Files for the checks by other programs (tests/read_back.py), where its variable names a folder.
TEST_F(Writers, FilesForOtherReaders) {
  const char* folder = std::getenv("TRADEGRAPH_TEST_OUTPUT");
  if (folder == nullptr) GTEST_SKIP() << "TRADEGRAPH_TEST_OUTPUT is not set";
  if (world_.is_root()) fs::create_directories(folder);
  world_.barrier();
  const std::string to = std::string(folder) + "/";
  write_csv(world_, to + "odd.csv", slice(odd_table()));
  write_results(world_, to + "results.h5", {{"odd", slice(odd_table())}});
  write_graphml(world_, to + "network.graphml", graph_nodes(), graph_edges());
  const std::int64_t p = world_.size();
  const auto start = [&](std::int64_t r) { return 240 * r / p; };
  write_snapshot(world_, to + "snapshot.h5",
                 testing::small_network(240, start(world_.rank()), start(world_.rank() + 1)));
  EXPECT_TRUE(fs::exists(to + "snapshot.h5"));
}

}  // namespace
}  // namespace tradegraph::io
