#include "kernels/traversal/length_batch.hpp"

#include <algorithm>
#include <limits>

#include "kernels/traversal/noted_paths.hpp"
#include "kernels/traversal/radix_heap.hpp"

namespace tradegraph::kernels {

namespace {

/// `Length` is as short as the longest path allows: most of the time goes into reading lengths and
/// distances. These stand by themselves, since most arcs lead nowhere nearer.
template <class Length>
struct SearchBy {
  template <class Count>
  class Search {
   public:
    Search(const PathGraph& graph, std::span<const Length> lengths)
        : noted_(graph),
          lengths_(lengths),
          distance_(static_cast<std::size_t>(graph.arcs.vertices()), kFar),
          first_note_(distance_.size(), 0) {}

    bool run(Vertex source, PathSums& sums) {
      const bool counted = search(source, sums.work);
      // Notes of a vertex before it was found nearer are void.
      const auto* const first = first_note_.data();
      if (counted) {
        noted_.accumulate(sums, [=](std::size_t note, Vertex to) { return note >= first[to]; });
      }
      for (const auto v : noted_.settled()) distance_[v] = kFar;
      return counted;
    }

   private:
    static constexpr Length kFar = std::numeric_limits<Length>::max();

    bool search(Vertex source, PathWork& work) {
      noted_.clear();
      distance_[source] = 0;
      noted_.paths()[source] = Count(1.0);
      heap_.push(0, source);
      bool counted = true;
      std::size_t scanned = 0;
      for (std::size_t place = 0; !heap_.empty();) {
        const auto [distance, v] = heap_.take();
        if (distance != distance_[v]) continue;  // reached again, nearer, since then
        noted_.settle(v);
        counted = counted && fits(noted_.paths()[v]);
        relax(v, place++);
        scanned += noted_.graph().arcs.degree(v);
      }
      work.arcs_scanned += static_cast<std::int64_t>(scanned);
      return counted;
    }

    void relax(Vertex v, std::size_t place) {
      const auto& arcs = noted_.graph().arcs;
      const auto begin = arcs.offsets[v];
      const auto degree = arcs.offsets[v + 1] - begin;
      const auto* const to = arcs.neighbours.data() + begin;
      const auto* const length = lengths_.data() + begin;
      auto* const distance = distance_.data();
      auto* const paths = noted_.paths();
      const auto begun = distance[v];
      const Count reached_by = paths[v];
      auto ends = noted_.ends(degree);
      const auto first_note = noted_.notes();
      const auto* const notes_begin = ends.note;
      auto* note = ends.note;
      for (std::size_t k = 0; k < degree; ++k) {
        const auto w = to[k];
        const Length reached = begun + length[k];
        if (reached > distance[w]) continue;
        if (reached == distance[w]) {
          paths[w] = paths[w] + reached_by;
        } else {
          distance[w] = reached;
          first_note_[w] = first_note + static_cast<std::size_t>(note - notes_begin);
          paths[w] = reached_by;
          heap_.push(reached, w);
        }
        *note++ = w;
      }
      ends.note = note;
      noted_.close(place, ends);
    }

    NotedPaths<Count> noted_;
    std::span<const Length> lengths_;
    std::vector<Length> distance_;
    std::vector<std::size_t> first_note_;  ///< of those that hold, one a vertex
    RadixHeap<Length, Vertex> heap_;
  };
};

}  // namespace

std::unique_ptr<PathBatch> make_length_batch(const PathGraph& graph,
                                             std::span<const std::uint64_t> lengths) {
  return std::make_unique<
      OneByOne<SearchBy<std::uint64_t>::Search, std::span<const std::uint64_t>>>(graph, lengths);
}

std::unique_ptr<PathBatch> make_length_batch(const PathGraph& graph,
                                             std::span<const std::uint32_t> lengths) {
  return std::make_unique<
      OneByOne<SearchBy<std::uint32_t>::Search, std::span<const std::uint32_t>>>(graph, lengths);
}

std::vector<std::uint32_t> short_lengths(std::span<const std::uint64_t> lengths,
                                         std::int64_t vertices) {
  const auto longest = lengths.empty() ? 0 : std::ranges::max(lengths);
  const auto room = std::numeric_limits<std::uint32_t>::max() /
                    static_cast<std::uint64_t>(std::max<std::int64_t>(1, vertices));
  if (longest >= room) return {};
  return {lengths.begin(), lengths.end()};
}

}  // namespace tradegraph::kernels
