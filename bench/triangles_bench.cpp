#include "bench/support/bench_main.hpp"
#include "kernels/clustering.hpp"

namespace tradegraph::bench {

namespace {

/// From U in place to counts of all firms. Edges are the entries scanned for a third firm; the
/// GraphBLAS form does not say.
template <bool by_lists>
void triangles(benchmark::State& state) {
  const auto& u = undirected();
  kernels::Triangles result{matrix::DistributedVector<std::int64_t>(grid(), u.row_layout()), 0, {}};
  time_slowest(state, [&] { result = kernels::triangles(u, {.by_lists = by_lists}); });
  state.counters["triangles"] = static_cast<double>(result.total);
  state.counters["links"] = static_cast<double>(result.work.links);
  if (by_lists) count_work(state, result.work.entries, 4 * result.work.entries);
}

void clustering_of_labels(benchmark::State& state) {
  const auto& u = undirected();
  const auto& of = labels();
  time_slowest(state, [&] {
    const auto firms = kernels::firm_triangles_inside(u, of);
    benchmark::DoNotOptimize(kernels::clustering(firms, of, kClusters).data());
  });
}

void local_clustering(benchmark::State& state) {
  const auto& u = undirected();
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(kernels::local_clustering(kernels::firm_triangles(u)).values().data());
  });
}

const bool registered = [] {
  add("triangles", 3, triangles<true>);
  add("triangles/graphblas", 1, triangles<false>);
  add("clustering", 3, local_clustering);
  add("clusters/clustering/whole", 3, clustering_of_labels);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
