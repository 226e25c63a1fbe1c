#pragma once
/// k-means of a small table: Lloyd's iterations from many k-means++ starts (Arthur & Vassilvitskii
/// 2007), the best kept.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/squared_distances.hpp"

namespace tradegraph::kernels {

struct KmeansConfig {
  std::int64_t clusters = 4;
  std::int64_t restarts = 100;
  std::int64_t iterations = 300;  ///< at most, a start
  std::uint64_t seed = 1;
};

struct Kmeans {
  std::vector<std::int32_t> cluster;  ///< a row; numbered in the order of their first rows
  std::vector<double> centroids;      ///< clusters x columns; empty if found by distances
  double inertia = 0;                 ///< sum of squared distances to the own centroid
};

/// `values`: rows x columns, row by row, all defined; at least as many rows as clusters. Random
/// numbers are addressed by (seed, start, step), sums run in the order of rows, and of equally good
/// starts the first is kept: the same bits on every rank and at any number of threads. A cluster
/// that loses its last row takes the row farthest from its centroid. Ties go to the lower cluster.
/// O(restarts x iterations x rows x clusters x columns), starts by all threads. Not collective.
/// Throws `ErrorKind::internal` for fewer rows than clusters.
[[nodiscard]] Kmeans kmeans(std::span<const double> values, std::size_t columns,
                            const KmeansConfig& config);

/// The same by distances between rows alone: of row i to the centroid of a cluster C of c rows,
/// sum_{j in C} D[i,j] / c - sum_{j,k in C} D[j,k] / 2c^2. O(restarts x iterations x rows^2)
/// whatever the number of clusters and columns: for tables that are as wide as long.
[[nodiscard]] Kmeans kmeans(const SquaredDistances& distances, const KmeansConfig& config);

/// Mean of (b - a) / max(a, b) over rows (Rousseeuw 1987, doi:10.1016/0377-0427(87)90125-7): a =
/// mean distance to the others of the own cluster, b = least mean distance to those of another; 0
/// for a row alone in its cluster. Undefined with fewer than two clusters. O(rows^2 x columns).
[[nodiscard]] double silhouette(std::span<const double> values, std::size_t columns,
                                std::span<const std::int32_t> cluster);

}  // namespace tradegraph::kernels
