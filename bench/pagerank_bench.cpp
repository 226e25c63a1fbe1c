#include "bench/support/bench_main.hpp"
#include "kernels/pagerank.hpp"

namespace tradegraph::bench {

namespace {

void pagerank(benchmark::State& state) {
  const auto& u = undirected();
  std::int64_t iterations = 0;
  time_slowest(state, [&] { iterations = kernels::pagerank(u).iterations; });
  state.counters["iterations"] = static_cast<double>(iterations);
}

const bool registered = [] {
  add("pagerank/undirected", 1, pagerank);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
