#include "io/geojson.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/comm/agreement.hpp"
#include "io/cell_text.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::io {

namespace {

using Json = nlohmann::ordered_json;

Json position(const LonLat& corner) { return Json::array({corner.longitude, corner.latitude}); }

/// Twice the area in square degrees, positive if the corners run counter-clockwise. Seen from the
/// first corner: products of whole coordinates would cancel to noise for a ring of a few metres far
/// from (0, 0).
double signed_area(const std::vector<LonLat>& ring) {
  const auto from_first = [&](const LonLat& corner) {
    return LonLat{corner.longitude - ring.front().longitude,
                  corner.latitude - ring.front().latitude};
  };
  double area = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    const auto a = from_first(ring[i]);
    const auto b = from_first(ring[i + 1]);
    area += a.longitude * b.latitude - b.longitude * a.latitude;
  }
  return area;
}

Json geometry(std::vector<LonLat> hull) {
  if (hull.empty()) return nullptr;
  if (hull.size() == 1) return {{"type", "Point"}, {"coordinates", position(hull[0])}};
  auto corners = Json::array();
  if (hull.size() > 2) {  // RFC 7946: a ring is closed, an outer one counter-clockwise
    if (signed_area(hull) < 0) std::ranges::reverse(hull);
    hull.push_back(hull.front());
  }
  for (const auto& corner : hull) corners.push_back(position(corner));
  if (hull.size() == 2) return {{"type", "LineString"}, {"coordinates", corners}};
  return {{"type", "Polygon"}, {"coordinates", Json::array({corners})}};
}

template <class Cell>
Json value(const Cell& cell) {
  if (is_empty(cell)) return nullptr;
  if constexpr (std::is_same_v<Cell, double>) {
    require(std::isfinite(cell), ErrorKind::internal, "a result is infinite");
  }
  return cell;
}

Json feature(const std::vector<LonLat>& hull, const Table& attributes, std::size_t row) {
  Json properties = Json::object();
  for (const auto& column : attributes.columns) {
    std::visit([&](const auto& cells) { properties[column.name] = value(cells.at(row)); },
               column.cells);
  }
  return {{"type", "Feature"}, {"geometry", geometry(hull)}, {"properties", properties}};
}

std::string document(const std::vector<std::vector<LonLat>>& hulls, const Table& attributes) {
  require(std::ssize(hulls) == attributes.rows(), ErrorKind::internal,
          "hulls and attributes differ in number");
  auto features = Json::array();
  for (std::size_t i = 0; i < hulls.size(); ++i) {
    features.push_back(feature(hulls[i], attributes, i));
  }
  return Json{{"type", "FeatureCollection"}, {"features", features}}.dump(1) + "\n";
}

}  // namespace

void write_geojson(const comm::Communicator& comm, const std::string& path,
                   const std::vector<std::vector<LonLat>>& hulls, const Table& attributes) {
  comm::collectively(comm, [&] {
    if (comm.is_root()) write_text_file(path, document(hulls, attributes));
  });
}

}  // namespace tradegraph::io
