/// Places: projections, reference systems, distortion, the order of the firms.

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numbers>
#include <random>

#include "engine/base/error.hpp"
#include "io/import.hpp"
#include "io/import/projection.hpp"
#include "tests/support/import_reference.hpp"
#include "tests/support/temporary_folder.hpp"

namespace tradegraph::io {
namespace {

struct PlacesTest : testing::Test {
  comm::Communicator comm = comm::Communicator::world();
  test::TemporaryFolder folder{comm};

  Network import(const std::string& firms, const std::string& crs = kWgs84,
                 const std::string& project = "auto") {
    ImportOptions options;
    options.firms = folder.write("firms.csv", firms);
    options.input_crs = crs;
    options.project = project;
    options.block_bytes = 64;
    return import_csv(comm, options);
  }
  std::string error_of(const std::string& firms, const std::string& crs = kWgs84,
                       const std::string& project = "auto") {
    try {
      (void)import(firms, crs, project);
    } catch (const Error& error) {
      return std::string(name(error.kind())) + ": " + error.what();
    }
    return "no error";
  }
};

/// Lambert azimuthal equal-area on a sphere; Snyder 1987, eq. 24-2 to 24-4.
std::pair<double, double> spherical_equal_area(double lon, double lat, double lon0, double lat0) {
  constexpr double kDegree = std::numbers::pi / 180;
  constexpr double kRadius_m = 6371007.2;  // sphere of equal surface
  const double d = (lon - lon0) * kDegree;
  const double a = lat * kDegree;
  const double b = lat0 * kDegree;
  const double k =
      std::sqrt(2 / (1 + std::sin(b) * std::sin(a) + std::cos(b) * std::cos(a) * std::cos(d)));
  return {kRadius_m * k * std::cos(a) * std::sin(d),
          kRadius_m * k * (std::cos(b) * std::sin(a) - std::sin(b) * std::cos(a) * std::cos(d))};
}

TEST_F(PlacesTest, ProjectsToEqualAreasAroundTheMeanPlace) {
  const auto network = import("id,lon,lat\na,126,34\nb,130,34\nc,126,38\nd,130,38\n");
  const std::string& crs = network.metadata.planar_crs;
  // tan(latitude of the mean direction) = tan 36 / cos 2
  EXPECT_NE(crs.find("+proj=laea +lat_0=36.016604 "), std::string::npos) << crs;
  EXPECT_NE(crs.find("+lon_0=128.000000"), std::string::npos) << crs;
  const double lat0 = std::stod(crs.substr(crs.find("+lat_0=") + 7));
  const auto& firms = network.firms;
  for (std::size_t i = 0; i < firms.x_m.size(); ++i) {
    const auto [x, y] = spherical_equal_area(firms.longitude[i], firms.latitude[i], 128, lat0);
    EXPECT_NEAR(firms.x_m[i], x, 0.004 * std::abs(x));  // the flattening is 1/298
    EXPECT_NEAR(firms.y_m[i], y, 0.004 * std::abs(y));
  }
  EXPECT_LT(network.metadata.scale_distortion, 0.001);
}

TEST_F(PlacesTest, AgreesWithTheKoreanGridOfOthers) {
  const std::filesystem::path nodes =
      std::filesystem::path(TRADEGRAPH_SHARED_DATA) / "korea_od_sigun" / "nodes.csv";
  if (!std::filesystem::exists(nodes)) GTEST_SKIP() << nodes << " is absent";
  ImportOptions options;
  options.firms = nodes;
  options.columns.firms = {{"id", "SiGun_CD"}};
  options.project = "EPSG:5179";
  options.block_bytes = 500;
  const auto from_degrees = import_csv(comm, options);
  options.columns.firms = {{"id", "SiGun_CD"}, {"x", "x5179"}, {"y", "y5179"}};
  options.input_crs = "EPSG:5179";
  options.project = "auto";
  const auto from_metres = import_csv(comm, options);
  EXPECT_EQ(from_degrees.firms.total, 159);
  EXPECT_EQ(from_metres.metadata.planar_crs, "EPSG:5179");
  for (const auto* network : {&from_degrees, &from_metres}) {
    const auto& firms = network->firms;
    EXPECT_LT(network->metadata.scale_distortion, 0.001);
    for (std::int64_t i = 0; i < firms.count(); ++i) {
      const auto row = static_cast<std::size_t>(i);
      if (firms.id[i] != "11") continue;  // Seoul
      EXPECT_NEAR(firms.x_m[row], 955120.6, 0.2);
      EXPECT_NEAR(firms.y_m[row], 1950407.3, 0.2);
      EXPECT_NEAR(firms.longitude[row], 126.991907, 2e-6);
      EXPECT_NEAR(firms.latitude[row], 37.551916, 2e-6);
    }
  }
  const auto& by_degrees = from_degrees.firms.numbers;
  for (std::size_t i = 0; i < from_degrees.firms.x_m.size(); ++i) {
    EXPECT_NEAR(from_degrees.firms.x_m[i], by_degrees.at("x5179")[i], 0.3);
    EXPECT_NEAR(from_degrees.firms.y_m[i], by_degrees.at("y5179")[i], 0.3);
  }
}

TEST_F(PlacesTest, RefusesDistortedProjections) {
  // The scale at angle c from the centre is 1 / cos(c / 2).
  const auto error = error_of("id,lon,lat\na,0,0\nb,120,0\n");
  EXPECT_EQ(error.substr(0, 55), "bad input: the projection distorts lengths by up to 15.");
  EXPECT_NE(error.find("at most 10 % is allowed"), std::string::npos);
  // Between 1 and 10 %: a warning only.
  EXPECT_NEAR(import("id,lon,lat\na,0,0\nb,50,0\n").metadata.scale_distortion,
              1 / std::cos(12.5 * std::numbers::pi / 180) - 1, 0.003);
}

TEST_F(PlacesTest, ChecksReferenceSystems) {
  EXPECT_EQ(error_of("id,lon,lat\na,1,1\n", "EPSG:4326", "EPSG:4258").substr(0, 30),
            "usage: 'EPSG:4258' is in degre");
  EXPECT_EQ(error_of("id,x,y\na,1,1\n", "EPSG:99999999").substr(0, 36),
            "usage: 'EPSG:99999999' is no coordin");
  EXPECT_NE(error_of("id,lon,lat\na,1,1\n", "EPSG:5179").find("degrees (lon, lat), but"),
            std::string::npos);
  EXPECT_NE(error_of("id,x,y\na,1,1\n", "EPSG:4258").find("metres (x, y), but"), std::string::npos);
  EXPECT_NE(error_of("id,x,y\na,1,1\n", "EPSG:4326", "EPSG:5179").find("name their system"),
            std::string::npos);
  EXPECT_NE(error_of("id,x,y\na,1,1\n", "EPSG:2263").find("not measured in metres"),
            std::string::npos);
}

TEST_F(PlacesTest, OrdersFirmsSoThatNeighboursAreNear) {
  std::mt19937 random(3);
  std::string text = "id,x,y\n";
  for (int i = 0; i < 4096; ++i) {
    text += std::to_string(i) + "," + std::to_string(random() % 100000) + "," +
            std::to_string(random() % 100000) + "\n";
  }
  const auto& firms = import(text).firms;
  const auto xs = comm::all_gather_v(comm, std::span<const double>(firms.x_m)).values;
  const auto ys = comm::all_gather_v(comm, std::span<const double>(firms.y_m)).values;
  auto rows = comm::all_gather_v(comm, std::span<const std::int64_t>(firms.input_row)).values;
  double length = 0;
  for (std::size_t i = 1; i < xs.size(); ++i)
    length += std::hypot(xs[i] - xs[i - 1], ys[i] - ys[i - 1]);
  // A random order has a mean step of 0.52 sides; one along the curve of about 1/64 of a side.
  EXPECT_LT(length / 4095, 0.025 * 100000);
  std::sort(rows.begin(), rows.end());
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_EQ(rows[i], static_cast<std::int64_t>(i));
}

}  // namespace
}  // namespace tradegraph::io
