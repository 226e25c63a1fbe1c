#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "app/cluster_hulls.hpp"
#include "app/cluster_names.hpp"
#include "engine/base/random.hpp"

namespace tradegraph::app {
namespace {

using io::LonLat;

/// Twice the area of a ring seen from its first corner, in long double; positive:
/// counter-clockwise.
long double signed_area(const std::vector<LonLat>& ring) {
  long double area = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    const auto x = [&](std::size_t at) -> long double {
      return static_cast<long double>(ring[at].longitude) - ring[0].longitude;
    };
    const auto y = [&](std::size_t at) -> long double {
      return static_cast<long double>(ring[at].latitude) - ring[0].latitude;
    };
    area += x(i) * y(i + 1) - y(i) * x(i + 1);
  }
  return area;
}

TEST(Hulls, TinyOnesFarFromTheOriginKeepTheirTurn) {
  const CounterRandom random(7, 1);
  for (const double size : {1e-4, 1e-7, 1e-9}) {  // 10 m, 1 cm, 0.1 mm
    std::vector<LonLat> points;
    for (std::uint64_t i = 0; i < 50; ++i) {
      points.push_back({127 + size * random.uniform(2 * i), 37 + size * random.uniform(2 * i + 1)});
    }
    const auto hull = convex_hull(points);
    EXPECT_GE(hull.size(), 3U) << size;
    EXPECT_GT(signed_area(hull), 0) << size;
    for (std::size_t i = 0; i < hull.size(); ++i) {  // every corner turns left
      EXPECT_GT(signed_area({hull[i], hull[(i + 1) % hull.size()], hull[(i + 2) % hull.size()]}),
                0);
    }
    for (const auto& p : points) {
      for (std::size_t i = 0; i < hull.size(); ++i) {
        EXPECT_GE(signed_area({hull[i], hull[(i + 1) % hull.size()], p}), -1e-28L) << size;
      }
    }
  }
}

TEST(Hulls, FewDistinctPoints) {
  EXPECT_TRUE(convex_hull({}).empty());
  EXPECT_EQ(convex_hull({{127, 37}, {127, 37}, {127, 37}}).size(), 1U);
  EXPECT_EQ(convex_hull({{127, 37}, {128, 38}, {127, 37}}).size(), 2U);
  EXPECT_EQ(convex_hull({{127, 37}, {128, 38}, {129, 39}, {130, 40}}).size(), 2U);
}

TEST(Names, AreRegionAndGroupAndNoTwoTheSame) {
  const std::vector<std::string> regions{"Seoul", "Seoul", "", "Busan",
                                         "",      "Seoul", "", "Seoul #2"};
  const std::vector<std::string> groups{"J62", "J62", "C26", "", "", "J62", "", ""};
  const std::vector<std::string> expected{"Seoul J62", "Seoul J62 #2", "C26",        "Busan",
                                          "cluster",   "Seoul J62 #3", "cluster #2", "Seoul #2"};
  EXPECT_EQ(cluster_names(regions, groups), expected);
}

TEST(Names, ANumberThatIsTakenIsPassedOver) {
  const std::vector<std::string> regions{"a #2", "a", "a", "a"};
  const std::vector<std::string> none(4);
  const std::vector<std::string> expected{"a #2", "a", "a #3", "a #4"};
  EXPECT_EQ(cluster_names(regions, none), expected);
  const std::vector<std::string> same(1000, "b");
  const auto names = cluster_names(same, std::vector<std::string>(1000));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 1000U);
  EXPECT_EQ(names.back(), "b #1000");
}

}  // namespace
}  // namespace tradegraph::app
