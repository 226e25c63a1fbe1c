#include "io/import/projection.hpp"

#include <omp.h>
#include <proj.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <memory>
#include <mutex>
#include <string_view>

#include "engine/base/error.hpp"
#include "io/parallel.hpp"

namespace tradegraph::io {

namespace {

struct ContextEnd {
  void operator()(PJ_CONTEXT* context) const { proj_context_destroy(context); }
};
struct ObjectEnd {
  void operator()(PJ* object) const { proj_destroy(object); }
};
using Context = std::unique_ptr<PJ_CONTEXT, ContextEnd>;
using Object = std::unique_ptr<PJ, ObjectEnd>;

Context make_context() {
  Context context(proj_context_create());
  require(context != nullptr, ErrorKind::memory, "PROJ cannot be started");
  proj_log_level(context.get(), PJ_LOG_NONE);
  return context;
}

[[noreturn]] void fail(PJ_CONTEXT* context, const std::string& message) {
  const int code = proj_context_errno(context);
  throw Error(ErrorKind::usage,
              code == 0 ? message : message + ": " + proj_context_errno_string(context, code));
}

/// PROJ also looks for systems whose names are like a text, and finds one for "foo": what says
/// which system is meant is a code of an authority ("EPSG:5179", "urn:ogc:def:crs:EPSG::5179"), a
/// PROJ string, WKT or PROJJSON.
bool says_which(const std::string& crs) {
  return crs.starts_with('+') || crs.find_first_of(":[{") != std::string::npos;
}

Object make_crs(PJ_CONTEXT* context, const std::string& crs) {
  require(says_which(crs), ErrorKind::usage,
          "'" + crs +
              "' is no coordinate reference system: write EPSG:4326, EPSG:5179, ..., or a "
              "PROJ string");
  // A PROJ string names a coordinate system only with this mark.
  const bool bare = crs.starts_with("+proj") && crs.find("+type=crs") == std::string::npos;
  Object object(proj_create(context, (bare ? crs + " +type=crs" : crs).c_str()));
  if (!object || proj_is_crs(object.get()) == 0) {
    fail(context, "'" + crs + "' is no coordinate reference system that PROJ knows");
  }
  return object;
}

Object make_transformation(PJ_CONTEXT* context, const std::string& from, const std::string& to) {
  const Object source = make_crs(context, from);
  const Object target = make_crs(context, to);
  const Object plain(
      proj_create_crs_to_crs_from_pj(context, source.get(), target.get(), nullptr, nullptr));
  Object normal(plain ? proj_normalize_for_visualization(context, plain.get()) : nullptr);
  if (!normal) fail(context, "PROJ cannot transform from '" + from + "' to '" + to + "'");
  return normal;
}

/// The projection of `crs` alone, from radians on its own ellipsoid, without its datum; made
/// without the database if `crs` is a PROJ string. Null if it cannot be written as one.
Object make_projection(PJ_CONTEXT* context, const std::string& crs) {
  std::string text = crs;
  if (!crs.starts_with("+proj")) {
    const Object object = make_crs(context, crs);
    const char* const known = proj_as_proj_string(context, object.get(), PJ_PROJ_4, nullptr);
    if (known == nullptr) return nullptr;
    text = known;
  }
  constexpr std::string_view kMark = "+type=crs";
  if (const auto at = text.find(kMark); at != std::string::npos) text.erase(at, kMark.size());
  return Object(proj_create(context, text.c_str()));
}

/// Whether the system that `crs` names differs from WGS 84 by a projection only.
bool projects_wgs84(const std::string& crs) {
  return crs.starts_with("+proj") && crs.find("+datum=WGS84") != std::string::npos &&
         crs.find("+units=m ") != std::string::npos;
}

double metres_a_unit(PJ_CONTEXT* context, const PJ* crs) {
  const Object axes(proj_crs_get_coordinate_system(context, crs));
  double factor = 0;
  if (axes) {
    proj_cs_get_axis_info(context, axes.get(), 0, nullptr, nullptr, nullptr, &factor, nullptr,
                          nullptr, nullptr);
  }
  return factor;
}

double scale_error_at(PJ* crs, double longitude, double latitude) {
  const PJ_COORD place = proj_coord(proj_torad(longitude), proj_torad(latitude), 0, 0);
  const PJ_FACTORS factors = proj_factors(crs, place);
  const bool broken = proj_errno(crs) != 0 || !std::isfinite(factors.tissot_semimajor) ||
                      !std::isfinite(factors.tissot_semiminor);
  proj_errno_reset(crs);
  if (broken) return std::numeric_limits<double>::infinity();
  return std::max(std::abs(factors.tissot_semimajor - 1), std::abs(factors.tissot_semiminor - 1));
}

/// Calls `work(begin, end)` for one piece of [0, count) a thread: what a thread sets up is costly.
template <class Work>
void one_piece_a_thread(std::size_t count, Work&& work) {
  const auto total = static_cast<std::int64_t>(count);
  const std::int64_t threads = omp_get_max_threads();
  parallel_pieces(total, work, std::max<std::int64_t>(1024, (total + threads - 1) / threads));
}

}  // namespace

CrsKind crs_kind(const std::string& crs) {
  const Context context = make_context();
  Object object = make_crs(context.get(), crs);
  if (proj_get_type(object.get()) == PJ_TYPE_BOUND_CRS) {
    object.reset(proj_get_source_crs(context.get(), object.get()));
  }
  const PJ_TYPE type = proj_get_type(object.get());
  if (type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS) {
    return CrsKind::geographic;
  }
  require(type == PJ_TYPE_PROJECTED_CRS, ErrorKind::usage,
          "'" + crs + "' is neither a geographic nor a projected reference system");
  require(metres_a_unit(context.get(), object.get()) == 1, ErrorKind::usage,
          "'" + crs + "' is not measured in metres");
  return CrsKind::projected;
}

std::string equal_area_crs(double longitude, double latitude) {
  char text[160];
  std::snprintf(text, sizeof text,
                "+proj=laea +lat_0=%.6f +lon_0=%.6f +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs "
                "+type=crs",
                latitude + 0.0, longitude + 0.0);
  return text;
}

void transform_places(const std::string& from, const std::string& to, std::span<double> x,
                      std::span<double> y) {
  // The database is asked once: a transformation takes some 0.1 s to find, and is cheap to copy.
  const Context setup = make_context();
  const bool plain = from == "EPSG:4326" && projects_wgs84(to);
  const Object found =
      plain ? make_projection(setup.get(), to) : make_transformation(setup.get(), from, to);
  if (!found) fail(setup.get(), "PROJ cannot project to '" + to + "'");
  const double unit = plain ? proj_torad(1) : 1;
  std::mutex copying;
  one_piece_a_thread(x.size(), [&](std::int64_t begin, std::int64_t end) {
    const Context context = make_context();
    Object how;
    {
      const std::lock_guard lock(copying);
      how.reset(proj_clone(context.get(), found.get()));
    }
    require(how != nullptr, ErrorKind::memory, "PROJ cannot copy a transformation");
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i) {
      if (std::isnan(x[i])) continue;
      const PJ_COORD image =
          proj_trans(how.get(), PJ_FWD, proj_coord(x[i] * unit, y[i] * unit, 0, HUGE_VAL));
      x[i] = image.xy.x;
      y[i] = image.xy.y;
    }
  });
}

double scale_distortion(const std::string& crs, std::span<const std::pair<double, double>> places) {
  double largest = 0;
  const Context context = make_context();
  const Object object = make_projection(context.get(), crs);
  if (!object) fail(context.get(), "PROJ cannot tell the scale of '" + crs + "'");
  for (const auto& [longitude, latitude] : places) {
    largest = std::max(largest, scale_error_at(object.get(), longitude, latitude));
  }
  return largest;
}

}  // namespace tradegraph::io
