#include "kernels/traversal/path_batch.hpp"

#include "kernels/traversal/avx2_lanes.hpp"
#include "kernels/traversal/avx512_lanes.hpp"
#include "kernels/traversal/path_accumulation.hpp"
#include "kernels/traversal/plain_lanes.hpp"

namespace tradegraph::kernels {

static_assert(kLanes == kRow);

void PathWork::add(const PathWork& other) {
  sources += other.sources;
  arcs_scanned += other.arcs_scanned;
  row_operations += other.row_operations;
  recounted += other.recounted;
}

Instructions best_instructions() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return Instructions::avx512;
  }
  if (__builtin_cpu_supports("avx2")) return Instructions::avx2;
#endif
  return Instructions::baseline;
}

std::unique_ptr<LaneBatch> make_path_batch(const PathGraph& graph, Instructions instructions) {
#ifdef __x86_64__
  if (instructions == Instructions::avx512) {
    return std::make_unique<PathBatchOf<Avx512Lanes>>(graph);
  }
  if (instructions == Instructions::avx2) return std::make_unique<PathBatchOf<Avx2Lanes>>(graph);
#endif
  return std::make_unique<PathBatchOf<PlainLanes>>(graph);
}

}  // namespace tradegraph::kernels
