#pragma once
/// Benchmarks under MPI: every rank runs the same fixed number of iterations, and the slowest
/// rank's time counts.
///
///     mpirun -n 2 bench_kernels --benchmark_filter=pagerank
///
/// TRADEGRAPH_BENCH_EDGES = an edge list `source,target` with numbers as ids, else a network is
/// generated; TRADEGRAPH_BENCH_FIRMS (default 100000) firms with 4.5 links each.
/// TRADEGRAPH_BENCH_THREADS threads a rank, else the cores of the host divided by its ranks.
/// TRADEGRAPH_BENCH_GRID = "S,R,C", else the nearest square.

#include <benchmark/benchmark.h>

#include "bench/support/bench_network.hpp"
#include "engine/base/clock.hpp"
#include "engine/matrix/distributed_matrix.hpp"
#include "kernels/cluster_links.hpp"

namespace tradegraph::bench {

/// The process grid of this run; lives as long as `main` runs.
[[nodiscard]] const comm::ProcessGrid& grid();
/// The directed trade matrix of this run (pattern), built at first use. Collective.
[[nodiscard]] const matrix::DistributedMatrix& trade();
/// A' of this run, built at first use. Collective.
[[nodiscard]] const matrix::DistributedMatrix& transposed();
/// U of this run, built at first use. Collective.
[[nodiscard]] const matrix::DistributedMatrix& undirected();
/// Amounts of the links (type real), built at first use. Collective.
[[nodiscard]] const matrix::DistributedMatrix& amounts();

/// Labels of the firms: `kClusters` strips of the numbers.
[[nodiscard]] const matrix::DistributedVector<Label>& labels();
/// What cluster indicators are computed from, with amounts. Collective.
[[nodiscard]] const kernels::ClusterLinks& cluster_links();

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

/// Work counted beside time: entries visited (`edges`, and `edges/s`) and memory that a rank reads
/// and writes in the main (`bytes`).
inline void count_work(benchmark::State& state, std::int64_t edges, std::int64_t bytes) {
  const auto passes = static_cast<double>(state.iterations());
  state.counters["edges"] = static_cast<double>(edges);
  state.counters["edges/s"] =
      benchmark::Counter(static_cast<double>(edges) * passes, benchmark::Counter::kIsRate);
  state.counters["bytes"] = static_cast<double>(bytes);
}

/// Registers a benchmark with a fixed number of iterations, so that ranks stay in step.
inline void add(const char* name, int iterations, void (*function)(benchmark::State&)) {
  benchmark::RegisterBenchmark(name, function)
      ->UseManualTime()
      ->Iterations(iterations)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace tradegraph::bench
