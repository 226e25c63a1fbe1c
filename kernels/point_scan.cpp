#include "kernels/point_scan.hpp"

#include <array>
#include <bit>

#include "engine/base/sanitizers.hpp"
#include "kernels/work_count.hpp"

// In the widest instructions that the machine has. Contraction is off for all, so the bits are the
// same.
#if defined(__x86_64__) && defined(__GLIBC__) && !TRADEGRAPH_SANITIZES
#include <immintrin.h>
#define TRADEGRAPH_HAS_CLONES 1
#define TRADEGRAPH_FOR_EACH_MACHINE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define TRADEGRAPH_HAS_CLONES 0
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

/// Writes the points of a run that are within reach side by side, and past them what may follow;
/// returns how many there are. Without branches.
using FindInRun = std::size_t (*)(const double* x, const double* y, PointRun run, Place place,
                                  double reach_squared, double* squared_distance,
                                  std::int64_t* position);

std::size_t find_one_by_one(const double* x, const double* y, PointRun run, Place place,
                            double reach_squared, double* squared_distance,
                            std::int64_t* position) {
  std::size_t found = 0;
  for (auto p = run.first; p < run.last; ++p) {
    const double squared = kernels::squared_distance(x[p], y[p], place.x, place.y);
    squared_distance[found] = squared;
    position[found] = p;
    found += squared <= reach_squared ? 1 : 0;
  }
  return found;
}

constexpr std::size_t kLanes = 4;

#if TRADEGRAPH_HAS_CLONES

/// For each subset of four lanes of 64 bits, which halves of them to put first.
constexpr auto kFirstLanes = [] {
  std::array<std::array<std::int32_t, 2 * kLanes>, 1 << kLanes> table = {};
  for (std::size_t subset = 0; subset < table.size(); ++subset) {
    std::size_t next = 0;
    for (std::int32_t lane = 0; lane < static_cast<std::int32_t>(kLanes); ++lane) {
      if ((subset >> lane & 1) == 0) continue;
      table[subset][next++] = 2 * lane;
      table[subset][next++] = 2 * lane + 1;
    }
  }
  return table;
}();

__attribute__((target("avx2"))) std::size_t find_in_lanes(const double* x, const double* y,
                                                          PointRun run, Place place,
                                                          double reach_squared,
                                                          double* squared_distance,
                                                          std::int64_t* position) {
  const auto place_x = _mm256_set1_pd(place.x);
  const auto place_y = _mm256_set1_pd(place.y);
  const auto reach = _mm256_set1_pd(reach_squared);
  auto positions = _mm256_add_epi64(_mm256_set1_epi64x(run.first), _mm256_set_epi64x(3, 2, 1, 0));
  std::size_t found = 0;
  auto p = run.first;
  for (; p + static_cast<std::int64_t>(kLanes) <= run.last; p += kLanes) {
    const auto dx = _mm256_sub_pd(_mm256_loadu_pd(x + p), place_x);
    const auto dy = _mm256_sub_pd(_mm256_loadu_pd(y + p), place_y);
    const auto squared = _mm256_add_pd(_mm256_mul_pd(dx, dx), _mm256_mul_pd(dy, dy));
    const auto subset =
        static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(squared, reach, _CMP_LE_OQ)));
    const auto order =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(kFirstLanes[subset].data()));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(squared_distance + found),
                        _mm256_permutevar8x32_epi32(_mm256_castpd_si256(squared), order));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(position + found),
                        _mm256_permutevar8x32_epi32(positions, order));
    positions = _mm256_add_epi64(positions, _mm256_set1_epi64x(kLanes));
    found += static_cast<std::size_t>(std::popcount(subset));
  }
  return found + find_one_by_one(x, y, {p, run.last}, place, reach_squared,
                                 squared_distance + found, position + found);
}

const FindInRun find_in_run = __builtin_cpu_supports("avx2") ? find_in_lanes : find_one_by_one;

#else

const FindInRun find_in_run = find_one_by_one;

#endif

}  // namespace

std::int64_t count_within(const SpatialGrid& grid, std::span<const PointRun> runs, Place place,
                          double reach_squared) {
  distances_computed += points_of(runs);
  return static_cast<std::int64_t>(count_in_runs(grid.x(), grid.y(), runs, place, reach_squared));
}

void PointsWithin::add(const SpatialGrid& grid, PointRun run, Place place, double reach_squared) {
  const auto points = run.last - run.first;
  const auto room = count_ + static_cast<std::size_t>(points) + kLanes;
  if (position_.size() < room) {
    squared_distance_.resize(2 * room);
    position_.resize(2 * room);
  }
  distances_computed += points;
  count_ += find_in_run(grid.x(), grid.y(), run, place, reach_squared,
                        squared_distance_.data() + count_, position_.data() + count_);
}

}  // namespace tradegraph::kernels
