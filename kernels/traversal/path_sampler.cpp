#include "kernels/traversal/path_sampler.hpp"

namespace tradegraph::kernels {

PathSampler::PathSampler(const WholeGraph& forward, const WholeGraph& backward)
    : out_{0, &forward, &backward},
      in_{1, &backward, &forward},
      at_(static_cast<std::size_t>(forward.vertices())) {}

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
      expand(out_);
    } else {
      expand(in_);
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
  at_[from] = {1, side.number};
  side.reached.assign(1, from);
  side.frontier = 0;
  side.frontier_arcs = side.onward->degree(from);
}

/// One level further. Vertices that the other search has reached end it: they are in its last
/// level, since an earlier one would have met this side already.
void PathSampler::expand(Side& side) {
  const auto end = side.reached.size();
  auto* const at = at_.data();
  side.frontier_arcs = 0;
  for (auto i = side.frontier; i < end; ++i) {
    const auto v = side.reached[i];
    const auto paths = at[v].paths;
    const auto next = at[v].place + 2;
    const auto to = side.onward->of(v);
    for (const auto w : to) {
      auto& there = at[w];
      if (there.place == kNowhere) {
        there = {paths, next};
        side.reached.push_back(w);
        side.frontier_arcs += side.onward->degree(w);
      } else if (there.place == next) {
        there.paths += paths;
      } else if (((there.place ^ next) & 1) != 0) {
        crossings_.push_back({v, w, paths * there.paths});
      }
    }
    arcs_scanned_ += static_cast<std::int64_t>(to.size());
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
  while (at_[from].place != side.number) {
    path_.push_back(from);
    const auto before = at_[from].place - 2;
    double left = random.uniform(index++) * at_[from].paths;
    Vertex chosen = from;
    for (const auto v : side.back->of(from)) {
      if (at_[v].place != before) continue;
      chosen = v;
      left -= at_[v].paths;
      if (left < 0) break;
    }
    arcs_scanned_ += static_cast<std::int64_t>(side.back->degree(from));
    from = chosen;
  }
}

void PathSampler::reset(const Side& side) {
  for (const auto v : side.reached) at_[v] = {};
}

}  // namespace tradegraph::kernels
