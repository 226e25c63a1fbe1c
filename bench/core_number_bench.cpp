#include "kernels/core_number.hpp"

#include "bench/support/bench_main.hpp"

namespace tradegraph::bench {

namespace {

void core_number(benchmark::State& state) {
  const auto& u = undirected();
  time_slowest(state, [&] { benchmark::DoNotOptimize(kernels::core_number(u).values().data()); });
  // Each link is visited once from either end, when that end falls.
  count_work(state, u.entries(), 4 * u.entries() + 16 * u.rows());
}

const bool registered = [] {
  add("core_number", 5, core_number);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
