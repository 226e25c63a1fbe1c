#include "kernels/strong_components.hpp"

#include "bench/support/bench_main.hpp"

namespace tradegraph::bench {

namespace {

template <int serial_threads>
void strong_components(benchmark::State& state) {
  const auto& a = trade();
  std::int64_t count = 0;
  time_slowest(state, [&] {
    count = kernels::strong_components(a, {.serial_threads = serial_threads}).count();
  });
  state.counters["components"] = static_cast<double>(count);
  count_work(state, a.entries(), 4 * a.entries() + 16 * a.rows());  // of one visit to each link
}

const bool registered = [] {
  add("strong_components", 5, strong_components<2>);
  add("strong_components/multistep", 5, strong_components<0>);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
