/// Good input: what comes out of import_csv, at any number of ranks.

#include "io/import.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "io/csv_reader.hpp"
#include "tests/support/import_reference.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tradegraph::io {
namespace {

using test::TemporaryFolder;

struct ImportTest : testing::Test {
  comm::Communicator comm = comm::Communicator::world();
  TemporaryFolder folder{comm};

  ImportOptions options(const std::string& firms, const std::string& trade = "") {
    ImportOptions result;
    result.firms = folder.write("firms.csv", firms);
    if (!trade.empty()) result.trade = folder.write("trade.csv", trade);
    result.year = 2020;
    result.block_bytes = 37;  // many pieces of the smallest files
    return result;
  }
  /// Imports on all ranks, and checks that one rank alone gets the same.
  Network import(const ImportOptions& given) {
    Network network = import_csv(comm, given);
    const std::string text = test::describe(comm, network);
    const auto self = comm::Communicator::self();
    ImportOptions large_blocks = given;
    large_blocks.block_bytes = CsvFile::kBlockBytes;
    EXPECT_EQ(text, test::describe(self, import_csv(self, large_blocks)));
    const auto& firms = network.firms;
    EXPECT_EQ(firms.first, firms.total * comm.rank() / comm.size());
    EXPECT_EQ(firms.first + firms.count(), firms.total * (comm.rank() + 1) / comm.size());
    EXPECT_EQ(network.trade.row_pointers.size(), static_cast<std::size_t>(firms.count()) + 1);
    return network;
  }
  std::string firms_of(const Network& network) {
    return test::gathered_text(comm, test::describe_firms(network.firms));
  }
  std::string trade_of(const Network& network) {
    return test::gathered_text(comm, test::describe_trade(network));
  }
};

TEST_F(ImportTest, KeepsTextAndSumsRepeats) {
  const auto network =
      import(options("id,x,y,industry,region,employees,note,score\n0012-3,0,0,C10,A,5,hello,1\n"
                     "7,10,0,,B,,1,\nx,,,B05,,2.5,2,3\n",
                     "supplier,buyer,amount\n7,0012-3,1.5\n0012-3,7,\n7,0012-3,2\nx,x,9\nx,7,1\n"));
  EXPECT_EQ(firms_of(network),
            "0|0012-3|0|0x0p+0|0x0p+0|1:C10|0:A|employees=0x1.4p+2|score=0x1p+0\n"
            "1|7|1|0x1.4p+3|0x0p+0|-1:|1:B|employees=none|score=none\n"
            "2|x|2|none|none|0:B05|-1:|employees=0x1.4p+1|score=0x1.8p+1\n");
  EXPECT_EQ(trade_of(network), "0>1 amount 0x0p+0\n1>0 amount 0x1.cp+1\n2>1 amount 0x1p+0\n");
  EXPECT_EQ(network.metadata.planar_crs, "local");
  EXPECT_EQ(network.metadata.dropped.at("self_trade"), 1);
  EXPECT_EQ(network.metadata.dropped.at("repeated_pair"), 1);
  EXPECT_TRUE(network.firms.longitude.empty());
  EXPECT_TRUE(network.trade.count.empty());
}

TEST_F(ImportTest, TakesOddButGoodFiles) {
  const std::string plain = "id,x,y,industry\na,1,2,C\nb,3,4,D\n";
  const auto expected = firms_of(import(options(plain)));
  for (const std::string& odd :
       {std::string("\xEF\xBB\xBFid,x,y,industry\na,1,2,C\nb,3,4,D\n"),
        std::string("id,x,y,industry\r\na,1,2,C\r\nb,3,4,D\r\n"),
        std::string("id,x,y,industry\na,1,2,C\nb,3,4,D"),
        std::string("id,x,y,industry\na,1,2,C\n\n\r\nb,3,4,D\n\n"),
        std::string("industry,note,y,id,x\nC,\"k\nk, \"\"q\"\"\",2,a,1\nD,z,4,b,3\n"),
        std::string("\"id\",\"x\",\"y\",\"industry\"\n\"a\",\"1\",\"2\",\"C\"\nb, 3 ,+4,D\n"),
        std::string("id,x,y,industry,,longitude\na,1,2,C,?,1\nb,3,4,D,!,\n")}) {
    EXPECT_EQ(firms_of(import(options(odd))), expected) << odd;
  }
}

TEST_F(ImportTest, KeepsLongAndForeignIds) {
  const std::string long_id(1000, '7');
  const std::string firms = "id,x,y,region\n" + long_id +
                            ",0,0,서울\n\"(주)한국, \"\"상사\"\"\",1,0," +
                            "부산\n\" two\nlines \",2,0,서울\n";
  const auto network = import(
      options(firms, "buyer,supplier,count\n" + long_id +
                         ",\"(주)한국, \"\"상사\"\"\",2\n\" two\nlines \"," + long_id + ",1\n"));
  const auto text = firms_of(network);
  EXPECT_NE(text.find("|" + long_id + "|"), std::string::npos);
  EXPECT_NE(text.find("|(주)한국, \"상사\"|"), std::string::npos);
  EXPECT_NE(text.find("| two\nlines |"), std::string::npos);
  EXPECT_NE(text.find("1:서울"), std::string::npos);
  EXPECT_EQ(trade_of(network), "0>2 count 0x1p+0\n1>0 count 0x1p+1\n");
}

TEST_F(ImportTest, TakesSmallNetworks) {
  const auto one = import(options("id,lon,lat\nonly,127,37\n", "supplier,buyer\n"));
  EXPECT_EQ(one.firms.total, 1);
  EXPECT_EQ(one.trade.total, 0);
  EXPECT_LT(one.metadata.scale_distortion, 1e-4);
  const auto same_place = import(options("id,lon,lat\na,127,37\nb,127,37\nc,127,37\n"));
  EXPECT_EQ(same_place.firms.total, 3);
  std::vector<std::int64_t> in_order(same_place.firms.input_row);
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    EXPECT_EQ(in_order[i], same_place.firms.first + static_cast<std::int64_t>(i));
  }
  const auto nowhere = import(options("id,lon,lat\na,,\nb,,\n", "supplier,buyer\na,b\n"));
  EXPECT_EQ(nowhere.metadata.planar_crs, "");
  EXPECT_EQ(trade_of(nowhere), "0>1\n");
}

TEST_F(ImportTest, NamesColumnsByAMap) {
  const auto map = folder.write("map.toml",
                                "[firms]\nid = \"corp no\"\nemployees = \"n\"\n"
                                "[trade]\nsupplier = \"seller\"\n");
  auto given = options("corp no,x,y,n,status\na,1,1,5,open\nb,2,2,6,\n", "seller,buyer\na,b\n");
  given.columns = read_column_map(map);
  const auto text = firms_of(import(given));
  EXPECT_NE(text.find("|status=open|employees=0x1.4p+2"), std::string::npos) << text;
}

std::string random_cell(std::mt19937& random, int kind) {
  static const std::vector<std::string> pieces{"a",  "0",  "-", ",",  "\"",
                                               "\n", "한", " ", "zz", "\r\n"};
  std::string cell = std::to_string(kind);
  for (unsigned i = random() % 4; i > 0; --i) cell += pieces[random() % pieces.size()];
  return cell;
}

struct RandomInput {
  std::string firms = "region,id,y,industry,x,employees\n";
  std::string trade = "count,buyer,note,supplier,amount\n";
};

RandomInput random_input(unsigned seed, int firm_count, int link_count) {
  std::mt19937 random(seed);
  RandomInput input;
  std::vector<std::string> ids;
  for (int i = 0; i < firm_count; ++i) {
    ids.push_back(csv_quoted(random_cell(random, i) + "#" + std::to_string(i)));
    const bool placed = random() % 8 != 0;
    const auto metres = [&] { return placed ? std::to_string(random() % 5000) : std::string(); };
    input.firms += csv_quoted(random_cell(random, static_cast<int>(random() % 9))) + "," +
                   ids.back() + "," + metres() + "," + (random() % 3 == 0 ? "" : "C10") + "," +
                   metres() + "," + std::to_string(random() % 100) + "\n";
  }
  for (int i = 0; i < link_count; ++i) {
    input.trade += std::to_string(random() % 5) + "," + ids[random() % ids.size()] + "," +
                   csv_quoted(random_cell(random, 0)) + "," + ids[random() % ids.size()] + "," +
                   std::to_string(random() % 1000) + ".1\n";
  }
  return input;
}

TEST_F(ImportTest, TakesManyBlankLinesBeforeTheHeader) {
  std::string blank = "\xEF\xBB\xBF";
  for (int i = 0; i < 100; ++i) blank += i % 3 == 0 ? "\r\n" : "\n";  // several blocks of them
  const auto network = import(
      options(blank + "id,lon,lat\na,127,37\n\nb,127,37\n", blank + "supplier,buyer\na,b\n"));
  EXPECT_EQ(network.firms.total, 2);
  EXPECT_EQ(network.trade.total, 1);
}

TEST_F(ImportTest, EqualsASlowReader) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    const auto input = random_input(seed, 150, 600);
    auto given = options(input.firms, input.trade);
    given.block_bytes = 11 * seed;
    const auto network = import(given);

    std::map<std::string, std::string> places;  // what each id must have
    auto firm_rows = test::parse_slowly(input.firms);
    for (std::size_t i = 1; i < firm_rows.size(); ++i) {
      const auto& row = firm_rows[i];
      const auto number = [](const std::string& cell) {
        return cell.empty() ? std::string("none") : test::exact(std::stod(cell));
      };
      places[row[1]] = std::to_string(i - 1) + number(row[4]) + number(row[2]) + row[3] + row[0] +
                       number(row[5]);
    }
    EXPECT_EQ(network.firms.total, static_cast<std::int64_t>(places.size()));
    const auto& firms = network.firms;
    for (std::int64_t i = 0; i < firms.count(); ++i) {
      const auto row = static_cast<std::size_t>(i);
      EXPECT_EQ(places[std::string(firms.id[i])],
                std::to_string(firms.input_row[row]) + test::exact(firms.x_m[row]) +
                    test::exact(firms.y_m[row]) + std::string(firms.industry[i]) +
                    std::string(firms.region[i]) + test::exact(firms.numbers.at("employees")[row]));
    }

    std::map<std::pair<std::string, std::string>, std::pair<double, double>> links;
    const auto trade_rows = test::parse_slowly(input.trade);
    for (std::size_t i = 1; i < trade_rows.size(); ++i) {
      const auto& row = trade_rows[i];
      if (row[1] == row[3]) continue;
      auto& [amount, count] = links[{row[3], row[1]}];
      amount += std::stod(row[4]);
      count += std::stod(row[0]);
    }
    std::string expected;
    const auto all_firms = import_csv(comm::Communicator::self(), given).firms;
    for (std::int64_t s = 0; s < all_firms.count(); ++s) {
      for (std::int64_t b = 0; b < all_firms.count(); ++b) {
        const auto at = links.find({std::string(all_firms.id[s]), std::string(all_firms.id[b])});
        if (at == links.end()) continue;
        expected += std::to_string(s) + ">" + std::to_string(b) + " amount " +
                    test::exact(at->second.first) + " count " + test::exact(at->second.second) +
                    "\n";
      }
    }
    EXPECT_EQ(trade_of(network), expected);
    EXPECT_EQ(network.trade.total, static_cast<std::int64_t>(links.size()));
  }
}

/// More firms than a block of suppliers and more links than a piece hold; and ids so long that
/// ranks ask for the few that the trade names, or so short that all get all.
TEST_F(ImportTest, SumsManyLinksInTheOrderOfTheFile) {
  for (const int padding : {0, 300}) {
    const int firm_count = padding == 0 ? 9000 : 6000;
    const int link_count = padding == 0 ? 300000 : 4000;
    std::mt19937 random(7);
    std::vector<std::string> ids;
    std::string firms = "id,x,y\n";
    for (int i = 0; i < firm_count; ++i) {
      ids.push_back(std::string(static_cast<std::size_t>(padding), 'f') + std::to_string(i));
      firms += ids.back() + "," + std::to_string(random() % 1000) + "," +
               std::to_string(random() % 1000) + "\n";
    }
    std::string trade = "supplier,buyer,amount\n";
    std::map<std::string, std::map<std::string, double>> expected;
    for (int i = 0; i < link_count; ++i) {
      const auto& supplier = ids[random() % ids.size() * (random() % 50) / 50];
      const auto& buyer = ids[random() % ids.size() * (random() % 50) / 50];
      const double amount =
          static_cast<double>(random() % 1000) * 0.1;  // sums depend on their order
      trade += supplier + "," + buyer + "," + std::to_string(amount) + "\n";
      if (supplier != buyer) expected[supplier][buyer] += std::stod(std::to_string(amount));
    }
    auto given = options(firms, trade);
    given.block_bytes = 50000;
    const auto network = import_csv(comm, given);
    const auto all = import_csv(comm::Communicator::self(), given).firms.id;
    const auto& [table, links, metadata] = network;
    for (std::int64_t i = 0; i < table.count(); ++i) {
      std::map<std::string, double> row;
      for (auto at = static_cast<std::size_t>(links.row_pointers[static_cast<std::size_t>(i)]);
           at < static_cast<std::size_t>(links.row_pointers[static_cast<std::size_t>(i) + 1]);
           ++at) {
        row[std::string(all[links.columns[at]])] = links.amount[at];
      }
      EXPECT_EQ(row, expected[std::string(table.id[i])]) << table.id[i];
    }
  }
}

TEST_F(ImportTest, DigestsAreThoseOfSha256sum) {
  const auto network = import(options("id,x,y\nabc,1,2\n", "supplier,buyer\n"));
  // printf 'id,x,y\nabc,1,2\n' | sha256sum
  EXPECT_EQ(network.metadata.inputs.at(0).sha256,
            "211d51269c53392832d6840c2b025208156eea7be222e8dc2ac7031daae42ec2");
  EXPECT_EQ(network.metadata.inputs.at(1).sha256,
            "60399767d87cb014798197cc609589df0405d8bbccba8ce86bba6281cf0d04b3");
  EXPECT_EQ(network.metadata.inputs.at(0).bytes, 15);
}

}  // namespace
}  // namespace tradegraph::io
