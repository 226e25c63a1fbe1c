#include "bench/support/bench_main.hpp"
#include "kernels/cluster_links.hpp"
#include "kernels/cluster_products.hpp"

namespace tradegraph::bench {

namespace {

/// Two passes over A and two over U.
std::int64_t visits() { return 2 * (trade().entries() + undirected().entries()); }

kernels::ClusterLinks by_rows(const matrix::DistributedMatrix& a,
                              const matrix::DistributedMatrix& u, const kernels::Labels& of,
                              std::int64_t clusters) {
  return kernels::cluster_links(a, u, of, clusters);
}

template <auto links>
void of_labels(benchmark::State& state) {
  const auto& a = trade();
  const auto& u = undirected();
  const auto& of = labels();
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(links(a, u, of, kClusters).partners.values().data());
  });
  count_work(state, visits(), 8 * visits());
}

/// One cluster of all firms.
void of_network(benchmark::State& state) {
  const auto& a = trade();
  const auto& u = undirected();
  const kernels::Labels all(grid(), a.row_layout(), 0);
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(kernels::cluster_links(a, u, all, 1).partners.values().data());
  });
  count_work(state, visits(), 8 * visits());
}

void amounts_of_labels(benchmark::State& state) {
  const auto& amount = amounts();
  const auto& of = labels();
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(kernels::firm_amounts(amount, of).total.values().data());
  });
  count_work(state, amount.entries(), 24 * amount.entries());
}

const bool registered = [] {
  add("cluster_links/labels", 5, of_labels<by_rows>);
  add("cluster_links/labels/graphblas", 2, of_labels<kernels::cluster_links_by_products>);
  add("cluster_links/network", 5, of_network);
  add("cluster_links/amounts", 5, amounts_of_labels);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
