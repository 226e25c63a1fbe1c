#include "kernels/typology.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/kmeans.hpp"
#include "kernels/pca.hpp"
#include "kernels/z_scores.hpp"

namespace tradegraph::kernels {

namespace {

constexpr std::array<std::array<double, 2>, kTypes> kIdeals{{{1, -1}, {1, 1}, {-1, 1}, {-1, -1}}};

std::vector<std::size_t> complete_rows(std::span<const SixScores> scores) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (std::ranges::none_of(scores[i], [](double x) { return std::isnan(x); })) rows.push_back(i);
  }
  return rows;
}

/// Component of three of the six columns; its standardised scores of the complete rows.
std::vector<double> force(std::span<const SixScores> scores, const std::vector<std::size_t>& rows,
                          std::size_t first_column, Force& force) {
  std::vector<double> values;
  for (const auto row : rows) {
    for (std::size_t c = 0; c < 3; ++c) values.push_back(scores[row][first_column + c]);
  }
  const auto component = first_component(values, 3);
  std::ranges::copy(component.loadings, force.loadings.begin());
  force.explained = component.explained;
  return z_scores(component.scores).z;
}

double squared(const std::array<double, 2>& a, const std::array<double, 2>& b) {
  return (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
}

using Order = std::array<std::size_t, kTypes>;

/// Type of each of four centroids: the best of all 24 assignments, the first in lexical order.
Order name_centroids(const std::array<std::array<double, 2>, kTypes>& centroids) {
  Order order{0, 1, 2, 3};
  Order best = order;
  double least = std::numeric_limits<double>::infinity();
  do {
    double cost = 0;
    for (std::size_t k = 0; k < kTypes; ++k) cost += squared(centroids[k], kIdeals[order[k]]);
    if (cost < least) {
      least = cost;
      best = order;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

void give_types(const std::vector<std::size_t>& rows, const Kmeans& found, Typology& result) {
  std::array<std::array<double, 2>, kTypes> centroids{};
  for (std::size_t k = 0; k < kTypes; ++k) {
    centroids[k] = {found.centroids[2 * k], found.centroids[2 * k + 1]};
  }
  const auto type = name_centroids(centroids);
  for (std::size_t k = 0; k < kTypes; ++k) result.centroids[type[k]] = centroids[k];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& cluster = result.clusters[rows[i]];
    const auto own = type[static_cast<std::size_t>(found.cluster[i])];
    cluster.type = static_cast<std::int32_t>(own);
    ++result.sizes[own];
    for (std::size_t t = 0; t < kTypes; ++t) {
      cluster.distance[t] =
          std::sqrt(squared({cluster.centripetal, cluster.centrifugal}, result.centroids[t]));
    }
  }
  result.exists = true;
}

}  // namespace

Typology typology(std::span<const SixScores> scores, const TypologyConfig& config) {
  Typology result;
  result.clusters.resize(scores.size());
  const auto rows = complete_rows(scores);
  result.complete = static_cast<std::int64_t>(rows.size());
  if (result.complete < std::max<std::int64_t>(config.least_clusters, kTypes)) return result;
  const auto inwards = force(scores, rows, 0, result.centripetal);
  const auto outwards = force(scores, rows, 3, result.centrifugal);
  if (std::isnan(inwards[0]) || std::isnan(outwards[0])) return result;
  std::vector<double> plane;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    result.clusters[rows[i]].centripetal = inwards[i];
    result.clusters[rows[i]].centrifugal = outwards[i];
    plane.insert(plane.end(), {inwards[i], outwards[i]});
  }
  const auto found =
      kmeans(plane, 2, {.clusters = kTypes, .restarts = config.restarts, .seed = config.seed});
  result.silhouette = silhouette(plane, 2, found.cluster);
  give_types(rows, found, result);
  return result;
}

}  // namespace tradegraph::kernels
