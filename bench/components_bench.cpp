#include "bench/support/bench_main.hpp"
#include "kernels/block_forest.hpp"
#include "kernels/components.hpp"

namespace tradegraph::bench {

namespace {

template <bool contract>
void components(benchmark::State& state) {
  const auto& a = trade();
  std::int64_t count = 0;
  time_slowest(state,
               [&] { count = kernels::components(a, {.contract_blocks = contract}).count(); });
  state.counters["components"] = static_cast<double>(count);
}

void block_forest(benchmark::State& state) {
  const auto& a = trade();
  time_slowest(state,
               [&] { benchmark::DoNotOptimize(kernels::block_forest(a).root_of_row.data()); });
}

const bool registered = [] {
  add("components/contracted", 5, components<true>);
  add("components/products", 2, components<false>);
  add("components/block_forest", 5, block_forest);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
