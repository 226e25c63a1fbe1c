#include "bench/support/bench_main.hpp"
#include "kernels/betweenness.hpp"

namespace tradegraph::bench {

namespace {

/// 256 sources, in batches of several sizes.
template <std::int64_t batch_size>
void betweenness(benchmark::State& state) {
  const auto& u = undirected();
  kernels::BetweennessConfig config{.directed = false, .batch_size = batch_size};
  for (std::int64_t i = 0; i < std::min<std::int64_t>(u.rows(), 256); ++i) {
    config.sources.push_back(i);
  }
  SilentProgress silent;
  time_slowest(state, [&] {
    const auto result = kernels::betweenness(u, config, silent);
    state.counters["sources"] = static_cast<double>(result.sources);
    state.counters["levels"] = static_cast<double>(result.levels);
  });
}

const bool registered = [] {
  add("betweenness/batch:8", 1, betweenness<8>);
  add("betweenness/batch:32", 1, betweenness<32>);
  add("betweenness/batch:64", 1, betweenness<64>);
  add("betweenness/batch:128", 1, betweenness<128>);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
