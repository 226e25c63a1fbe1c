#include "app/study_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/per_group.hpp"
#include "app/value_list.hpp"
#include "engine/comm/communicator.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/thrown.hpp"

namespace tradegraph::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using tradegraph::testing::thrown_by;

class StudyFileTest : public ::testing::Test {
 protected:
  comm::Communicator world_ = comm::Communicator::world();
  test::TemporaryFolder folder_{world_};

  void SetUp() override {
    for (const char* name : {"f_2010.csv", "f_2020.csv", "t_2010.csv", "t_2020.csv", "g.csv"}) {
      folder_.write(name, "id\n");
    }
  }
  [[nodiscard]] std::string study(const std::string& text) const {
    return folder_.write("study.toml", text);
  }
  /// What is said of a study file, without its folder.
  [[nodiscard]] std::string error_of(const std::string& text) const {
    const auto path = study(text);
    const auto thrown = thrown_by([&] { static_cast<void>(read_study_file(path)); });
    EXPECT_EQ(thrown.kind, ErrorKind::bad_input) << thrown.message;
    const auto at = thrown.message.find("study.toml");
    return at == std::string::npos ? thrown.message : thrown.message.substr(at);
  }
  [[nodiscard]] std::string per_group_error(const std::string& text) const {
    const auto path = folder_.write("per_group.csv", text);
    const auto thrown = thrown_by([&] { static_cast<void>(read_per_group(path)); });
    EXPECT_EQ(thrown.kind, ErrorKind::bad_input) << thrown.message;
    return thrown.message;
  }
};

const std::string kStart =
    "[study]\nyears = [2010, 2020]\n[input]\n"
    "firms = \"f_{year}.csv\"\ntrade = \"t_{year}.csv\"\n";  // 5 lines

TEST_F(StudyFileTest, EverySettingOutOfRangeIsNamedWithItsLine) {
  const std::vector<std::pair<std::string, std::string>> settings{
      {"identify", "eps = -1"},
      {"identify", "eps = 1e300"},
      {"identify", "min_firms = 0"},
      {"identify", "stretch = 0.5"},
      {"identify", "absorb = \"footprnt\""},
      {"identify", "absorb_radius = -2"},
      {"identify", "division_digits = 0"},
      {"identify", "class_digits = 1"},
      {"identify", "groups = \"gone.csv\""},
      {"identify.per_group.C26", "eps = 0"},
      {"identify.per_group.C26", "min_firms = -3"},
      {"group", "digits = 0"},
      {"group", "least_groups = 1"},
      {"group", "most_groups = 3"},
      {"group", "restarts = 0"},
      {"select", "top = 0"},
      {"select", "min_nodes = -1"},
      {"select", "min_links = -1"},
      {"diagnose", "specialisation = \"mian\""},
      {"diagnose", "shares_of = \"money\""},
      {"diagnose", "hierarchy_ties = \"none\""},
      {"diagnose", "disassortativity = \"r\""},
      {"diagnose", "reach_weight = \"unifrom\""},
      {"diagnose", "internal_reach = \"distanse\""},
      {"diagnose", "external_reach = \"far\""},
      {"diagnose", "network_distances = \"perhaps\""},
      {"diagnose", "population = \"some\""},
      {"diagnose", "pooled = \"all\""},
      {"diagnose", "firm_betweenness = \"maybe\""}};
  for (const auto& [table, line] : settings) {
    const auto key = line.substr(0, line.find(' '));
    EXPECT_THAT(error_of(kStart + "[" + table + "]\n" + line + "\n"),
                StartsWith("study.toml:7: '" + table + "." + key + "' "));
  }
}

TEST_F(StudyFileTest, InputIsCheckedBeforeAnyWork) {
  const std::string years = "[study]\nyears = [2010, 2020]\n[input]\n";
  EXPECT_THAT(error_of(years + "firms = \"gone_{year}.csv\"\n"),
              AllOf(StartsWith("study.toml:4: 'input.firms' "), HasSubstr("gone_2010.csv")));
  EXPECT_THAT(error_of("[study]\nyears = [2010, 2030]\n[input]\nfirms = \"f_{year}.csv\"\n"),
              HasSubstr("f_2030.csv"));
  EXPECT_THAT(error_of(years + "firms = \"f_2010.csv\"\n"),
              HasSubstr("study.toml:4: 'input.firms'"));
  EXPECT_THAT(error_of(kStart + "crs = \"EPSG:99999999\"\n"),
              AllOf(StartsWith("study.toml:6: 'input.crs' "), HasSubstr("EPSG:99999999")));
  EXPECT_THAT(error_of(kStart + "project = \"EPSG:4258\"\n"),
              AllOf(StartsWith("study.toml:6: 'input.project' "), HasSubstr("in degrees")));
  EXPECT_THAT(error_of(kStart + "deflate = 11\n"), StartsWith("study.toml:6: 'input.deflate'"));
  EXPECT_THAT(error_of(kStart + "on_error = \"go\"\n"),
              StartsWith("study.toml:6: 'input.on_error'"));
}

TEST_F(StudyFileTest, ConcordancesBelongToYears) {
  const std::string begin = kStart + "[input.concordance]\n";
  const auto read = read_study_file(study(begin + "2010 = \"g.csv\"\n"));
  EXPECT_EQ(read.concordance_path(2010), folder_.path("g.csv"));
  EXPECT_EQ(read.concordance_path(2020), "");
  EXPECT_THAT(error_of(begin + "2010 = \"gone.csv\"\n"),
              AllOf(StartsWith("study.toml:7: 'input.concordance.2010' "), HasSubstr("gone.csv")));
  EXPECT_THAT(error_of(begin + "2015 = \"g.csv\"\n"),
              StartsWith("study.toml:7: 'input.concordance.2015' "));
  EXPECT_THAT(error_of(kStart + "[group]\nflows = \"gone.csv\"\n"),
              StartsWith("study.toml:7: 'group.flows' "));
}

TEST_F(StudyFileTest, WhatIsMistypedIsNamedBeforeWhatIsMissing) {
  EXPECT_THAT(error_of("[studdy]\nyears = [2010]\n"),
              AllOf(StartsWith("study.toml:1: 'studdy' "), HasSubstr("did you mean 'study'")));
  EXPECT_THAT(error_of("[study]\nyear = [2010]\n"),
              AllOf(StartsWith("study.toml:2: 'study.year' "), HasSubstr("did you mean 'years'")));
  EXPECT_THAT(error_of("[study]\nyears = [2010]\n[input]\nfirm = \"f_2010.csv\"\n"),
              AllOf(StartsWith("study.toml:4: 'input.firm' "), HasSubstr("did you mean 'firms'")));
  EXPECT_THAT(error_of(kStart + "[identify.per_group.C26]\nep = 3\n"),
              StartsWith("study.toml:7: 'identify.per_group.C26.ep' "));
  EXPECT_THAT(error_of(kStart + "[columns.firms]\nindustri = \"x\"\n"),
              HasSubstr("did you mean 'industry'"));
}

TEST_F(StudyFileTest, WrongTypesAreNamedWithTheirLine) {
  EXPECT_THAT(error_of(kStart + "[identify]\neps = \"far\"\n"),
              StartsWith("study.toml:7: 'identify.eps' must be a number"));
  EXPECT_THAT(
      error_of(kStart + "[identify.per_group.C26]\nmin_firms = 2.5\n"),
      StartsWith("study.toml:7: 'identify.per_group.C26.min_firms' must be a whole number"));
  EXPECT_THAT(error_of("[study]\nyears = 2010\n"), StartsWith("study.toml:2: 'study.years'"));
}

TEST_F(StudyFileTest, SettingsOfSingleGroups) {
  const auto path = study(kStart +
                          "[identify]\ngroups = \"g.csv\"\n[identify.per_group.C26]\neps = 500\n"
                          "[identify.per_group.\"J 62\"]\nmin_firms = 9\n");
  const auto read = read_study_file(path);
  EXPECT_EQ(read.identify.per_group.size(), 2U);
  EXPECT_EQ(read.identify.per_group.at("C26").eps_m, 500);
  EXPECT_EQ(read.identify.per_group.at("C26").min_firms, std::nullopt);
  EXPECT_EQ(read.identify.per_group.at("J 62").min_firms, 9);
  EXPECT_EQ(read.identify.groups, folder_.path("g.csv"));
  EXPECT_EQ(read.reference_year, 2020);
  EXPECT_THAT(
      error_of(kStart + "[identify]\ngroups = \"none\"\n[identify.per_group.C26]\neps = 5\n"),
      HasSubstr("per_group"));
}

TEST_F(StudyFileTest, PerGroupFile) {
  const auto path = folder_.write("per_group.csv", "group,min_firms,eps\nC26,,500\n\"a,b\",9,\n");
  const auto read = read_per_group(path);
  EXPECT_EQ(read.size(), 2U);
  EXPECT_EQ(read.at("C26").eps_m, 500);
  EXPECT_EQ(read.at("C26").min_firms, std::nullopt);
  EXPECT_EQ(read.at("a,b").eps_m, std::nullopt);
  EXPECT_EQ(read.at("a,b").min_firms, 9);
}

TEST_F(StudyFileTest, PerGroupFileWithFaults) {
  EXPECT_THAT(per_group_error("group,epz\nC26,5\n"), HasSubstr("did you mean 'eps'"));
  EXPECT_THAT(per_group_error("eps\n5\n"), HasSubstr("column 'group' is missing"));
  EXPECT_THAT(per_group_error("group,eps\nC26,5\nC27,far\n"),
              AllOf(HasSubstr("per_group.csv:3"), HasSubstr("'far' is not a number")));
  EXPECT_THAT(per_group_error("group,eps\nC26,-5\n"),
              AllOf(HasSubstr("per_group.csv:2"), HasSubstr("'eps'"), HasSubstr("above 0")));
  EXPECT_THAT(per_group_error("group,min_firms\nC26,2.5\n"), HasSubstr("not a whole number"));
  EXPECT_THAT(per_group_error("group,min_firms\nC26,0\n"), HasSubstr("at least 1"));
  EXPECT_THAT(per_group_error("group,eps\nC26,5\nC26,6\n"),
              AllOf(HasSubstr("per_group.csv:3"), HasSubstr("twice")));
}

/// The numbers of a range are those that one would type.
TEST(ValueList, RangesHoldDecimals) {
  const auto range = parse_reals("1:2:0.1", "--stretch");
  EXPECT_EQ(range, parse_reals("1,1.1,1.2,1.3,1.4,1.5,1.6,1.7,1.8,1.9,2", "--stretch"));
  EXPECT_EQ(parse_reals("0.05:0.2:0.05", "x"), parse_reals("0.05,0.1,0.15,0.2", "x"));
  EXPECT_EQ(parse_reals("250:1000:250", "x"), parse_reals("250,500,750,1000", "x"));
  EXPECT_EQ(parse_reals("-0.3:0.3:0.3", "x"), parse_reals("-0.3,0,0.3", "x"));
  EXPECT_EQ(parse_reals("1e-3:3e-3:1e-3", "x").size(), 3);
}

}  // namespace
}  // namespace tradegraph::app
