#include "kernels/clustering.hpp"

#include "kernels/degree.hpp"

namespace tradegraph::kernels {

FirmTriangles firm_triangles(const matrix::DistributedMatrix& u) {
  auto found = triangles(u);
  return {degree(u, DegreeMode::out), std::move(found.of_firm), found.work};
}

FirmTriangles firm_triangles_inside(const matrix::DistributedMatrix& u, const Labels& labels) {
  return firm_triangles(u.select_same_label(labels));
}

namespace {

/// Ordered pairs of partners.
std::int64_t pairs(const FirmTriangles& firms, std::int64_t i) {
  return firms.partners[i] * (firms.partners[i] - 1);
}

double local(const FirmTriangles& firms, std::int64_t i) {
  return ratio(static_cast<double>(2 * firms.triangles[i]), static_cast<double>(pairs(firms, i)));
}

struct Sums {
  Int128 firms;  ///< with k >= 2
  Int128 local;  ///< in units
  Int128 corners;
  Int128 pairs;
};

/// Shares of up to 1 of any number of firms: the same grid for every network.
FixedPointScale share_scale() { return FixedPointScale::for_range(1, std::int64_t{1} << 48); }

Clustering figures(const Sums& sums) {
  Clustering result;
  result.clustering = ratio(share_scale().value(sums.local), static_cast<double>(sums.firms));
  result.transitivity =
      ratio(static_cast<double>(2 * sums.corners), static_cast<double>(sums.pairs));
  result.triangles = static_cast<std::int64_t>(sums.corners / 3);
  return result;
}

}  // namespace

matrix::DistributedVector<double> local_clustering(const FirmTriangles& firms) {
  matrix::DistributedVector<double> result(firms.partners.grid(), firms.partners.layout());
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < result.count(); ++i) result[i] = local(firms, i);
  return result;
}

std::vector<Clustering> clustering(const FirmTriangles& firms, const Labels& labels,
                                   std::int64_t clusters) {
  require(labels.layout() == firms.partners.layout(), ErrorKind::internal,
          "labels and figures of firms in different layouts");
  const auto scale = share_scale();
  const auto sums = cluster_sums<Sums>(labels, clusters, [&](std::int64_t i, Sums& into) {
    if (firms.partners[i] < 2) return;
    into.firms += 1;
    into.local += scale.units(local(firms, i));
    into.corners += firms.triangles[i];
    into.pairs += pairs(firms, i);
  });
  std::vector<Clustering> result;
  result.reserve(sums.size());
  for (const auto& one : sums) result.push_back(figures(one));
  return result;
}

}  // namespace tradegraph::kernels
