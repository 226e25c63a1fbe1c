#include "kernels/core_number.hpp"

#include "bench/support/bench_main.hpp"

namespace tradegraph::bench {

namespace {

void core_number(benchmark::State& state) {
  const auto& u = undirected();
  time_slowest(state, [&] { benchmark::DoNotOptimize(kernels::core_number(u).values().data()); });
}

const bool registered = [] {
  add("core_number", 5, core_number);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
