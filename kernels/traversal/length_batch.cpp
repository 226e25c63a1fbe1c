#include "kernels/traversal/length_batch.hpp"

#include <limits>
#include <vector>

#include "kernels/traversal/path_accumulation.hpp"
#include "kernels/traversal/radix_heap.hpp"
#include "kernels/traversal/wide_number.hpp"

namespace tradegraph::kernels {

namespace {

constexpr std::uint64_t kFar = std::numeric_limits<std::uint64_t>::max();

/// What a search knows of a vertex, together in one cache line.
template <class Count>
struct Reached {
  std::uint64_t distance = kFar;
  Count paths{};
  Count share{};  ///< (target mass + dependency) / paths
};

double as_double(double x) { return x; }
double as_double(const WideNumber& x) { return x.value(); }
bool fits(double paths) { return paths <= kLargestDouble; }
bool fits(const WideNumber&) { return true; }

template <class Count>
class LengthSearch {
 public:
  LengthSearch(const PathGraph& graph, std::span<const std::uint64_t> lengths)
      : graph_(graph),
        lengths_(lengths),
        reached_(static_cast<std::size_t>(graph.arcs.vertices())) {}

  /// Adds the paths from `source`; false, adding nothing, if their number does not fit into Count.
  bool run(Vertex source, PathSums& sums) {
    const bool counted = search(source, sums.work);
    if (counted) {
      accumulate(source, sums);
      if (graph_.count_reach) add_reach(source, sums);
    }
    for (const auto v : settled_) reached_[v] = {};
    settled_.clear();
    return counted;
  }

 private:
  bool search(Vertex source, PathWork& work) {
    reached_[source] = {0, Count(1.0), Count{}};
    heap_.push(0, source);
    bool counted = true;
    while (!heap_.empty()) {
      const auto [distance, v] = heap_.take();
      if (distance != reached_[v].distance) continue;  // reached again, nearer, since then
      settled_.push_back(v);
      counted = counted && fits(reached_[v].paths);
      relax(v);
      work.arcs_scanned += static_cast<std::int64_t>(graph_.arcs.degree(v));
    }
    return counted;
  }

  void relax(Vertex v) {
    const auto from = reached_[v];
    for (auto k = graph_.arcs.offsets[v]; k < graph_.arcs.offsets[v + 1]; ++k) {
      const auto w = graph_.arcs.neighbours[k];
      auto& to = reached_[w];
      const auto distance = from.distance + lengths_[k];
      if (distance < to.distance) {
        to.distance = distance;
        to.paths = from.paths;
        heap_.push(distance, w);
      } else if (distance == to.distance) {
        to.paths = to.paths + from.paths;
      }
    }
  }

  void accumulate(Vertex source, PathSums& sums) {
    const double mass = graph_.sources[source];
    const bool labelled = !graph_.labels.empty();
    for (auto it = settled_.rbegin(); it != settled_.rend(); ++it) {
      auto& here = reached_[*it];
      Count sum{};
      for (auto k = graph_.arcs.offsets[*it]; k < graph_.arcs.offsets[*it + 1]; ++k) {
        const auto& to = reached_[graph_.arcs.neighbours[k]];
        if (to.distance != here.distance + lengths_[k]) continue;
        sum = sum + to.share;
        if (graph_.count_links) sums.crossing[k] += mass * as_double(to.share * here.paths);
      }
      const double dependency = as_double(sum * here.paths);
      const bool aimed = !labelled || graph_.labels[*it] != graph_.labels[source];
      here.share = Count((aimed ? graph_.targets[*it] : 0.0) + dependency) / here.paths;
      if (*it != source) sums.dependency[*it] += mass * dependency;
    }
  }

  void add_reach(Vertex source, PathSums& sums) {
    for (const auto v : settled_) {
      if (v == source) continue;
      sums.beyond_targets[source] += graph_.targets[v];
      sums.beyond_sources[v] += graph_.sources[source];
    }
  }

  const PathGraph graph_;
  std::span<const std::uint64_t> lengths_;
  std::vector<Reached<Count>> reached_;
  std::vector<Vertex> settled_;
  RadixHeap<Vertex> heap_;
};

class LengthBatch final : public PathBatch {
 public:
  LengthBatch(const PathGraph& graph, std::span<const std::uint64_t> lengths)
      : graph_(graph), lengths_(lengths), search_(graph, lengths) {}

  void run(std::span<const Vertex> batch, PathSums& sums) override {
    sums.work.sources += static_cast<std::int64_t>(batch.size());
    for (const auto source : batch) {
      if (search_.run(source, sums)) continue;
      ++sums.work.recounted;
      if (!wide_) wide_ = std::make_unique<LengthSearch<WideNumber>>(graph_, lengths_);
      wide_->run(source, sums);
    }
  }

 private:
  const PathGraph graph_;
  std::span<const std::uint64_t> lengths_;
  LengthSearch<double> search_;
  std::unique_ptr<LengthSearch<WideNumber>> wide_;
};

}  // namespace

std::unique_ptr<PathBatch> make_length_batch(const PathGraph& graph,
                                             std::span<const std::uint64_t> lengths) {
  return std::make_unique<LengthBatch>(graph, lengths);
}

}  // namespace tradegraph::kernels
