#pragma once
/// Coordinate reference systems, through PROJ. Nothing here is collective; each thread has a PROJ
/// context of its own.

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tradegraph::io {

enum class CrsKind {
  geographic,  ///< degrees
  projected    ///< metres
};

/// Kind of the system that `crs` ("EPSG:5179", a PROJ string, WKT) names. Throws
/// `ErrorKind::usage` if PROJ does not know it, or if it is neither geographic nor projected in
/// metres.
[[nodiscard]] CrsKind crs_kind(const std::string& crs);

/// PROJ string of the Lambert azimuthal equal-area projection on WGS 84 with this centre, which is
/// given in degrees and rounded to 1e-6 of one.
[[nodiscard]] std::string equal_area_crs(double longitude, double latitude);

/// Transforms places in place, by all threads; x is longitude or easting, whatever the axis order
/// that the authority gives. NaN stays NaN; a place that has no image becomes infinite. Throws
/// `ErrorKind::usage` if there is no transformation.
void transform_places(const std::string& from, const std::string& to, std::span<double> x,
                      std::span<double> y);

/// Largest |scale - 1| of projected system `crs` over the places (longitude, latitude in degrees):
/// the larger and smaller axis of Tissot's indicatrix. Infinite where the projection breaks down.
[[nodiscard]] double scale_distortion(const std::string& crs,
                                      std::span<const std::pair<double, double>> places);

}  // namespace tradegraph::io
