#include "kernels/traversal/length_batch.hpp"

#include <limits>
#include <vector>

#include "kernels/traversal/path_accumulation.hpp"
#include "kernels/traversal/radix_heap.hpp"
#include "kernels/traversal/wide_number.hpp"

namespace tradegraph::kernels {

namespace {

constexpr std::uint64_t kFar = std::numeric_limits<std::uint64_t>::max();

double as_double(double x) { return x; }
double as_double(const WideNumber& x) { return x.value(); }
bool fits(double paths) { return paths <= kLargestDouble; }
bool fits(const WideNumber&) { return true; }

/// Distances stand by themselves: most arcs lead nowhere nearer, and need nothing else.
template <class Count>
class LengthSearch {
 public:
  LengthSearch(const PathGraph& graph, std::span<const std::uint64_t> lengths)
      : graph_(graph),
        lengths_(lengths),
        distance_(static_cast<std::size_t>(graph.arcs.vertices()), kFar),
        paths_(distance_.size()),
        share_(distance_.size()) {}

  /// Adds the paths from `source`; false, adding nothing, if their number does not fit into Count.
  bool run(Vertex source, PathSums& sums) {
    const bool counted = search(source, sums.work);
    if (counted) {
      accumulate(source, sums);
      if (graph_.count_reach) add_reach(source, sums);
    }
    for (const auto v : settled_) distance_[v] = kFar;
    settled_.clear();
    return counted;
  }

 private:
  bool search(Vertex source, PathWork& work) {
    distance_[source] = 0;
    paths_[source] = Count(1.0);
    heap_.push(0, source);
    bool counted = true;
    while (!heap_.empty()) {
      const auto [distance, v] = heap_.take();
      if (distance != distance_[v]) continue;  // reached again, nearer, since then
      settled_.push_back(v);
      counted = counted && fits(paths_[v]);
      relax(v);
      work.arcs_scanned += static_cast<std::int64_t>(graph_.arcs.degree(v));
    }
    return counted;
  }

  void relax(Vertex v) {
    const auto begun = distance_[v];
    const auto paths = paths_[v];
    for (auto k = graph_.arcs.offsets[v]; k < graph_.arcs.offsets[v + 1]; ++k) {
      const auto w = graph_.arcs.neighbours[k];
      const auto distance = begun + lengths_[k];
      if (distance > distance_[w]) continue;
      if (distance == distance_[w]) {
        paths_[w] = paths_[w] + paths;
        continue;
      }
      distance_[w] = distance;
      paths_[w] = paths;
      heap_.push(distance, w);
    }
  }

  void accumulate(Vertex source, PathSums& sums) {
    const double mass = graph_.sources[source];
    const bool labelled = !graph_.labels.empty();
    for (auto it = settled_.rbegin(); it != settled_.rend(); ++it) {
      const auto v = *it;
      const auto begun = distance_[v];
      Count sum{};
      for (auto k = graph_.arcs.offsets[v]; k < graph_.arcs.offsets[v + 1]; ++k) {
        const auto w = graph_.arcs.neighbours[k];
        if (distance_[w] != begun + lengths_[k]) continue;
        sum = sum + share_[w];
        if (graph_.count_links) sums.crossing[k] += mass * as_double(share_[w] * paths_[v]);
      }
      const double dependency = as_double(sum * paths_[v]);
      const bool aimed = !labelled || graph_.labels[v] != graph_.labels[source];
      share_[v] = Count((aimed ? graph_.targets[v] : 0.0) + dependency) / paths_[v];
      if (v != source) sums.dependency[v] += mass * dependency;
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
  std::vector<std::uint64_t> distance_;
  std::vector<Count> paths_;
  std::vector<Count> share_;  ///< (target mass + dependency) / paths
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
