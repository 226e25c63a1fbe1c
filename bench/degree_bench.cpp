#include "bench/support/bench_main.hpp"
#include "kernels/degree.hpp"

namespace tradegraph::bench {

namespace {

template <kernels::DegreeMode mode>
void degree(benchmark::State& state) {
  const auto& a = trade();
  time_slowest(state, [&] { benchmark::DoNotOptimize(kernels::degree(a, mode).values().data()); });
}

const bool registered = [] {
  add("degree/out", 5, degree<kernels::DegreeMode::out>);
  add("degree/in", 5, degree<kernels::DegreeMode::in>);
  add("degree/all", 5, degree<kernels::DegreeMode::all>);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
