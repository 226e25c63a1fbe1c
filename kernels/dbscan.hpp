#pragma once
/// Density clusters of firms in space, helped by trade: exact DBSCAN with link stretch.
///
/// Neighbours: N(i) = { j : dx*dx + dy*dy <= (s*eps)^2 }, s = stretch if i and j trade in either
/// direction, else 1; in double, without fused multiply-add; i itself counts. Firm i is core if
/// |N(i)| >= min_firms. Clusters are the connected components of core firms under N. A firm that is
/// not core but has a core in N is border: it joins the core with the least d^2/s^2 (in double;
/// tie: smallest row). The rest is noise. stretch = 1 is classic DBSCAN.
///
/// Method: cells whose points are all neighbours, counting with early exit, union-find over cells;
/// no neighbour list is ever stored. The cells follow de Berg, Gunawan & Roeloffzen 2017
/// (doi:10.4230/LIPIcs.ISAAC.2017.25), the parallel order of work Wang, Gu & Shun 2020
/// (doi:10.1145/3318464.3380582); Gan & Tao 2015 (doi:10.1145/2723372.2737792) show what goes wrong
/// with less. docs/clusters.md gives the cost.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

/// What a firm is to the cluster it belongs to. `absorbed` comes from `identify`, never from here.
enum class Role : std::int8_t { noise, border, core, absorbed };

/// "noise", "border", "core", "absorbed", as in members.csv.
[[nodiscard]] const char* name(Role role);

struct DbscanConfig {
  double eps_m = 1000;
  std::int64_t min_firms = 20;
  double stretch = 2;

  /// Throws `ErrorKind::usage` unless 1e-100 <= eps_m <= 1e100, min_firms >= 1 and 1 <= stretch is
  /// finite.
  void validate() const;
  friend bool operator==(const DbscanConfig&, const DbscanConfig&) = default;
};

/// n places in planar metres, all finite, and the input row of each: rows are distinct and break
/// ties. The order of the points has no influence on the result.
struct PointSet {
  std::span<const double> x_m;
  std::span<const double> y_m;
  std::span<const std::int64_t> row;
};

/// Trading pairs as numbers of points, 0..n-1, in any order; repeats, both directions and a firm
/// with itself are harmless.
struct Pairs {
  std::span<const std::int64_t> first;
  std::span<const std::int64_t> second;
};

/// n entries each. `cluster` is -1 for noise; clusters are numbered 0, 1, ... by their smallest
/// core row.
struct DbscanResult {
  std::vector<std::int64_t> cluster;
  std::vector<Role> role;
};

/// Clusters one set of points, with OpenMP threads; not collective. Memory: about 100 bytes a point
/// and 24 bytes a pair that is closer than stretch*eps. Throws `ErrorKind::usage` for settings that
/// do not validate, 2^31 points or more, or an eps below 2^-45 of the extent of the places;
/// `ErrorKind::bad_input` for a place that is not finite; `ErrorKind::internal` for spans of
/// unequal length or pairs out of range.
[[nodiscard]] DbscanResult dbscan(const PointSet& points, const Pairs& pairs,
                                  const DbscanConfig& config);

}  // namespace tradegraph::kernels
