#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <tuple>

#include "engine/base/random.hpp"
#include "engine/base/slices.hpp"
#include "engine/comm/collectives.hpp"
#include "io/edge_list.hpp"
#include "io/matrix_market.hpp"
#include "io/members.hpp"
#include "io/text_file.hpp"
#include "tests/support/mpi_folder.hpp"
#include "tests/support/thrown.hpp"

namespace tradegraph::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using tradegraph::testing::thrown_by;

class Readers : public ::testing::Test {
 protected:
  comm::Communicator world_ = comm::Communicator::world();
  comm::Communicator self_ = comm::Communicator::self();
  tradegraph::testing::MpiFolder folder_{world_};

  /// Writes a file that all ranks see.
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    const auto path = folder_.path() + name;
    world_.barrier();  // nobody reads the one before any more
    if (world_.is_root()) std::ofstream(path, std::ios::binary) << text;
    world_.barrier();
    return path;
  }
  template <class T>
  [[nodiscard]] std::vector<T> all(const std::vector<T>& mine) const {
    return comm::all_gather_v(world_, std::span<const T>(mine)).values;
  }
  /// All texts of all ranks, joined by bars.
  [[nodiscard]] std::string all(const StringColumn& mine) const {
    std::string text;
    for (std::int64_t i = 0; i < mine.size(); ++i) text += std::string(mine[i]) + "|";
    const std::vector<char> bytes(text.begin(), text.end());
    const auto gathered = all(bytes);
    return {gathered.begin(), gathered.end()};
  }
  template <class Read>
  void expect_bad(Read read, const std::string& text, const std::string& words) const {
    const auto path = file("bad", text);
    const auto thrown = thrown_by([&] { (void)read(world_, path); });
    EXPECT_EQ(thrown.kind, ErrorKind::bad_input) << text;
    EXPECT_THAT(thrown.message, HasSubstr(words)) << text;
    EXPECT_THAT(thrown.message, HasSubstr(path));
  }
};

TEST_F(Readers, MatrixMarketGeneralReal) {
  const auto path = file("a.mtx",
                         "%%MatrixMarket matrix coordinate real general\r\n% comment\n\n"
                         "4 4 4\r\n1 2 0.5\n  3   1\t-2e3 \n% amid\n\n4 4 1\n2 1 7");
  const auto edges = read_matrix_market(world_, path);
  EXPECT_EQ(edges.nodes, 4);
  EXPECT_FALSE(edges.symmetric);
  EXPECT_THAT(all(edges.source), ElementsAre(0, 2, 3, 1));
  EXPECT_THAT(all(edges.target), ElementsAre(1, 0, 3, 0));
  EXPECT_THAT(all(edges.weight), ElementsAre(0.5, -2000, 1, 7));
  EXPECT_EQ(all(edges.ids), "1|2|3|4|");
  EXPECT_EQ(edges.ids.size(), Slices(4, world_.size()).count(world_.rank()));
}

TEST_F(Readers, MatrixMarketSaysWhereAWeightIsNegative) {
  const auto where = [&](const std::string& symmetry, const std::string& entries) {
    const auto path = file("negative.mtx", "%%MatrixMarket matrix coordinate integer " + symmetry +
                                               "\n3 3 2\n" + entries);
    const auto found = read_matrix_market(world_, path).negative_weight;
    return found.empty() ? found : found.substr(path.size());
  };
  EXPECT_EQ(where("general", "1 2 0\n2 3 1\n"), "");
  EXPECT_EQ(where("general", "1 2 -4\n2 3 -1\n"), ":3: '1 2 -4' has a negative weight");
  EXPECT_EQ(where("symmetric", "2 1 4\n\n3 2 -1"), ":5: '3 2 -1' has a negative weight");
  EXPECT_EQ(where("skew-symmetric", "2 1 0\n3 2 1\n"),
            ":4: '3 2 1' has a negative weight in its other direction");
}

TEST_F(Readers, MatrixMarketSymmetries) {
  const auto pattern = read_matrix_market(
      world_,
      file("p.mtx", "%%matrixmarket MATRIX coordinate pattern symmetric\n3 3 2\n2 1\n3 3\n"));
  EXPECT_TRUE(pattern.symmetric);
  EXPECT_TRUE(pattern.weight.empty());
  EXPECT_THAT(all(pattern.source), ElementsAre(1, 2));
  const auto skew = read_matrix_market(
      self_,
      file("s.mtx", "%%MatrixMarket matrix coordinate integer skew-symmetric\n3 3 1\n3 1 5\n"));
  EXPECT_FALSE(skew.symmetric);
  EXPECT_THAT(skew.source, ElementsAre(2, 0));
  EXPECT_THAT(skew.target, ElementsAre(0, 2));
  EXPECT_THAT(skew.weight, ElementsAre(5, -5));
  const auto empty = read_matrix_market(
      world_, file("e.mtx", "%%MatrixMarket matrix coordinate pattern general\n0 0 0\n"));
  EXPECT_EQ(empty.nodes, 0);
}

TEST_F(Readers, MatrixMarketErrorsNameFileAndLine) {
  const std::string banner = "%%MatrixMarket matrix coordinate real general\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "is empty"},
      {"1 2 3\n", ":1: a Matrix Market file begins"},
      {"%%MatrixMarket matrix array real general\n2 2\n", ":1: format 'array'"},
      {"%%MatrixMarket matrix coordinate complex general\n1 1 0\n", ":1: field 'complex'"},
      {"%%MatrixMarket matrix coordinate real hermitian\n1 1 0\n", ":1: symmetry 'hermitian'"},
      {banner + "% no sizes\n", "line of sizes is missing"},
      {banner + "3 3\n", ":2: three counts expected"},
      {banner + "3 4 0\n", ":2: a network is square; this matrix is 3 x 4"},
      {banner + "%\n3 3 2\n1 2 1\n4 1 1\n", ":5: column 'source': '4' is not between 1 and 3"},
      {banner + "3 3 1\n0 1 1\n", ":3: column 'source': '0' is not between"},
      {banner + "3 3 1\n1 x 1\n", ":3: column 'target': 'x' is not the number of a node"},
      {banner + "3 3 1\n1\n", ":3: column 'target' is missing"},
      {banner + "3 3 1\n1 2\n", ":3: column 'weight' is missing"},
      {banner + "3 3 1\n1 2 nan\n", ":3: column 'weight': 'nan' is not a finite number"},
      {banner + "3 3 1\n1 2 1 1\n", ":3: '1 2 1 1' has more than three numbers"},
      {banner + "3 3 3\n1 2 1\n2 1 1\n", "2 entries where the header says 3"},
      {banner + "3 3 1\n1 2 1\n2 1 1\n", "2 entries where the header says 1"},
      {"%%MatrixMarket matrix coordinate pattern general\n3 3 1\n1 2 1\n",
       ":3: '1 2 1' has more than two numbers"},
      {"%%MatrixMarket matrix coordinate integer general\n3 3 1\n1 2 1.5\n",
       ":3: column 'weight': '1.5' is not a whole number"},
      {"%%MatrixMarket matrix coordinate integer skew-symmetric\n3 3 1\n2 2 1\n",
       ":3: '2 2 1' is on the diagonal of"},
      {"%%MatrixMarket matrix coordinate pattern symmetric\n3 3 1\n1 2\n",
       ":3: '1 2' is above the diagonal of a symmetric matrix"}};
  for (const auto& [text, words] : cases) expect_bad(read_matrix_market, text, words);
  const auto thrown = thrown_by([&] { (void)read_matrix_market(world_, folder_.path()); });
  EXPECT_THAT(thrown.message, HasSubstr("is a folder"));
}

TEST_F(Readers, TextFilesAreReadAsTheyAreAndFoldersRefused) {
  const std::string bytes("a\r\n\0\xFF", 5);
  EXPECT_EQ(read_text(file("bytes", bytes)), bytes);
  EXPECT_EQ(read_text(file("empty", "")), "");
  const auto of_folder = thrown_by([&] { (void)read_text(folder_.path()); });
  EXPECT_EQ(of_folder.kind, ErrorKind::bad_input);
  EXPECT_EQ(of_folder.message, folder_.path() + ": is a folder, not a file");
  const auto missing = thrown_by([&] { (void)read_text(folder_.path() + "gone"); });
  EXPECT_EQ(missing.message, folder_.path() + "gone: cannot be read: No such file or directory");
}

TEST_F(Readers, MatrixMarketIntegersMayBeLargeAndSigned) {
  const auto path = file("whole.mtx",
                         "%%MatrixMarket matrix coordinate integer general\n3 3 3\n"
                         "1 2 +5\n2 3 -7\n3 1 100000000000000000000\n");
  EXPECT_THAT(all(read_matrix_market(world_, path).weight), ElementsAre(5, -7, 1e20));
}

TEST_F(Readers, MatrixMarketShowsTenBadEntriesAndCountsAll) {
  // Several pieces for threads and parts for ranks; every third entry is bad.
  std::string text = "%%MatrixMarket matrix coordinate real general\n9 9 60000\n";
  for (int i = 0; i < 60'000; ++i) {
    text += i % 3 == 0 ? "1 2 x" + std::to_string(i) + "\n" : "1 2 1" + std::string(60, '0') + "\n";
  }
  const auto path = file("many_bad.mtx", text);
  std::string expected = path + ": 20000 bad rows";
  for (int i = 0; i < 30; i += 3) {
    expected += "\n  " + path + ":" + std::to_string(i + 3) + ": column 'weight': 'x" +
                std::to_string(i) + "' is not a finite number";
  }
  expected += "\n  and 19990 more";
  const auto thrown = thrown_by([&] { (void)read_matrix_market(world_, path); });
  EXPECT_EQ(thrown.kind, ErrorKind::bad_input);
  EXPECT_EQ(thrown.message, expected);
}

TEST_F(Readers, MatrixMarketSizesAreThoseOfTheHeader) {
  const auto sizes = [&](const std::string& symmetry, const std::string& rest) {
    const auto path = file(
        "sizes.mtx", "%%MatrixMarket matrix coordinate real " + symmetry + "\n% note\n" + rest);
    const auto found = read_matrix_market_sizes(path);
    return std::pair(found.nodes, found.links);
  };
  EXPECT_EQ(sizes("general", "3 3 2\n1 2 1\n2 3 1\n"), std::pair(3L, 2L));
  EXPECT_EQ(sizes("symmetric", "3 3 2\n2 1 1\n3 2 1\n"), std::pair(3L, 2L));
  EXPECT_EQ(sizes("skew-symmetric", "3 3 2\n2 1 1\n3 2 1\n"), std::pair(3L, 4L));
  const auto claimed = sizes("general", "9000000000000000000 9000000000000000000 900000000000\n");
  EXPECT_EQ(claimed.first, 9'000'000'000'000'000'000);
  EXPECT_LT(claimed.second, 50) << "more entries than fit into the file";
  const auto oblong = file("oblong.mtx", "%%MatrixMarket matrix coordinate real general\n2 3 0\n");
  EXPECT_THAT(thrown_by([&] { (void)read_matrix_market_sizes(oblong); }).message,
              HasSubstr(":2: a network is square"));
}

TEST_F(Readers, MatrixMarketManyLinesAreCutAnywhere) {
  std::string text = "%%MatrixMarket matrix coordinate real general\n1000 1000 20000\n";
  std::vector<std::int64_t> sources, targets;
  const CounterRandom random(5, 6);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    sources.push_back(static_cast<std::int64_t>(random.below(2 * i, 1000)));
    targets.push_back(static_cast<std::int64_t>(random.below(2 * i + 1, 1000)));
    text += std::to_string(sources.back() + 1) + " " + std::to_string(targets.back() + 1) + " " +
            std::to_string(i) + "\n";
    if (i % 97 == 0) text += "% " + std::string(i % 300, 'x') + "\n";
  }
  const auto edges = read_matrix_market(world_, file("many.mtx", text));
  EXPECT_EQ(all(edges.source), sources);
  EXPECT_EQ(all(edges.target), targets);
  const auto weights = all(edges.weight);
  EXPECT_EQ(weights.size(), 20'000U);
  for (std::size_t i = 0; i < weights.size(); ++i) EXPECT_EQ(weights[i], static_cast<double>(i));
}

TEST_F(Readers, SharedGraphsHaveTheCountsOfTheirHeaders) {
  const std::filesystem::path graphs = TRADEGRAPH_SHARED_DATA "/graphs";
  if (!std::filesystem::exists(graphs)) GTEST_SKIP() << graphs << " is absent";
  const auto karate = read_matrix_market(world_, (graphs / "karate.mtx").string());
  EXPECT_EQ(karate.nodes, 34);
  EXPECT_EQ(all(karate.source).size(), 78U);
  EXPECT_TRUE(karate.symmetric);
  const auto west = read_matrix_market(world_, (graphs / "west0067.mtx").string());
  EXPECT_EQ(west.nodes, 67);
  EXPECT_FALSE(west.symmetric);
  EXPECT_EQ(all(west.weight).size(), all(west.source).size());
}

TEST_F(Readers, EdgeListNumbersByFirstAppearance) {
  const auto path = file("e.csv",
                         "\xEF\xBB\xBFnote,target,source,weight\r\n"
                         "x,b,\"a,1\",2\r\ny,c,b,0.5\r\nz,\"a,1\",\"회\"\"사\",0\r\n,c,c,1e2\r\n");
  const auto edges = read_edge_list(world_, path);
  EXPECT_EQ(edges.nodes, 4);
  EXPECT_FALSE(edges.symmetric);
  EXPECT_EQ(all(edges.ids), "a,1|b|c|회\"사|");
  EXPECT_THAT(all(edges.source), ElementsAre(0, 1, 3, 2));
  EXPECT_THAT(all(edges.target), ElementsAre(1, 2, 0, 2));
  EXPECT_THAT(all(edges.weight), ElementsAre(2, 0.5, 0, 100));
}

TEST_F(Readers, EdgeListIsTheSameAtAnyNumberOfRanks) {
  std::string text = "source,target\n";
  const CounterRandom random(8, 9);
  // Wide enough for several blocks of 1 MiB, so that every rank reads some.
  for (std::uint64_t i = 0; i < 60'000; ++i) {
    text += std::string(20, 's') + std::to_string(random.below(2 * i, 3000)) + "," +
            std::string(40, 't') + std::to_string(random.below(2 * i + 1, 3000)) + "\n";
  }
  const auto path = file("many.csv", text);
  const auto here = read_edge_list(world_, path);
  const auto alone = read_edge_list(self_, path);
  EXPECT_TRUE(here.weight.empty());
  EXPECT_EQ(here.nodes, alone.nodes);
  EXPECT_EQ(all(here.source), alone.source);
  EXPECT_EQ(all(here.target), alone.target);
  EXPECT_EQ(here.ids.size(), Slices(here.nodes, world_.size()).count(world_.rank()));
  std::string ids;
  for (std::int64_t i = 0; i < alone.ids.size(); ++i) ids += std::string(alone.ids[i]) + "|";
  EXPECT_EQ(all(here.ids), ids);
  // The definition itself: numbers appear in ascending order, source before target.
  std::int64_t next = 0;
  for (std::size_t i = 0; i < alone.source.size(); ++i) {
    for (const auto node : {alone.source[i], alone.target[i]}) {
      EXPECT_LE(node, next);
      if (node == next) ++next;
    }
  }
  EXPECT_EQ(next, alone.nodes);
}

TEST_F(Readers, EdgeListErrorsNameFileAndLine) {
  expect_bad(read_edge_list, "from,to\na,b\n", "column 'source' is missing");
  expect_bad(read_edge_list, "source,target,weight\na,b,1\nc,d,heavy\n", ":3: ");
  expect_bad(read_edge_list, "source,target,weight\na,b,1\nc,d,-1\n", "-1");
  expect_bad(read_edge_list, "source,target,weight\na,b,\n", ":2: ");
  expect_bad(read_edge_list, "source,target\na,b\n,c\n", ":3: ");
  expect_bad(read_edge_list, "source,target\na,b,c\n", ":2");
  const auto header_only = read_edge_list(world_, file("none.csv", "source,target\n"));
  EXPECT_EQ(header_only.nodes, 0);
}

TEST_F(Readers, Members) {
  const auto members = read_members(
      world_,
      file("m.csv", "id,label,role,group\n007,0,core,C\n\"a,b\",0,border,C\nx,-1,noise,\n"));
  EXPECT_EQ(all(members.id), "007|a,b|x|");
  EXPECT_THAT(all(members.label), ElementsAre(0, 0, -1));
  EXPECT_EQ(all(members.group), "C|C||");
  EXPECT_THAT(all(members.line), ElementsAre(2, 3, 4));
  const auto bare = read_members(world_, file("bare.csv", "label,note,id\n0,x,b\n-1,y,a\n"));
  EXPECT_EQ(all(bare.id), "b|a|");
  EXPECT_THAT(all(bare.label), ElementsAre(0, -1));
  EXPECT_EQ(bare.group.size(), 0);
  expect_bad(read_members, "id,role\na,core\n", "column 'label' is missing");
  expect_bad(read_members, "id,label\na,0\nb,0\na,-1\n",
             ":4: column 'id': 'a' is already on line 2");
  expect_bad(read_members, "id,label\n,0\n,0\n", "2 bad rows");
  expect_bad(read_members, "id,label,role,group\na,0,core,C\nb,-2,core,C\n", ":3: column 'label'");
  expect_bad(read_members, "id,label,role,group\na,0,kern,C\n", ":2: column 'role': 'kern'");
  expect_bad(read_members, "id,label,role,group\na,-1,core,C\n", "does not fit the label");
  expect_bad(read_members, "id,label,role,group\n,0,core,C\n", "column 'id'");
}

TEST_F(Readers, GroupsAreOnAllRanks) {
  const auto groups = read_groups(world_, file("g.csv", "industry,group\nC10,food\nC11,food\n"));
  EXPECT_EQ(groups.industry.size(), 2);
  EXPECT_EQ(groups.industry[1], "C11");
  EXPECT_EQ(groups.group[1], "food");
  expect_bad(read_groups, "industry,group\nC10,\n", ":2: column 'group'");
}

}  // namespace
}  // namespace tradegraph::io
