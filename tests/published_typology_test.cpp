// The typology of the published indicators, beside the published types. The figures expected are
// scikit-learn's (PCA; KMeans with 100 starts; adjusted_rand_score; silhouette_score) on the same
// tables: agreement with the published types is a fact about these tables, not an aim.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "kernels/partition_similarity.hpp"
#include "kernels/typology.hpp"

namespace tradegraph::kernels {
namespace {

using Row = std::map<std::string, std::string>;

/// By the column `cluster`; the tables have no quotes.
std::map<std::string, Row> read_table(const std::filesystem::path& path) {
  std::ifstream file(path);
  const auto cells = [](const std::string& line) {
    std::vector<std::string> found;
    std::stringstream text(line + ",");
    for (std::string cell; std::getline(text, cell, ',');) found.push_back(cell);
    return found;
  };
  std::string line;
  std::getline(file, line);
  const auto header = cells(line);
  std::map<std::string, Row> table;
  while (std::getline(file, line)) {
    const auto values = cells(line);
    auto& row = table[values.at(0)];
    for (std::size_t c = 0; c < header.size(); ++c) row[header[c]] = values.at(c);
  }
  return table;
}

struct Expected {
  std::vector<std::string> years;
  std::int64_t complete;
  std::array<double, 3> centripetal;
  std::array<double, 3> centrifugal;
  std::array<double, 2> explained;
  std::array<std::int64_t, kTypes> sizes;
  double silhouette;
  double agreement;  ///< adjusted Rand index of the last year's types with the published ones
};

class PublishedTypology : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto folder = std::filesystem::path(TRADEGRAPH_SHARED_DATA) / ".." / "study";
    if (!std::filesystem::exists(folder / "table_3_11_typology.csv")) {
      GTEST_SKIP() << "no published tables here";
    }
    for (const auto* name : {"table_3_6_specialisation.csv", "table_3_7_hierarchy.csv",
                             "table_3_8_reach.csv", "table_3_11_typology.csv"}) {
      for (const auto& [cluster, row] : read_table(folder / name)) {
        published_[cluster].insert(row.begin(), row.end());
      }
    }
  }

  [[nodiscard]] std::vector<SixScores> scores(const std::vector<std::string>& years) const {
    std::vector<SixScores> result;
    for (const auto& year : years) {
      for (const auto& [cluster, row] : published_) {
        SixScores six{};
        std::size_t k = 0;
        for (const auto* name : {"specialisation_", "hierarchy_", "internal_reach_",
                                 "related_variety_", "disassortativity_", "external_reach_"}) {
          const auto& cell = row.at(name + year);
          six[k++] = cell.empty() ? kUndefined : std::stod(cell);
        }
        result.push_back(six);
      }
    }
    return result;
  }

  /// Over the clusters of the last year that have a type of ours.
  [[nodiscard]] double agreement(const Typology& found) const {
    std::vector<std::int32_t> ours, theirs;
    auto cluster = found.clusters.end() - std::ssize(published_);
    for (const auto& [name, row] : published_) {
      const auto own = (cluster++)->type;
      const auto type = std::ranges::find(kTypeNames, row.at("type"));
      EXPECT_NE(type, kTypeNames.end()) << name;
      if (own < 0) continue;
      ours.push_back(own);
      theirs.push_back(static_cast<std::int32_t>(type - kTypeNames.begin()));
    }
    return adjusted_rand(overlaps(ours, theirs));
  }

  void check(const Expected& expected) const {
    const auto found = typology(scores(expected.years));
    EXPECT_EQ(found.complete, expected.complete);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_NEAR(found.centripetal.loadings[k], expected.centripetal[k], 1e-7);
      EXPECT_NEAR(found.centrifugal.loadings[k], expected.centrifugal[k], 1e-7);
    }
    EXPECT_NEAR(found.centripetal.explained, expected.explained[0], 1e-9);
    EXPECT_NEAR(found.centrifugal.explained, expected.explained[1], 1e-9);
    EXPECT_EQ(found.sizes, expected.sizes);
    EXPECT_NEAR(found.silhouette, expected.silhouette, 1e-9);
    const auto agreed = agreement(found);
    EXPECT_NEAR(agreed, expected.agreement, 1e-9);
    print(expected.years.size() > 1 ? "pooled" : expected.years.front(), found, agreed);
  }

  static void print(const std::string& title, const Typology& found, double agreed) {
    const auto& in = found.centripetal;
    const auto& out = found.centrifugal;
    std::printf(
        "%s: centripetal %.3f %.3f %.3f (%.1f %%), centrifugal %.3f %.3f %.3f (%.1f %%), "
        "silhouette %.3f, adjusted Rand index with the published types %.3f\n",
        title.c_str(), in.loadings[0], in.loadings[1], in.loadings[2], 100 * in.explained,
        out.loadings[0], out.loadings[1], out.loadings[2], 100 * out.explained, found.silhouette,
        agreed);
  }

  std::map<std::string, Row> published_;  ///< by cluster
};

TEST_F(PublishedTypology, OfTheLaterYear) {
  EXPECT_EQ(published_.size(), 38U);
  check({.years = {"2020"},
         .complete = 37,
         .centripetal = {0.13024758, 0.69095926, 0.7110632},
         .centrifugal = {-0.34576878, 0.60883107, 0.71398087},
         .explained = {0.5925121909657711, 0.43394845799671367},
         .sizes = {5, 12, 11, 9},
         .silhouette = 0.35361673501231905,
         .agreement = 0.1287072081391245});
}

TEST_F(PublishedTypology, OfBothYearsPooled) {
  check({.years = {"2010", "2020"},
         .complete = 72,
         .centripetal = {0.31982986, 0.61217367, 0.72315438},
         .centrifugal = {-0.35606346, 0.6717213, 0.64962244},
         .explained = {0.47492204243868635, 0.4273591041071045},
         .sizes = {10, 21, 24, 17},
         .silhouette = 0.3385824646548889,
         .agreement = 0.0666900227722029});
}

}  // namespace
}  // namespace tradegraph::kernels
