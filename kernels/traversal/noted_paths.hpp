#pragma once
/// Shortest paths from one source at a time: what a search settles and notes, and Brandes's
/// accumulation (2001, doi:10.1080/0022250X.2001.9990249) from these notes, which scans nothing.
/// The searches are those of single_batch.cpp (by links) and length_batch.cpp (by length).

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "kernels/traversal/aligned_rows.hpp"
#include "kernels/traversal/path_accumulation.hpp"
#include "kernels/traversal/path_batch.hpp"
#include "kernels/traversal/wide_number.hpp"

namespace tradegraph::kernels {

inline double as_double(double x) { return x; }
inline double as_double(const WideNumber& x) { return x.value(); }
inline bool fits(double paths) { return paths <= kLargestDouble; }
inline bool fits(const WideNumber&) { return true; }

/// `Count`: of paths, double or WideNumber.
template <class Count>
class NotedPaths {
 public:
  explicit NotedPaths(const PathGraph& graph)
      : graph_(graph),
        settled_(vertices()),
        notes_end_(vertices()),
        paths_(vertices()),
        share_(vertices()) {}

  [[nodiscard]] const PathGraph& graph() const { return graph_; }
  [[nodiscard]] std::span<const Vertex> settled() const {
    return {settled_.data(), settled_count_};
  }
  [[nodiscard]] std::size_t notes() const { return note_count_; }

  // For the search, which settles vertices by their distance and notes all arcs over which a
  // shortest path may go on, at once after their vertex was settled.

  void clear() { settled_count_ = note_count_ = 0; }
  [[nodiscard]] Count* paths() { return paths_.data(); }
  void settle(Vertex v) { settled_[settled_count_++] = v; }

  /// Where the next notes and settled vertices go. Each search has pointers of its own to it in
  /// its innermost loop, where they stay in registers.
  struct Ends {
    Vertex* note;
    Vertex* settled;
  };
  /// With room for so many more notes.
  [[nodiscard]] Ends ends(std::size_t more) {
    if (note_count_ + more > notes_.size()) notes_.grow(note_count_ + more + notes_.size() / 2);
    return {notes_.data() + note_count_, settled_.data() + settled_count_};
  }
  /// The notes of the vertex that was settled at `place` end here.
  void close(std::size_t place, const Ends& ends) {
    notes_end_[place] = note_count_ = static_cast<std::size_t>(ends.note - notes_.data());
    settled_count_ = static_cast<std::size_t>(ends.settled - settled_.data());
  }

  /// Adds what the paths from the source contribute, the first that was settled. `holds(note, to)`:
  /// whether a shortest path does go over a noted arc.
  template <class Holds>
  void accumulate(PathSums& sums, Holds&& holds) {
    const auto source = settled_[0];
    const double mass = graph_.sources[source];
    const bool labelled = !graph_.labels.empty();
    for (auto i = settled_count_; i-- > 0;) {
      const auto v = settled_[i];
      const auto begin = i == 0 ? 0 : notes_end_[i - 1];
      Count sum{};
      for (auto k = begin; k < notes_end_[i]; ++k) {
        if (holds(k, notes_[k])) sum = sum + share_[notes_[k]];
      }
      const bool aimed = !labelled || graph_.labels[v] != graph_.labels[source];
      const double dependency = as_double(sum * paths_[v]);
      share_[v] = sum + Count(aimed ? graph_.targets[v] : 0.0) / paths_[v];
      if (i > 0) sums.dependency[v] += mass * dependency;
      if (graph_.count_links) add_links(v, begin, notes_end_[i], mass, sums, holds);
    }
    if (graph_.count_reach) add_reach(sums);
  }

 private:
  [[nodiscard]] std::size_t vertices() const {
    return static_cast<std::size_t>(graph_.arcs.vertices());
  }

  /// Notes stand in the order of the arcs.
  template <class Holds>
  void add_links(Vertex v, std::size_t begin, std::size_t end, double mass, PathSums& sums,
                 Holds&& holds) {
    auto arc = graph_.arcs.offsets[v];
    for (auto k = begin; k < end; ++k, ++arc) {
      while (graph_.arcs.neighbours[arc] != notes_[k]) ++arc;
      if (holds(k, notes_[k])) {
        sums.crossing[arc] += mass * as_double(share_[notes_[k]] * paths_[v]);
      }
    }
  }

  void add_reach(PathSums& sums) {
    const auto source = settled_[0];
    for (const auto v : settled().subspan(1)) {
      sums.beyond_targets[source] += graph_.targets[v];
      sums.beyond_sources[v] += graph_.sources[source];
    }
  }

  const PathGraph graph_;
  std::vector<Vertex> settled_;
  std::size_t settled_count_ = 0;
  std::vector<std::size_t> notes_end_;  ///< one a settled vertex
  AlignedRows<Vertex> notes_;
  std::size_t note_count_ = 0;
  std::vector<Count> paths_;
  std::vector<Count> share_;  ///< (target mass + dependency) / paths
};

/// Searches of batches one source at a time: `Search<Count>` has run(source, sums), which is false,
/// having added nothing, where the number of paths does not fit into Count.
template <template <class> class Search, class... Lengths>
class OneByOne final : public PathBatch {
 public:
  explicit OneByOne(const PathGraph& graph, Lengths... lengths)
      : make_wide_([=] { return std::make_unique<Search<WideNumber>>(graph, lengths...); }),
        search_(graph, lengths...) {}

  void run(std::span<const Vertex> batch, PathSums& sums) override {
    sums.work.sources += static_cast<std::int64_t>(batch.size());
    for (const auto source : batch) {
      if (search_.run(source, sums)) continue;
      ++sums.work.recounted;
      if (!wide_) wide_ = make_wide_();
      wide_->run(source, sums);
    }
  }

 private:
  std::function<std::unique_ptr<Search<WideNumber>>()> make_wide_;
  Search<double> search_;
  std::unique_ptr<Search<WideNumber>> wide_;
};

}  // namespace tradegraph::kernels
