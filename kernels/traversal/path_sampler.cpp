#include "kernels/traversal/path_sampler.hpp"

namespace tradegraph::kernels {

PathSampler::PathSampler(const WholeGraph& forward, const WholeGraph& backward) {
  const auto n = static_cast<std::size_t>(forward.vertices());
  out_ = {&forward, &backward, std::vector<std::int32_t>(n, -1), std::vector<double>(n, 0), {}};
  in_ = {&backward, &forward, std::vector<std::int32_t>(n, -1), std::vector<double>(n, 0), {}};
}

const std::vector<Vertex>& PathSampler::sample(Vertex source, Vertex target,
                                               const CounterRandom& random, std::uint64_t index) {
  path_.clear();
  if (source == target) return path_;
  start(out_, source);
  start(in_, target);
  crossings_.clear();
  const auto can_expand = [](const Side& side) { return side.frontier < side.reached.size(); };
  while (crossings_.empty() && can_expand(out_) && can_expand(in_)) {
    const bool outward = out_.frontier_arcs <= in_.frontier_arcs;
    if (outward) {
      expand(out_, in_);
    } else {
      expand(in_, out_);
    }
    if (crossings_.empty()) continue;
    const auto& joint = choose(random.uniform(index++));
    walk_back(outward ? out_ : in_, joint.near, random, index);
    walk_back(outward ? in_ : out_, joint.far, random, index);
  }
  reset(out_);
  reset(in_);
  return path_;
}

void PathSampler::start(Side& side, Vertex from) {
  side.level[from] = 0;
  side.paths[from] = 1;
  side.reached.assign(1, from);
  side.frontier = 0;
  side.frontier_arcs = side.onward->degree(from);
}

/// One level further. Vertices that the other search has reached end it: they are in its last
/// level, since an earlier one would have met this side already.
void PathSampler::expand(Side& side, const Side& other) {
  const auto end = side.reached.size();
  side.frontier_arcs = 0;
  for (auto i = side.frontier; i < end; ++i) {
    const auto v = side.reached[i];
    const auto next = side.level[v] + 1;
    for (const auto w : side.onward->of(v)) {
      if (other.level[w] >= 0) {
        crossings_.push_back({v, w, side.paths[v] * other.paths[w]});
        continue;
      }
      if (side.level[w] < 0) {
        side.level[w] = next;
        side.reached.push_back(w);
        side.frontier_arcs += side.onward->degree(w);
      }
      if (side.level[w] == next) side.paths[w] += side.paths[v];
    }
    arcs_scanned_ += static_cast<std::int64_t>(side.onward->degree(v));
  }
  side.frontier = end;
}

const PathSampler::Crossing& PathSampler::choose(double u) const {
  double total = 0;
  for (const auto& crossing : crossings_) total += crossing.paths;
  double left = u * total;
  for (const auto& crossing : crossings_) {
    left -= crossing.paths;
    if (left < 0) return crossing;
  }
  return crossings_.back();
}

/// From a vertex back to where its side began: each predecessor as likely as it has paths.
void PathSampler::walk_back(const Side& side, Vertex from, const CounterRandom& random,
                            std::uint64_t& index) {
  while (side.level[from] > 0) {
    path_.push_back(from);
    double left = random.uniform(index++) * side.paths[from];
    Vertex chosen = from;
    for (const auto v : side.back->of(from)) {
      if (side.level[v] != side.level[from] - 1) continue;
      chosen = v;
      left -= side.paths[v];
      if (left < 0) break;
    }
    arcs_scanned_ += static_cast<std::int64_t>(side.back->degree(from));
    from = chosen;
  }
}

void PathSampler::reset(Side& side) {
  for (const auto v : side.reached) {
    side.level[v] = -1;
    side.paths[v] = 0;
  }
}

}  // namespace tradegraph::kernels
