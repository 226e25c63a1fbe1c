#pragma once
/// Benchmarks under MPI: every rank runs the same fixed number of iterations, and the slowest
/// rank's time counts.
///
///     mpirun -n 2 bench_kernels --benchmark_filter=pagerank
///
/// TRADEGRAPH_BENCH_EDGES = an edge list `source,target` with numbers as ids, else a network is
/// generated; TRADEGRAPH_BENCH_FIRMS (default 100000) firms with 4.5 links each.
/// TRADEGRAPH_BENCH_GRID = "S,R,C", else the nearest square.

#include <benchmark/benchmark.h>

#include "engine/base/clock.hpp"
#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::bench {

/// The process grid of this run; lives as long as `main` runs.
[[nodiscard]] const comm::ProcessGrid& grid();
/// The directed trade matrix of this run (pattern), built at first use. Collective.
[[nodiscard]] const matrix::DistributedMatrix& trade();
/// U of this run, built at first use. Collective.
[[nodiscard]] const matrix::DistributedMatrix& undirected();

/// Runs `work` for each iteration and takes the slowest rank's time.
template <class Work>
void time_slowest(benchmark::State& state, Work&& work) {
  for ([[maybe_unused]] const auto& iteration : state) {
    grid().world().barrier();
    const Stopwatch clock;
    work();
    state.SetIterationTime(comm::all_reduce(grid().world(), clock.seconds(), comm::ReduceOp::max));
  }
}

/// Registers a benchmark with a fixed number of iterations, so that ranks stay in step.
inline void add(const char* name, int iterations, void (*function)(benchmark::State&)) {
  benchmark::RegisterBenchmark(name, function)
      ->UseManualTime()
      ->Iterations(iterations)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace tradegraph::bench
