#pragma once
/// Are a firm's partners partners themselves? Local clustering coefficient and transitivity.
///
/// With k(i) partners and t(i) triangles of firm i (`triangles.hpp`):
///   local          c(i) = 2 t(i) / (k(i) (k(i) - 1)), undefined where k < 2
///   clustering     mean of c over firms with k >= 2 (Watts & Strogatz 1998, doi:10.1038/30918)
///   transitivity   3 triangles / paths of length two = sum of 2 t / sum of k (k - 1)
///                  (Newman, Watts & Strogatz 2002, doi:10.1073/pnas.012582999)
/// Both undefined where no firm has k >= 2. For clusters, k and t are those inside: all clusters at
/// once are the network U_in of the links between firms of the same label.

#include <cstdint>
#include <vector>

#include "kernels/cluster_links.hpp"
#include "kernels/triangles.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

struct Clustering {
  double clustering = kUndefined;
  double transitivity = kUndefined;
  std::int64_t triangles = 0;
};

/// Partners and triangles of each firm, in the row layout.
struct FirmTriangles {
  FirmCounts partners;
  FirmCounts triangles;
  TriangleWork work{};  ///< of counting them
};

/// In the whole network `u`. Cost: `triangles`. Collective.
[[nodiscard]] FirmTriangles firm_triangles(const matrix::DistributedMatrix& u);
/// In the clusters: of links between firms of the same label. Memory: those links once more.
/// Collective.
[[nodiscard]] FirmTriangles firm_triangles_inside(const matrix::DistributedMatrix& u,
                                                  const Labels& labels);

/// c(i) of each firm. Not collective.
[[nodiscard]] matrix::DistributedVector<double> local_clustering(const FirmTriangles& firms);

/// One a cluster, the same on all ranks and bit-identical at every rank count: the c(i) are summed
/// in fixed point, all else are integers. `firms` are figures inside the clusters of `labels` (of
/// the whole network: label 0 for all). Cost: one all-reduce of 4 integers a cluster. Collective;
/// throws `ErrorKind::internal` on all ranks for a label outside 0 .. clusters - 1.
[[nodiscard]] std::vector<Clustering> clustering(const FirmTriangles& firms, const Labels& labels,
                                                 std::int64_t clusters);

}  // namespace tradegraph::kernels
