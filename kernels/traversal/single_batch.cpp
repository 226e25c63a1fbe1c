#include "kernels/traversal/single_batch.hpp"

#include <limits>
#include <vector>

#include "kernels/traversal/noted_paths.hpp"

namespace tradegraph::kernels {

namespace {

constexpr std::uint32_t kFar = std::numeric_limits<std::uint32_t>::max();

template <class Count>
class LinkSearch {
 public:
  explicit LinkSearch(const PathGraph& graph)
      : noted_(graph), distance_(static_cast<std::size_t>(graph.arcs.vertices()), kFar) {}

  bool run(Vertex source, PathSums& sums) {
    const bool counted = search(source, sums.work);
    if (counted) noted_.accumulate(sums, [](std::size_t, Vertex) { return true; });
    for (const auto v : noted_.settled()) distance_[v] = kFar;
    return counted;
  }

 private:
  bool search(Vertex source, PathWork& work) {
    const auto& arcs = noted_.graph().arcs;
    noted_.clear();
    noted_.settle(source);
    distance_[source] = 0;
    noted_.paths()[source] = Count(1.0);
    bool counted = true;
    std::size_t scanned = 0;
    for (std::size_t i = 0; i < noted_.settled().size(); ++i) {
      const auto v = noted_.settled()[i];
      const auto to = arcs.of(v);
      counted = counted && fits(noted_.paths()[v]);
      auto ends = noted_.ends(to.size());
      reach(to, distance_[v] + 1, noted_.paths()[v], ends);
      noted_.close(i, ends);
      scanned += to.size();
    }
    work.arcs_scanned += static_cast<std::int64_t>(scanned);
    return counted;
  }

  using Ends = typename NotedPaths<Count>::Ends;

  void reach(std::span<const Vertex> to, std::uint32_t next, const Count reached_by, Ends& at) {
    auto* const distance = distance_.data();
    auto* const paths = noted_.paths();
    auto [note, settled] = at;
    for (const auto w : to) {
      if (distance[w] < next) continue;
      *note++ = w;
      if (distance[w] == next) {
        paths[w] = paths[w] + reached_by;
      } else {
        distance[w] = next;
        paths[w] = reached_by;
        *settled++ = w;
      }
    }
    at = {note, settled};
  }

  NotedPaths<Count> noted_;
  std::vector<std::uint32_t> distance_;
};

}  // namespace

std::unique_ptr<PathBatch> make_single_batch(const PathGraph& graph) {
  return std::make_unique<OneByOne<LinkSearch>>(graph);
}

}  // namespace tradegraph::kernels
