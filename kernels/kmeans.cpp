#include "kernels/kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

namespace {

using Clusters = std::vector<std::int32_t>;
using Sizes = std::vector<std::int64_t>;

/// First row at which the running sum of `weights` passes `target`.
std::size_t draw(const std::vector<double>& weights, double target) {
  double sum = 0;
  std::size_t last = 0;
  for (std::size_t row = 0; row < weights.size(); ++row) {
    sum += weights[row];
    if (weights[row] > 0) last = row;
    if (sum > target) return row;
  }
  return last;
}

/// Rows and centroids as numbers.
class Coordinates {
 public:
  Coordinates(std::span<const double> values, std::size_t columns, std::size_t clusters)
      : values_(values), columns_(columns), centroids_(clusters * columns, 0) {}

  [[nodiscard]] std::size_t rows() const { return values_.size() / columns_; }
  [[nodiscard]] double between(std::size_t a, std::size_t b) const {
    return squared_distance(row(a), row(b));
  }
  [[nodiscard]] double to_centroid(std::size_t i, std::size_t k) const {
    return squared_distance(row(i), std::span(centroids_).subspan(k * columns_, columns_));
  }
  void place(std::size_t k, std::size_t i) { std::ranges::copy(row(i), centroid(k).begin()); }
  void move(const Clusters& cluster, const Sizes& size) {
    std::ranges::fill(centroids_, 0);
    for (std::size_t i = 0; i < rows(); ++i) {
      const auto mine = centroid(static_cast<std::size_t>(cluster[i]));
      for (std::size_t c = 0; c < columns_; ++c) mine[c] += row(i)[c];
    }
    for (std::size_t k = 0; k < size.size(); ++k) {
      for (auto& value : centroid(k)) value /= static_cast<double>(size[k]);
    }
  }
  [[nodiscard]] std::vector<double> centroids() && { return std::move(centroids_); }

 private:
  [[nodiscard]] std::span<const double> row(std::size_t i) const {
    return values_.subspan(i * columns_, columns_);
  }
  [[nodiscard]] std::span<double> centroid(std::size_t k) {
    return std::span(centroids_).subspan(k * columns_, columns_);
  }

  std::span<const double> values_;
  std::size_t columns_;
  std::vector<double> centroids_;
};

/// Rows known by their distances; of centroids, the distances to every row.
class Pairwise {
 public:
  Pairwise(const SquaredDistances& distances, std::size_t clusters)
      : distances_(distances), from_(distances.rows * clusters, 0) {}

  [[nodiscard]] std::size_t rows() const { return distances_.rows; }
  [[nodiscard]] double between(std::size_t a, std::size_t b) const { return distances_[a][b]; }
  [[nodiscard]] double to_centroid(std::size_t i, std::size_t k) const {
    return from_[k * rows() + i];
  }
  void place(std::size_t k, std::size_t row) {
    std::ranges::copy(distances_[row], centroid(k).begin());
  }
  void move(const Clusters& cluster, const Sizes& size) {
    std::ranges::fill(from_, 0);
    for (std::size_t j = 0; j < rows(); ++j) {
      add(distances_[j], centroid(static_cast<std::size_t>(cluster[j])));
    }
    std::vector<double> within(size.size(), 0);
    for (std::size_t i = 0; i < rows(); ++i) {
      const auto own = static_cast<std::size_t>(cluster[i]);
      within[own] += to_centroid(i, own);
    }
    for (std::size_t k = 0; k < size.size(); ++k) {
      const auto count = static_cast<double>(size[k]);
      const double spread = within[k] / (2 * count * count);
      for (auto& squared : centroid(k)) squared = std::max(0.0, squared / count - spread);
    }
  }
  [[nodiscard]] std::vector<double> centroids() && { return {}; }

 private:
  static void add(std::span<const double> values, std::span<double> sums) {
#pragma omp simd
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += values[i];
  }
  [[nodiscard]] std::span<double> centroid(std::size_t k) {
    return std::span(from_).subspan(k * rows(), rows());
  }

  const SquaredDistances& distances_;
  std::vector<double> from_;  ///< clusters x rows
};

template <class Space>
class Lloyd {
 public:
  Lloyd(Space space, std::size_t clusters, const CounterRandom& random)
      : space_(std::move(space)),
        cluster_(space_.rows(), -1),
        distance_(space_.rows(), 0),
        size_(clusters, 0) {
    place_seeds(random);
  }

  void run(std::int64_t iterations) {
    for (std::int64_t i = 0; i < iterations && assign(); ++i) space_.move(cluster_, size_);
    assign();
  }
  [[nodiscard]] Kmeans result() && {
    double inertia = 0;
    for (const double distance : distance_) inertia += distance;
    return {std::move(cluster_), std::move(space_).centroids(), inertia};
  }

 private:
  /// k-means++: each next centre is a row drawn by its squared distance to the nearest so far.
  void place_seeds(const CounterRandom& random) {
    std::vector<double> weights(space_.rows(), 1);
    for (std::size_t k = 0; k < size_.size(); ++k) {
      double total = 0;
      for (const double weight : weights) total += weight;
      const auto row = draw(weights, random.uniform(k) * total);
      space_.place(k, row);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        const double distance = space_.between(i, row);
        weights[i] = k == 0 ? distance : std::min(weights[i], distance);
      }
    }
  }

  /// Each row to its nearest centroid; whether any changed.
  bool assign() {
    const auto before = cluster_;
    std::ranges::fill(cluster_, 0);
    std::ranges::fill(distance_, std::numeric_limits<double>::infinity());
    for (std::size_t k = 0; k < size_.size(); ++k) {
      for (std::size_t i = 0; i < cluster_.size(); ++i) {
        const double distance = space_.to_centroid(i, k);
        const bool nearer = distance < distance_[i];
        distance_[i] = nearer ? distance : distance_[i];
        cluster_[i] = nearer ? static_cast<std::int32_t>(k) : cluster_[i];
      }
    }
    std::ranges::fill(size_, 0);
    for (const auto k : cluster_) ++size_[static_cast<std::size_t>(k)];
    return fill_empty() || cluster_ != before;
  }

  /// An empty cluster takes the row that lies farthest from its centroid.
  bool fill_empty() {
    bool changed = false;
    for (std::size_t k = 0; k < size_.size(); ++k) {
      if (size_[k] > 0) continue;
      std::size_t farthest = cluster_.size();
      for (std::size_t i = 0; i < cluster_.size(); ++i) {
        if (size_[static_cast<std::size_t>(cluster_[i])] < 2) continue;
        if (farthest == cluster_.size() || distance_[i] > distance_[farthest]) farthest = i;
      }
      --size_[static_cast<std::size_t>(cluster_[farthest])];
      cluster_[farthest] = static_cast<std::int32_t>(k);
      size_[k] = 1;
      distance_[farthest] = 0;
      space_.place(k, farthest);
      changed = true;
    }
    return changed;
  }

  Space space_;
  Clusters cluster_;
  std::vector<double> distance_;
  Sizes size_;
};

/// Clusters in the order of their first rows.
Kmeans canonical(const Kmeans& found, std::size_t clusters) {
  const auto columns = found.centroids.size() / clusters;
  std::vector<std::int32_t> number(clusters, -1);
  Kmeans result{{}, std::vector<double>(found.centroids.size()), found.inertia};
  std::int32_t next = 0;
  for (const auto k : found.cluster) {
    auto& own = number[static_cast<std::size_t>(k)];
    if (own < 0) {
      own = next++;
      std::copy_n(found.centroids.begin() + k * static_cast<std::ptrdiff_t>(columns), columns,
                  result.centroids.begin() + own * static_cast<std::ptrdiff_t>(columns));
    }
    result.cluster.push_back(own);
  }
  return result;
}

template <class Space>
Kmeans best_of_starts(const Space& space, const KmeansConfig& config) {
  const auto clusters = static_cast<std::size_t>(config.clusters);
  require(space.rows() >= clusters, ErrorKind::internal, "fewer rows than clusters");
  std::vector<Kmeans> found(static_cast<std::size_t>(config.restarts));
#pragma omp parallel for schedule(dynamic)
  for (std::size_t start = 0; start < found.size(); ++start) {
    Lloyd<Space> lloyd(space, clusters, CounterRandom(config.seed, start));
    lloyd.run(config.iterations);
    found[start] = std::move(lloyd).result();
  }
  return canonical(*std::ranges::min_element(found, {}, &Kmeans::inertia), clusters);
}

void check(const KmeansConfig& config) {
  require(config.clusters > 0 && config.restarts > 0, ErrorKind::internal,
          "k-means without clusters or starts");
}

}  // namespace

Kmeans kmeans(std::span<const double> values, std::size_t columns, const KmeansConfig& config) {
  check(config);
  require(columns > 0 && values.size() % columns == 0, ErrorKind::internal, "not a table");
  return best_of_starts(Coordinates(values, columns, static_cast<std::size_t>(config.clusters)),
                        config);
}

Kmeans kmeans(const SquaredDistances& distances, const KmeansConfig& config) {
  check(config);
  return best_of_starts(Pairwise(distances, static_cast<std::size_t>(config.clusters)), config);
}

double silhouette(std::span<const double> values, std::size_t columns,
                  std::span<const std::int32_t> cluster) {
  const auto distances = squared_distances(values, columns);
  std::vector<std::int64_t> size;
  for (const auto k : cluster) {
    if (static_cast<std::size_t>(k) >= size.size()) size.resize(static_cast<std::size_t>(k) + 1, 0);
    ++size[static_cast<std::size_t>(k)];
  }
  if (size.size() < 2) return kUndefined;
  std::vector<double> value(distances.rows, 0);
#pragma omp parallel for
  for (std::size_t i = 0; i < distances.rows; ++i) {
    const auto own = static_cast<std::size_t>(cluster[i]);
    if (size[own] < 2) continue;
    std::vector<double> sum(size.size(), 0);
    for (std::size_t j = 0; j < distances.rows; ++j) {
      sum[static_cast<std::size_t>(cluster[j])] += std::sqrt(distances[i][j]);
    }
    const double inside = sum[own] / static_cast<double>(size[own] - 1);
    double outside = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < size.size(); ++k) {
      if (k != own) outside = std::min(outside, sum[k] / static_cast<double>(size[k]));
    }
    const double larger = std::max(inside, outside);
    value[i] = larger > 0 ? (outside - inside) / larger : 0;
  }
  double sum = 0;
  for (const double x : value) sum += x;
  return sum / static_cast<double>(distances.rows);
}

}  // namespace tradegraph::kernels
