#include <cmath>

#include "bench/support/bench_main.hpp"
#include "kernels/pagerank.hpp"
#include "kernels/pagerank_products.hpp"

namespace tradegraph::bench {

namespace {

/// Until the L1 change is 10^-digits, with `transposed` in place.
template <auto form, int digits>
void iterate(benchmark::State& state, const matrix::DistributedMatrix& transposed, bool symmetric) {
  const kernels::PageRankConfig config{.tolerance = std::pow(10.0, -digits),
                                       .symmetric = symmetric};
  std::int64_t iterations = 0;
  time_slowest(state, [&] { iterations = form(transposed, config).iterations; });
  state.counters["iterations"] = static_cast<double>(iterations);
  count_work(state, iterations * transposed.entries(),
             iterations * (12 * transposed.entries() + 40 * transposed.rows()));
}

/// Links followed from suppliers to buyers.
template <auto form, int digits>
void directed(benchmark::State& state) {
  iterate<form, digits>(state, transposed(), false);
}

/// Links followed both ways: what peers that know undirected networks only compute.
template <auto form, int digits>
void either_way(benchmark::State& state) {
  iterate<form, digits>(state, undirected(), true);
}

const bool registered = [] {
  using kernels::pagerank;
  using kernels::pagerank_by_products;
  add("pagerank", 3, directed<pagerank, 10>);
  add("pagerank/graphblas", 2, directed<pagerank_by_products, 10>);
  add("pagerank/tolerance:1e-6", 3, directed<pagerank, 6>);
  add("pagerank/undirected", 3, either_way<pagerank, 10>);
  add("pagerank/undirected/graphblas", 2, either_way<pagerank_by_products, 10>);
  add("pagerank/undirected/tolerance:1e-6", 3, either_way<pagerank, 6>);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
