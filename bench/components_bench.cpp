#include "bench/support/bench_main.hpp"
#include "kernels/block_forest.hpp"
#include "kernels/components.hpp"

namespace tradegraph::bench {

namespace {

template <bool forests>
void components(benchmark::State& state) {
  const auto& a = trade();
  std::int64_t count = 0;
  time_slowest(state, [&] { count = kernels::components(a, {.by_forests = forests}).count(); });
  state.counters["components"] = static_cast<double>(count);
  count_work(state, a.entries(), 8 * a.entries() + 32 * a.rows());
}

/// The union-find of this rank's links alone.
void block_forest(benchmark::State& state) {
  const auto& a = trade();
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(kernels::block_forest<std::uint32_t>(a).parents().data());
  });
  count_work(state, a.entries(), 8 * a.entries());
}

const bool registered = [] {
  add("components", 5, components<true>);
  add("components/graphblas", 2, components<false>);
  add("components/forest", 5, block_forest);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
