/// Bad input: the message names file, line, column and value, alike at any number of ranks; and
/// bad rows that are skipped are counted and written.

#include <gtest/gtest.h>

#include "engine/base/error.hpp"
#include "io/import.hpp"
#include "tests/support/import_reference.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tradegraph::io {
namespace {

struct ErrorsTest : testing::Test {
  comm::Communicator comm = comm::Communicator::world();
  test::TemporaryFolder folder{comm};

  ImportOptions options(const std::string& firms, const std::string& trade = "") {
    ImportOptions result;
    result.firms = folder.write("firms.csv", firms);
    if (!trade.empty()) result.trade = folder.write("trade.csv", trade);
    result.block_bytes = 23;
    return result;
  }
  /// The message, with the folder's name taken out of it.
  std::string error_of(const ImportOptions& given) {
    std::string message = "no error";
    try {
      (void)import_csv(comm, given);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input);
      message = error.what();
    }
    const std::string prefix = folder.path("");
    for (auto at = message.find(prefix); at != std::string::npos; at = message.find(prefix)) {
      message.erase(at, prefix.size());
    }
    return message;
  }
  std::string error_in_firms(const std::string& firms) { return error_of(options(firms)); }
  std::string error_in_trade(const std::string& trade) {
    return error_of(options("id,x,y\na,1,1\nb,2,2\n", trade));
  }
};

TEST_F(ErrorsTest, FilesAndColumns) {
  ImportOptions missing;
  missing.firms = folder.path("nowhere.csv");
  EXPECT_EQ(error_of(missing), "nowhere.csv: cannot be opened: No such file or directory");
  missing.firms = folder.path("");
  EXPECT_NE(error_of(missing).find("is a folder"), std::string::npos);
  EXPECT_EQ(error_in_firms(""), "firms.csv: the file is empty");
  EXPECT_EQ(error_in_firms("\n\n"), "firms.csv: the file has no header");
  EXPECT_EQ(error_in_firms("id,x,y\n"), "firms.csv: there are no firms");
  const std::string blank(60, '\n');  // several blocks of blank lines
  EXPECT_EQ(error_in_firms(blank), "firms.csv: the file has no header");
  EXPECT_EQ(error_in_firms("\r\n" + blank + "id,x,\xFFy\na,1,1\n"),
            "firms.csv:62: the header is not valid UTF-8: 'id,x,\\xffy'");
  EXPECT_NE(error_in_firms(blank + "id,x,y\na,1,1\na,1,1\n").find("firms.csv:63: column 'id': 'a'"),
            std::string::npos);
  EXPECT_EQ(error_in_firms("ID,x,y\na,1,1\n"),
            "firms.csv: has no column 'id' (did you mean 'ID'?); its columns: ID, x, y");
  EXPECT_EQ(error_in_firms("id,industry\na,C\n"),
            "firms.csv: has no place: neither columns 'lon', 'lat' nor 'x', 'y'; its columns: id, "
            "industry");
  EXPECT_EQ(error_in_firms("id,lon\na,1\n"),
            "firms.csv: has no column 'lat'; its columns: id, lon");
  EXPECT_EQ(error_in_firms("id,x,y,id\na,1,1,2\n"),
            "firms.csv: the header names column 'id' twice");
  EXPECT_EQ(error_in_firms("id,x,\xFFy\na,1,1\n"),
            "firms.csv:1: the header is not valid UTF-8: 'id,x,\\xffy'");
  EXPECT_EQ(error_in_trade("supplier,by\na,b\n"),
            "trade.csv: has no column 'buyer'; its columns: supplier, by");
  auto mapped = options("id,x,y\na,1,1\n");
  mapped.columns.firms["region"] = "area";
  EXPECT_EQ(error_of(mapped),
            "firms.csv: has no column 'area' for 'region'; its columns: id, x, y");
}

TEST_F(ErrorsTest, CellsOfFirms) {
  const std::string header = "id,lon,lat,employees\n";
  const auto fault = [&](const std::string& row) {
    const std::string text = error_in_firms(header + "good,127,37,1\n" + row + "\n");
    const std::string start = "firms.csv: 1 bad row\n  firms.csv:3: ";
    EXPECT_EQ(text.substr(0, start.size()), start);
    return text.substr(std::min(text.size(), start.size()));
  };
  EXPECT_EQ(fault("b,181.2,37,1"), "column 'lon': '181.2' is not between -180 and 180");
  EXPECT_EQ(fault("b,127,-90.5,1"), "column 'lat': '-90.5' is not between -90 and 90");
  EXPECT_EQ(fault("b,east,37,1"), "column 'lon': 'east' is not a number");
  EXPECT_EQ(fault("b,nan,37,1"), "column 'lon': 'nan' is not a finite number");
  EXPECT_EQ(fault("b,,37,1"), "column 'lon' is empty although column 'lat' is not");
  EXPECT_EQ(fault("b,127,,1"), "column 'lat' is empty although column 'lon' is not");
  EXPECT_EQ(fault("b,127,37,many"), "column 'employees': 'many' is not a number");
  EXPECT_EQ(fault("b,127,37,inf"), "column 'employees': 'inf' is not a finite number");
  EXPECT_EQ(fault(",127,37,1"), "column 'id' is empty");
  EXPECT_EQ(fault("good,127,37,1"), "column 'id': 'good' is already on line 2");
  EXPECT_EQ(fault("b,127,37"), "the row has 3 cells, the header 4");
  EXPECT_EQ(fault("b,127,37,1,"), "the row has 5 cells, the header 4");
  EXPECT_EQ(fault("\xC3\x28,127,37,1"), "column 'id': '\\xc3(' is not valid UTF-8");
  EXPECT_EQ(fault("b\"b\",127,37,1"), "column 'id': 'b' has a misplaced quote beside it");
  EXPECT_EQ(fault("b,\"127,37,1"),
            "column 'lon': '127,37,1' is followed by a quote that is never closed");
  EXPECT_EQ(fault(std::string(300, 'x') + ",1e3,0,0"),
            "column 'lon': '1e3' is not between -180 and 180");
}

TEST_F(ErrorsTest, CellsOfTrade) {
  const auto fault = [&](const std::string& row) {
    const std::string text =
        error_in_trade("supplier,buyer,amount,count\n\"a\",b,1,1\n" + row + "\n");
    const std::string start = "trade.csv: 1 bad row\n  trade.csv:3: ";
    EXPECT_EQ(text.substr(0, start.size()), start);
    return text.substr(std::min(text.size(), start.size()));
  };
  EXPECT_EQ(fault("a,nobody,1,1"), "column 'buyer': 'nobody' is not among the firms");
  EXPECT_EQ(fault("A,b,1,1"), "column 'supplier': 'A' is not among the firms");
  EXPECT_EQ(fault(",b,1,1"), "column 'supplier' is empty");
  EXPECT_EQ(fault("a,b,-0.5,1"), "column 'amount': '-0.5' is negative");
  EXPECT_EQ(fault("a,b,1,-inf"), "column 'count': '-inf' is not a finite number");
  EXPECT_EQ(fault("a,b,1 000,1"), "column 'amount': '1 000' is not a number");
  EXPECT_NE(error_in_trade("supplier,buyer,amount\na,b,1e308\na,b,1e308\n")
                .find("amounts that supplier 'a' has"),
            std::string::npos);
}

TEST_F(ErrorsTest, ShowsTheFirstTenAndCountsAll) {
  std::string firms = "id,x,y\n\"first\nfirm\",1,1\n";
  std::string expected = "firms.csv: 25 bad rows";
  for (int i = 0; i < 25; ++i) {
    firms += "f" + std::to_string(i) + ",x,1\ngood" + std::to_string(i) + ",1,1\n";
    if (i < 10) {
      expected +=
          "\n  firms.csv:" + std::to_string(4 + 2 * i) + ": column 'x': 'x' is not a number";
    }
  }
  EXPECT_EQ(error_in_firms(firms), expected + "\n  and 15 more");
}

TEST_F(ErrorsTest, SortsFaultsOfAllKindsByLine) {
  EXPECT_EQ(error_in_firms("id,x,y\na,1,1\nb,1,1\na,2,2\nc,z,1\nb,1,1\n"),
            "firms.csv: 3 bad rows\n"
            "  firms.csv:4: column 'id': 'a' is already on line 2\n"
            "  firms.csv:5: column 'x': 'z' is not a number\n"
            "  firms.csv:6: column 'id': 'b' is already on line 3");
}

TEST_F(ErrorsTest, SkipsCountsAndWritesBadRows) {
  auto given =
      options("id,x,y,region\na,1,1,R\nb,east,1,Q\na,2,2,S\n\"c\nc\",3,,T\nd,4,4,U\ne\xFF,5,5,V\n",
              "supplier,buyer\na,d\nb,a\nd,\"a,\"\nd,a\nd,a,a\nd,d\n");
  given.skip_bad_rows = true;
  given.rejects = folder.path("rejects.csv");
  const auto network = import_csv(comm, given);
  comm.barrier();
  EXPECT_EQ(test::gathered_text(comm, test::describe_firms(network.firms)),
            "0|a|0|0x1p+0|0x1p+0|0:R\n1|d|1|0x1p+2|0x1p+2|1:U\n");
  EXPECT_EQ(test::gathered_text(comm, test::describe_trade(network)), "0>1\n1>0\n");
  const std::map<std::string, std::int64_t> dropped{
      {"duplicate_id", 1},  {"incomplete_place", 1}, {"invalid_utf8", 1}, {"not_a_number", 1},
      {"repeated_pair", 0}, {"self_trade", 1},       {"unknown_firm", 2}, {"wrong_cell_count", 1}};
  EXPECT_EQ(network.metadata.dropped, dropped);
  const std::string firms = given.firms;
  const std::string trade = *given.trade;
  EXPECT_EQ(folder.read("rejects.csv"),
            "file,line,column,value,reason,record\n" + firms +
                ",3,x,east,is not a number,\"b,east,1,Q\"\n" + firms +
                ",4,id,a,is already on line 2,\"a,2,2,S\"\n" + firms +
                ",5,y,,is empty although column 'x' is not,\"\"\"c\nc\"\",3,,T\"\n" + firms +
                ",8,id,e\\xff,is not valid UTF-8,\"e\\xff,5,5,V\"\n" + trade +
                ",3,supplier,b,is not among the firms,\"b,a\"\n" + trade +
                ",4,buyer,\"a,\",is not among the firms,\"d,\"\"a,\"\"\"\n" + trade +
                ",6,,,\"the row has 3 cells, the header 2\",\"d,a,a\"\n");
}

TEST_F(ErrorsTest, DoesNotSkipWhatHidesGoodRows) {
  auto given = options("id,x,y\na,1,1\nb,5\" pipe,1\nc,3,3\n");
  given.skip_bad_rows = true;
  given.rejects = folder.path("rejects.csv");
  EXPECT_EQ(error_of(given),
            "firms.csv: 1 bad row that cannot be skipped (where does it end?)\n"
            "  firms.csv:3: column 'x': '5' is followed by a quote that is never closed");
  EXPECT_FALSE(folder.has("rejects.csv"));
}

TEST_F(ErrorsTest, ColumnMaps) {
  const auto error = [&](const std::string& text) {
    std::string message = "no error";
    const auto path = folder.write("map.toml", text);
    try {
      (void)read_column_map(path);
    } catch (const Error& e) {
      message = std::string(e.what()).substr(folder.path("").size());
    }
    comm.barrier();
    return message;
  };
  EXPECT_EQ(error("[firms]\nid = \"n\"\nemployes = \"e\"\n"),
            "map.toml:3: [firms] has an unknown name 'employes' (did you mean 'employees'?)");
  EXPECT_EQ(error("[firm]\nid = \"n\"\n"),
            "map.toml:1: unknown table 'firm' (did you mean 'firms'?)");
  EXPECT_EQ(error("[trade]\nbuyer = 3\n"), "map.toml:2: 'buyer' is not the name of a column");
  EXPECT_EQ(error("[firms]\nlon = \"a\"\nlat = \"a\"\n").substr(0, 9), "map.toml:");
  EXPECT_EQ(error("firms = 1\n"), "map.toml:1: 'firms' is not a table");
  EXPECT_EQ(error("[firms\n").substr(0, 11), "map.toml:1:");
  EXPECT_EQ(error("[firms]\n[trade]\n"), "no error");
}

}  // namespace
}  // namespace tradegraph::io
