#include "kernels/traversal/search_plan.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "kernels/traversal/single_batch.hpp"
#include "kernels/traversal/source_order.hpp"
#include "kernels/union_find.hpp"

namespace tradegraph::kernels {

namespace {

/// In components of up to so many vertices a search by itself is as fast as a lane.
constexpr Vertex kFewVertices = 40;
/// Searches of so few vertices take about as long as one of a network worth dealing out.
constexpr std::size_t kSmallSearches = 1024;
/// Batches of searches by length, and of those one by one.
constexpr std::size_t kLengthSearches = 4;
constexpr std::size_t kSingleSearches = 16;
/// A row operation, with its share of the accumulation, takes as long as scanning so many arcs.
constexpr std::int64_t kArcsOfRow = 6;
constexpr std::size_t kMostProbes = 4;
constexpr std::size_t kBatchesPerProbe = 16;

/// Vertices of each vertex's component, links taken both ways.
std::vector<Vertex> component_sizes(const WholeGraph& graph) {
  const auto n = static_cast<Vertex>(graph.vertices());
  BasicUnionFind<Vertex> components(n);
#pragma omp parallel for schedule(dynamic, 1024)
  for (Vertex v = 0; v < n; ++v) {
    for (const auto w : graph.of(v)) components.join(v, w);
  }
  components.compress();
  const auto root = components.parents();
  std::vector<Vertex> size(n, 0);
  for (Vertex v = 0; v < n; ++v) ++size[root[v]];
  std::vector<Vertex> result(n);
  for (Vertex v = 0; v < n; ++v) result[v] = size[root[v]];
  return result;
}

void add_batches(SearchPlan& plan, std::size_t begin, std::size_t end, std::size_t size,
                 bool in_lanes) {
  for (; begin < end; begin += size) {
    plan.batches.push_back({begin, std::min(end, begin + size), in_lanes});
  }
}

/// Whether a batch of lanes needs less time than searches one by one.
bool lanes_pay(LaneBatch& lanes, PathBatch& single, PathSums& sums,
               std::span<const Vertex> sources) {
  const auto before = sums.work.arcs_scanned;
  single.run(sources.first(1), sums);
  const auto arcs = (sums.work.arcs_scanned - before) * std::ssize(sources);
  return lanes.searches_within(sources, arcs / kArcsOfRow);
}

/// Asks batches spread over all of them.
bool lanes_pay(const PathGraph& graph, std::span<const Vertex> sources) {
  const auto probes = std::min(kMostProbes, sources.size() / (kLanes * kBatchesPerProbe));
  if (probes == 0) return true;
  const auto lanes = make_path_batch(graph);
  const auto single = make_single_batch(graph);
  PathSums ignored(graph.arcs.vertices(), graph.count_links ? graph.arcs.arcs() : 0);
  std::size_t paying = 0;
  for (std::size_t i = 0; i < probes; ++i) {
    const auto begin = (2 * i + 1) * (sources.size() - kLanes) / (2 * probes);
    paying += lanes_pay(*lanes, *single, ignored, sources.subspan(begin, kLanes)) ? 1 : 0;
  }
  return 2 * paying >= probes;
}

}  // namespace

SearchPlan plan_searches(const PathGraph& graph, const std::vector<Vertex>& sources) {
  SearchPlan plan{sources, {}};
  const auto size = component_sizes(graph.arcs);
  const auto last =
      std::ranges::stable_partition(plan.sources, [&](Vertex v) { return size[v] > kFewVertices; });
  const auto small = plan.sources.size() - last.size();
  const auto ordered = batch_order(graph.arcs, std::span(plan.sources).first(small));
  const bool in_lanes = lanes_pay(graph, ordered);
  if (in_lanes) std::ranges::copy(ordered, plan.sources.begin());
  add_batches(plan, 0, small, in_lanes ? kLanes : kSingleSearches, in_lanes);
  add_batches(plan, small, plan.sources.size(), kSmallSearches, false);
  return plan;
}

SearchPlan plan_length_searches(std::vector<Vertex> sources) {
  SearchPlan plan{std::move(sources), {}};
  add_batches(plan, 0, plan.sources.size(), kLengthSearches, false);
  return plan;
}

}  // namespace tradegraph::kernels
