#include "kernels/forest_cut.hpp"

#include <numeric>
#include <utility>

#include "engine/base/error.hpp"

namespace tradegraph::kernels {

ForestCut::ForestCut(const DensityForest& forest)
    : forest_(&forest), cluster_(forest.points().row.size(), -1) {}

void ForestCut::rise_to(Level level) {
  const int first = next_;
  require(level + 1 >= first, ErrorKind::internal, "a cut of a forest cannot go down");
  into_.resize(static_cast<std::size_t>(clusters_));
  std::iota(into_.begin(), into_.end(), 0);
  for (; next_ <= level; ++next_) {
    arrive(static_cast<Level>(next_));
    merge(static_cast<Level>(next_));
  }
  renumber();
  // Cores among these points are in the cluster of the core that they joined as border.
  for (int at = first; at < next_; ++at) {
    for (const auto& [point, to] : forest_->borders(static_cast<Level>(at))) {
      cluster_[point] = cluster_[to];
    }
  }
}

/// Cluster that this one has become. Halves the path it walks.
std::int32_t ForestCut::find(std::int32_t cluster) {
  const auto into = [&](std::int32_t k) -> auto& { return into_[static_cast<std::size_t>(k)]; };
  while (into(cluster) != cluster) cluster = into(cluster) = into(into(cluster));
  return cluster;
}

void ForestCut::arrive(Level level) {
  for (const auto& [point, to] : forest_->arrivals(level)) {
    if (point != to) {
      cluster_[point] = cluster_[to];
      continue;
    }
    cluster_[point] = static_cast<std::int32_t>(into_.size());
    into_.push_back(cluster_[point]);
  }
}

void ForestCut::merge(Level level) {
  for (const auto& [point, to] : forest_->mergers(level)) {
    auto a = find(cluster_[point]);
    auto b = find(cluster_[to]);
    if (a < b) std::swap(a, b);
    into_[static_cast<std::size_t>(a)] = b;
  }
}

void ForestCut::renumber() {
  std::vector<std::int32_t> number(into_.size());
  std::int32_t count = 0;
  bool is_same = true;
  for (std::int32_t k = 0; k < static_cast<std::int32_t>(into_.size()); ++k) {
    // Clusters merge into smaller ones, whose numbers are known.
    const auto at = static_cast<std::size_t>(k);
    number[at] = into_[at] == k ? count++ : number[static_cast<std::size_t>(into_[at])];
    is_same &= number[at] == k;
  }
  clusters_ = count;
  if (is_same) return;
  for (auto& cluster : cluster_) {
    if (cluster >= 0) cluster = number[static_cast<std::size_t>(cluster)];
  }
}

}  // namespace tradegraph::kernels
