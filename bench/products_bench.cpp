/// Products of the matrix with one vector and with tall-skinny dense matrices.

#include "bench/support/bench_main.hpp"

namespace tradegraph::bench {

namespace {

using matrix::Add;
using matrix::DistributedVector;

template <class T, Add add>
void pull(benchmark::State& state) {
  const auto& u = undirected();
  const DistributedVector<T> x(grid(), u.column_layout(), T{1});
  time_slowest(
      state, [&] { benchmark::DoNotOptimize(u.mxv(x, matrix::semiring<T>(add)).values().data()); });
  count_work(state, u.entries(), 12 * u.entries());
}

void push(benchmark::State& state) {
  const auto& u = undirected();
  const DistributedVector<double> x(grid(), u.row_layout(), 1.0);
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(u.vxm(x, matrix::semiring<double>(Add::plus)).values().data());
  });
  count_work(state, u.entries(), 12 * u.entries());
}

void pull_wide(benchmark::State& state) {
  const auto& u = undirected();
  const DistributedVector<double> x(grid(), u.column_layout(), 1.0, 8);
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(u.mxv(x, matrix::semiring<double>(Add::plus)).values().data());
  });
  count_work(state, u.entries(), 68 * u.entries());
}

const bool registered = [] {
  add("mxv/plus_second", 10, pull<double, Add::plus>);
  add("mxv/min_second", 10, pull<std::int64_t, Add::min>);
  add("mxv/plus_second/width:8", 5, pull_wide);
  add("vxm/plus_second", 5, push);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
