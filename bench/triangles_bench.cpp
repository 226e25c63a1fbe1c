#include "bench/support/bench_main.hpp"
#include "kernels/clustering.hpp"

namespace tradegraph::bench {

namespace {

void report(benchmark::State& state, const kernels::Triangles& result) {
  state.counters["triangles"] = static_cast<double>(result.total);
  state.counters["links"] = static_cast<double>(result.work.links);
  state.counters["entries"] = static_cast<double>(result.work.entries);
}

/// From U in place to counts of all firms.
template <bool by_lists>
void triangles(benchmark::State& state) {
  const auto& u = undirected();
  kernels::Triangles result{matrix::DistributedVector<std::int64_t>(grid(), u.row_layout()), 0, {}};
  time_slowest(state, [&] { result = kernels::triangles(u, {.by_lists = by_lists}); });
  report(state, result);
}

/// Firms dealt to this many labels by their numbers: as many clusters of neighbours.
constexpr std::int64_t kLabels = 146;

void clustering_of_labels(benchmark::State& state) {
  const auto& u = undirected();
  kernels::Labels labels(grid(), u.row_layout());
  for (std::int64_t i = 0; i < labels.count(); ++i) {
    labels[i] = labels.global_of(i).value() * kLabels / labels.size();
  }
  time_slowest(state, [&] {
    const auto firms = kernels::firm_triangles_inside(u, labels);
    benchmark::DoNotOptimize(kernels::clustering(firms, labels, kLabels).data());
  });
}

void local_clustering(benchmark::State& state) {
  const auto& u = undirected();
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(kernels::local_clustering(kernels::firm_triangles(u)).values().data());
  });
}

const bool registered = [] {
  add("triangles/lists", 3, triangles<true>);
  add("triangles/products", 1, triangles<false>);
  add("clustering/firms", 3, local_clustering);
  add("clustering/labels", 3, clustering_of_labels);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
