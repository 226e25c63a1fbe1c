#include "kernels/degree.hpp"

#include "bench/support/bench_main.hpp"

namespace tradegraph::bench {

namespace {

template <kernels::DegreeMode mode>
void degree(benchmark::State& state) {
  const auto& a = trade();
  time_slowest(state, [&] { benchmark::DoNotOptimize(kernels::degree(a, mode).values().data()); });
  // Out-degrees come from the rows' pointers alone.
  const auto columns = mode == kernels::DegreeMode::out ? 0 : a.entries();
  count_work(state, columns, 4 * columns + 16 * a.rows());
}

const bool registered = [] {
  add("degree/out", 5, degree<kernels::DegreeMode::out>);
  add("degree/in", 5, degree<kernels::DegreeMode::in>);
  add("degree/all", 5, degree<kernels::DegreeMode::all>);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
