#include "kernels/traversal/distance_search.hpp"

#include <omp.h>

#include <algorithm>
#include <memory>

#include "engine/comm/collectives.hpp"
#include "kernels/traversal/batch_schedule.hpp"

namespace tradegraph::kernels {

OrderedGraph in_breadth_first_order(const WholeGraph& graph) {
  OrderedGraph result;
  result.firm = breadth_first_order(graph, graph.busiest());
  result.arcs = relabelled(graph, result.firm);
  return result;
}

std::int64_t search_distances(const comm::Communicator& world, const DistanceSearch& search,
                              std::int64_t first, ProgressSink& progress, Checkpoint* checkpoint) {
  const int threads = omp_get_max_threads();
  std::vector<std::unique_ptr<DistanceBatch>> batches(static_cast<std::size_t>(threads));
  const auto total = search.sources.size();
  const BatchPlan plan{
      static_cast<std::int64_t>((total + kDistanceLanes - 1) / kDistanceLanes), threads,
      [&](std::int64_t number, int thread) {
        auto& batch = batches[static_cast<std::size_t>(thread)];
        if (!batch) {
          batch = std::make_unique<DistanceBatch>(search.arcs, search.labels, search.clusters);
        }
        const auto begin = static_cast<std::size_t>(number) * kDistanceLanes;
        const auto lanes = search.sources.subspan(begin, std::min(kDistanceLanes, total - begin));
        search.visit(lanes, batch->run(lanes), thread);
      },
      search.gather_sums};
  run_batches(world, plan, first, progress, checkpoint);
  std::int64_t scanned = 0;
  for (const auto& batch : batches) scanned += batch ? batch->arcs_scanned() : 0;
  return comm::all_reduce(world, scanned, comm::ReduceOp::sum);
}

}  // namespace tradegraph::kernels
