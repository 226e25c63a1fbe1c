#pragma once
/// The distance of every firm to its k-th nearest: sorted and plotted, its bend suggests an eps.

#include <cstdint>
#include <vector>

#include "kernels/dbscan.hpp"

namespace tradegraph::kernels {

/// Distance in metres from each point to its k-th nearest *other* point (a point at the same place
/// counts, the point itself does not); NaN where there are fewer than k others. With k =
/// min_firms - 1 and no stretch, a firm is core at exactly those eps that are not below it, up to
/// the rounding of the square root. k >= 1, else `ErrorKind::usage`. Not collective; OpenMP
/// threads; O(n log n + n k) work for places that are not adversarial. Ester et al. 1996 (KDD-96).
[[nodiscard]] std::vector<double> k_distance(const PointSet& points, std::int64_t k);

}  // namespace tradegraph::kernels
