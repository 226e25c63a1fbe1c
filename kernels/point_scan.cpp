#include "kernels/point_scan.hpp"

#include "engine/base/sanitizers.hpp"
#include "kernels/work_count.hpp"

// In the widest instructions that the machine has. Contraction is off for all, so the bits are the
// same.
#if defined(__x86_64__) && defined(__GLIBC__) && !TRADEGRAPH_SANITIZES
#define TRADEGRAPH_FOR_EACH_MACHINE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TRADEGRAPH_FOR_EACH_MACHINE
#endif

namespace tradegraph::kernels {

namespace {

TRADEGRAPH_FOR_EACH_MACHINE
double count_in_runs(const double* x, const double* y, std::span<const PointRun> runs, Place place,
                     double reach_squared) {
  double found = 0;  // of the type of the comparison, so that both are as wide in a register
  for (const auto& run : runs) {
#pragma omp simd reduction(+ : found)
    for (auto p = run.first; p < run.last; ++p) {
      found += squared_distance(x[p], y[p], place.x, place.y) <= reach_squared ? 1.0 : 0.0;
    }
  }
  return found;
}

}  // namespace

std::int64_t count_within(const SpatialGrid& grid, std::span<const PointRun> runs, Place place,
                          double reach_squared) {
  distances_computed += points_of(runs);
  return static_cast<std::int64_t>(count_in_runs(grid.x(), grid.y(), runs, place, reach_squared));
}

void PointsWithin::add(const SpatialGrid& grid, PointRun run, Place place, double reach_squared) {
  const auto room = count_ + static_cast<std::size_t>(run.last - run.first);
  if (found_.size() < room) found_.resize(2 * room);
  distances_computed += run.last - run.first;
  auto* next = found_.data() + count_;
  for (auto p = run.first; p < run.last; ++p) {  // without branches
    const auto [x, y] = grid.place(p);
    const double squared = squared_distance(x, y, place.x, place.y);
    *next = {squared, p};
    next += squared <= reach_squared ? 1 : 0;
  }
  count_ = static_cast<std::size_t>(next - found_.data());
}

}  // namespace tradegraph::kernels
