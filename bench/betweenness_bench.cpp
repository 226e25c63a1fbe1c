#include "bench/support/bench_main.hpp"
#include "kernels/betweenness.hpp"

namespace tradegraph::bench {

namespace {

/// A run of sources spread over the network: the batches, and the products as their reference.
template <kernels::BetweennessMethod method, std::int64_t sources>
void betweenness(benchmark::State& state) {
  const auto& u = undirected();
  kernels::BetweennessConfig config{.directed = false, .method = method};
  const auto step = std::max<std::int64_t>(1, u.rows() / sources);
  for (std::int64_t i = 0; i < u.rows(); i += step) config.sources.push_back(i);
  SilentProgress silent;
  time_slowest(state, [&] {
    const auto result = kernels::betweenness(u, config, silent);
    state.counters["sources"] = static_cast<double>(result.work.sources);
    state.counters["arcs_scanned"] = static_cast<double>(result.work.arcs_scanned);
    state.counters["row_operations"] = static_cast<double>(result.work.row_operations);
  });
}

const bool registered = [] {
  using kernels::BetweennessMethod;
  add("betweenness", 1, betweenness<BetweennessMethod::batches, 2048>);
  add("betweenness/graphblas", 1, betweenness<BetweennessMethod::products, 128>);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
