#include "kernels/traversal/distance_batch.hpp"

#include <algorithm>

namespace tradegraph::kernels {

DistanceBatch::DistanceBatch(const WholeGraph& arcs, std::span<const Label> labels,
                             std::int64_t clusters)
    : arcs_(arcs),
      labels_(labels),
      visited_(static_cast<std::size_t>(arcs.vertices()), 0),
      next_(visited_),
      touched_(visited_.size() + 1),
      lanes_of_label_(static_cast<std::size_t>(clusters), 0) {}

std::span<const DistanceLevel> DistanceBatch::run(std::span<const Vertex> sources) {
  start(sources);
  while (!frontier_.empty()) {
    form_level(scan());
    if (!frontier_.empty()) count_level();
  }
  reset(sources);
  return levels_;
}

void DistanceBatch::start(std::span<const Vertex> sources) {
  levels_.clear();
  for (std::size_t lane = 0; lane < sources.size(); ++lane) {
    const auto v = sources[lane];
    const auto bit = std::uint64_t{1} << lane;
    visited_[v] = bit;
    frontier_.push_back({v, bit});
    reached_.push_back(v);
    if (!labels_.empty() && labels_[v] != kNoCluster) {
      lanes_of_label_[static_cast<std::size_t>(labels_[v])] |= bit;
    }
  }
}

/// Returns how many vertices are touched for the first time at this level.
std::size_t DistanceBatch::scan() {
  std::size_t touched = 0;
  for (const auto& [v, lanes] : frontier_) {
    const auto links = arcs_.of(v);
    arcs_scanned_ += static_cast<std::int64_t>(links.size());
    for (const auto w : links) {
      const auto fresh = lanes & ~visited_[w];
      touched_[touched] = w;
      touched += fresh != 0 && next_[w] == 0 ? 1 : 0;
      next_[w] |= fresh;
    }
  }
  return touched;
}

/// In ascending order of vertices, so that the next level walks through memory.
void DistanceBatch::form_level(std::size_t touched) {
  frontier_.clear();
  const auto n = visited_.size();
  if (touched > n / 32) {
    for (std::size_t v = 0; v < n; ++v) {
      if (next_[v] != 0) enter(static_cast<Vertex>(v));
    }
    return;
  }
  const auto end = touched_.begin() + static_cast<std::ptrdiff_t>(touched);
  std::sort(touched_.begin(), end);
  std::for_each(touched_.begin(), end, [&](Vertex v) { enter(v); });
}

void DistanceBatch::enter(Vertex v) {
  frontier_.push_back({v, next_[v]});
  if (visited_[v] == 0 && reached_.size() <= visited_.size() / 8) reached_.push_back(v);
  visited_[v] |= next_[v];
  next_[v] = 0;
}

void DistanceBatch::count_level() {
  all_.clear();
  same_.clear();
  for (const auto& [v, lanes] : frontier_) {
    all_.add(lanes);
    if (labels_.empty() || labels_[v] == kNoCluster) continue;
    same_.add(lanes & lanes_of_label_[static_cast<std::size_t>(labels_[v])]);
  }
  auto& level = levels_.emplace_back();
  for (std::size_t lane = 0; lane < kDistanceLanes; ++lane) {
    level.all[lane] = all_.count(lane);
    level.same_label[lane] = same_.count(lane);
  }
}

/// Forgets the batch: firm by firm where it reached few, else in one sweep.
void DistanceBatch::reset(std::span<const Vertex> sources) {
  if (reached_.size() <= visited_.size() / 8) {
    for (const auto v : reached_) visited_[v] = 0;
  } else {
    std::fill(visited_.begin(), visited_.end(), 0);
  }
  reached_.clear();
  if (labels_.empty()) return;
  for (const auto v : sources) {
    if (labels_[v] != kNoCluster) lanes_of_label_[static_cast<std::size_t>(labels_[v])] = 0;
  }
}

}  // namespace tradegraph::kernels
