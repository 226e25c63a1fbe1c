#include "kernels/k_distance.hpp"

#include <cmath>
#include <limits>
#include <nanoflann.hpp>

#include "engine/base/error.hpp"
#include "kernels/thread_limit.hpp"

namespace tradegraph::kernels {

namespace {

/// What nanoflann asks of a set of points.
struct Cloud {
  const PointSet& points;

  [[nodiscard]] std::size_t kdtree_get_point_count() const { return points.row.size(); }
  [[nodiscard]] double kdtree_get_pt(std::size_t i, std::size_t axis) const {
    return axis == 0 ? points.x_m[i] : points.y_m[i];
  }
  template <class Bounds>
  bool kdtree_get_bbox(Bounds&) const {
    return false;
  }
};

using Tree = nanoflann::KDTreeSingleIndexAdaptor<nanoflann::L2_Simple_Adaptor<double, Cloud>, Cloud,
                                                 2, std::size_t>;

}  // namespace

std::vector<double> k_distance(const PointSet& points, std::int64_t k) {
  require(k >= 1, ErrorKind::usage, "k must be at least 1, not " + std::to_string(k));
  const auto n = points.row.size();
  std::vector<double> distance(n, std::numeric_limits<double>::quiet_NaN());
  const auto others = static_cast<std::size_t>(k);
  if (n <= others) return distance;
  const ThreadLimit thread_limit(n);
  const Cloud cloud{points};
  const Tree tree(2, cloud, nanoflann::KDTreeSingleIndexAdaptorParams(16));
  // The point itself is among the k + 1 nearest, or k + 1 others lie at the same place.
#pragma omp parallel
  {
    std::vector<std::size_t> index(others + 1);
    std::vector<double> squared(others + 1);
#pragma omp for schedule(dynamic, 256)
    for (std::size_t i = 0; i < n; ++i) {
      const double place[2] = {points.x_m[i], points.y_m[i]};
      tree.knnSearch(place, others + 1, index.data(), squared.data());
      distance[i] = std::sqrt(squared[others]);
    }
  }
  return distance;
}

}  // namespace tradegraph::kernels
