#pragma once
/// Clusters on a map: GeoJSON (RFC 7946) for QGIS and web maps.

#include <string>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/table.hpp"

namespace tradegraph::io {

struct LonLat {
  double longitude;  ///< degrees, WGS 84
  double latitude;
};

/// Writes one feature a row of `attributes`, with the convex hull in `hulls` (corners in order
/// around it, first not repeated, either direction). Three corners and more make a Polygon, closed
/// and counter-clockwise (the right-hand rule); two a LineString, one a Point, none no geometry.
/// Empty cells, text included, become null. The arguments of rank 0 count.
/// Collective. Errors, on all ranks: `io`, `internal` (lengths that differ, infinite values).
void write_geojson(const comm::Communicator& comm, const std::string& path,
                   const std::vector<std::vector<LonLat>>& hulls, const Table& attributes);

}  // namespace tradegraph::io
