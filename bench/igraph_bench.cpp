/// What igraph's C library takes for what `bench_kernels` measures, under the same names with
/// "/igraph" after them:
///
///     bench/compare.py ours.json igraph.json --variant igraph
///
/// igraph has one thread. It is licensed under the GPL: this program is for measuring only, and
/// nothing of the product is linked with it. Graphs are in memory before the clock starts, directed
/// and undirected ones; ours likewise.

#include <benchmark/benchmark.h>
#include <igraph.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "bench/support/bench_network.hpp"

namespace tradegraph::bench {

namespace {

void check(igraph_error_t code) {
  require(code == IGRAPH_SUCCESS, ErrorKind::internal, "an igraph call failed");
}

/// An igraph_vector_t or igraph_vector_int_t.
class Reals {
 public:
  Reals() { check(igraph_vector_init(&values_, 0)); }
  ~Reals() { igraph_vector_destroy(&values_); }
  Reals(const Reals&) = delete;
  Reals& operator=(const Reals&) = delete;
  [[nodiscard]] igraph_vector_t* get() { return &values_; }

 private:
  igraph_vector_t values_;
};
class Integers {
 public:
  explicit Integers(std::int64_t size = 0) { check(igraph_vector_int_init(&values_, size)); }
  ~Integers() { igraph_vector_int_destroy(&values_); }
  Integers(const Integers&) = delete;
  Integers& operator=(const Integers&) = delete;
  [[nodiscard]] igraph_vector_int_t* get() { return &values_; }
  [[nodiscard]] igraph_integer_t& operator[](std::int64_t i) { return VECTOR(values_)[i]; }
  [[nodiscard]] std::int64_t size() const { return igraph_vector_int_size(&values_); }

 private:
  igraph_vector_int_t values_;
};

class Graph {
 public:
  explicit Graph(const testing::RandomNetwork& network) {
    Integers ends(static_cast<std::int64_t>(2 * network.links()));
    for (std::size_t i = 0; i < network.links(); ++i) {
      ends[static_cast<std::int64_t>(2 * i)] = network.supplier[i];
      ends[static_cast<std::int64_t>(2 * i + 1)] = network.buyer[i];
    }
    check(igraph_create(&graph_, ends.get(), network.firms, IGRAPH_DIRECTED));
  }
  /// Either direction of a link, once.
  [[nodiscard]] static Graph undirected(const Graph& directed) {
    Graph result;
    check(igraph_copy(&result.graph_, directed.get()));
    check(igraph_to_undirected(&result.graph_, IGRAPH_TO_UNDIRECTED_COLLAPSE, nullptr));
    return result;
  }
  /// Firms [first, last) and the links between them.
  [[nodiscard]] static Graph inside(const Graph& whole, std::int64_t first, std::int64_t last) {
    Graph result;
    igraph_vs_t firms;
    check(igraph_vs_range(&firms, first, last));
    check(igraph_induced_subgraph(whole.get(), &result.graph_, firms,
                                  IGRAPH_SUBGRAPH_CREATE_FROM_SCRATCH));
    igraph_vs_destroy(&firms);
    return result;
  }
  Graph(Graph&& other) noexcept : graph_(other.graph_), owns_(std::exchange(other.owns_, false)) {}
  Graph& operator=(Graph&&) = delete;
  ~Graph() {
    if (owns_) igraph_destroy(&graph_);
  }
  [[nodiscard]] const igraph_t* get() const { return &graph_; }
  [[nodiscard]] std::int64_t firms() const { return igraph_vcount(&graph_); }

 private:
  Graph() = default;
  igraph_t graph_;
  bool owns_ = true;
};

const Graph& directed() {
  static const Graph graph(make_network());
  return graph;
}
const Graph& undirected() {
  static const Graph graph = Graph::undirected(directed());
  return graph;
}

std::vector<igraph_integer_t> degrees(const Graph& graph) {
  Integers degree;
  check(igraph_degree(graph.get(), degree.get(), igraph_vss_all(), IGRAPH_ALL, IGRAPH_LOOPS));
  return {&degree[0], &degree[0] + degree.size()};
}

double assortativity(const Graph& graph) {
  igraph_real_t result = 0;
  check(igraph_assortativity_degree(graph.get(), &result, false));
  return result;
}

/// Runs `figure(cluster)` for the subgraph of each strip.
template <class Figure>
void for_each_cluster(const Figure& figure) {
  const auto& whole = undirected();
  for (std::int64_t c = 0; c < kClusters; ++c) {
    const auto first = (c * whole.firms() + kClusters - 1) / kClusters;
    const auto last = ((c + 1) * whole.firms() + kClusters - 1) / kClusters;
    figure(Graph::inside(whole, first, last), first);
  }
}

/// Slope of log degree on log rank.
double slope(std::vector<igraph_integer_t> degree) {
  std::erase(degree, 0);
  std::sort(degree.rbegin(), degree.rend());
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t k = 0; k < degree.size(); ++k) {
    const double x = std::log(static_cast<double>(k + 1));
    const double y = std::log(static_cast<double>(degree[k]));
    sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const auto n = static_cast<double>(degree.size());
  return (n * sxy - sx * sy) / (n * sxx - sx * sx);
}

void degree(benchmark::State& state) {
  const auto& graph = directed();
  for ([[maybe_unused]] const auto& iteration : state) {
    benchmark::DoNotOptimize(degrees(graph).data());
  }
}
void components(benchmark::State& state) {
  const auto& graph = directed();
  for ([[maybe_unused]] const auto& iteration : state) {
    Integers label;
    Integers sizes;
    igraph_integer_t count = 0;
    check(igraph_connected_components(graph.get(), label.get(), sizes.get(), &count, IGRAPH_WEAK));
    state.counters["components"] = static_cast<double>(count);
  }
}
/// PRPACK: Gauss-Seidel to 1e-10.
template <const Graph& network()>
void pagerank(benchmark::State& state) {
  const auto& graph = network();
  for ([[maybe_unused]] const auto& iteration : state) {
    Reals rank;
    igraph_real_t eigenvalue = 0;
    check(igraph_pagerank(graph.get(), IGRAPH_PAGERANK_ALGO_PRPACK, rank.get(), &eigenvalue,
                          igraph_vss_all(), true, 0.85, nullptr, nullptr));
  }
}
void strong_components(benchmark::State& state) {
  const auto& graph = directed();
  for ([[maybe_unused]] const auto& iteration : state) {
    Integers label;
    igraph_integer_t count = 0;
    check(igraph_connected_components(graph.get(), label.get(), nullptr, &count, IGRAPH_STRONG));
    state.counters["components"] = static_cast<double>(count);
  }
}
void core_number(benchmark::State& state) {
  const auto& graph = undirected();
  for ([[maybe_unused]] const auto& iteration : state) {
    Integers core;
    check(igraph_coreness(graph.get(), core.get(), IGRAPH_ALL));
  }
}
void triangles(benchmark::State& state) {
  const auto& graph = undirected();
  for ([[maybe_unused]] const auto& iteration : state) {
    Reals of_firm;
    check(igraph_adjacent_triangles(graph.get(), of_firm.get(), igraph_vss_all()));
    state.counters["triangles"] = igraph_vector_sum(of_firm.get()) / 3;
  }
}
void local_clustering(benchmark::State& state) {
  const auto& graph = undirected();
  for ([[maybe_unused]] const auto& iteration : state) {
    Reals of_firm;
    check(igraph_transitivity_local_undirected(graph.get(), of_firm.get(), igraph_vss_all(),
                                               IGRAPH_TRANSITIVITY_NAN));
  }
}
void undirected_form(benchmark::State& state) {
  const auto& graph = directed();
  for ([[maybe_unused]] const auto& iteration : state) {
    benchmark::DoNotOptimize(Graph::undirected(graph).get());
  }
}
void assortativity_of_network(benchmark::State& state) {
  const auto& graph = undirected();
  for ([[maybe_unused]] const auto& iteration : state) {
    state.counters["newman"] = assortativity(graph);
  }
}
void assortativity_of_clusters(benchmark::State& state) {
  (void)undirected();
  for ([[maybe_unused]] const auto& iteration : state) {
    for_each_cluster([](const Graph& cluster, std::int64_t) {
      benchmark::DoNotOptimize(assortativity(cluster));
    });
  }
}
void hierarchy_of_clusters(benchmark::State& state) {
  (void)undirected();
  for ([[maybe_unused]] const auto& iteration : state) {
    for_each_cluster([](const Graph& cluster, std::int64_t) {
      benchmark::DoNotOptimize(slope(degrees(cluster)));
    });
  }
}
void reach_of_clusters(benchmark::State& state) {
  const auto total = degrees(undirected());
  for ([[maybe_unused]] const auto& iteration : state) {
    for_each_cluster([&](const Graph& cluster, std::int64_t first) {
      const auto own = degrees(cluster);
      double shares = 0;
      for (std::size_t i = 0; i < own.size(); ++i) {
        const auto all = total[static_cast<std::size_t>(first) + i];
        if (all > 0) shares += static_cast<double>(own[i]) / static_cast<double>(all);
      }
      benchmark::DoNotOptimize(shares);
    });
  }
}

void add(const char* name, int iterations, void (*function)(benchmark::State&)) {
  benchmark::RegisterBenchmark(name, function)
      ->UseRealTime()
      ->Iterations(iterations)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

}  // namespace tradegraph::bench

int main(int argc, char** argv) {
  using namespace tradegraph::bench;
  add("degree/all/igraph", 5, degree);
  add("components/igraph", 2, components);
  add("strong_components/igraph", 2, strong_components);
  add("core_number/igraph", 2, core_number);
  add("pagerank/igraph", 1, pagerank<directed>);
  add("pagerank/undirected/igraph", 1, pagerank<undirected>);
  add("triangles/igraph", 1, triangles);
  add("clustering/igraph", 1, local_clustering);
  add("forms/undirected/igraph", 1, undirected_form);
  add("assortativity/igraph", 5, assortativity_of_network);
  add("clusters/assortativity/whole/igraph", 1, assortativity_of_clusters);
  add("clusters/hierarchy/whole/igraph", 1, hierarchy_of_clusters);
  add("clusters/share_reach/whole/igraph", 1, reach_of_clusters);
  benchmark::Initialize(&argc, argv);
  benchmark::AddCustomContext("build_type", TRADEGRAPH_BUILD_TYPE);
  benchmark::AddCustomContext("compiler", TRADEGRAPH_COMPILER);
  benchmark::AddCustomContext("native", TRADEGRAPH_BUILT_NATIVE);
  benchmark::AddCustomContext("network", network_name());
  benchmark::AddCustomContext("peer", "igraph " IGRAPH_VERSION);
  benchmark::AddCustomContext("ranks", "1");
  benchmark::AddCustomContext("threads", "1");
  benchmark::RunSpecifiedBenchmarks();
}
