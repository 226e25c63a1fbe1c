#include "bench/support/bench_main.hpp"
#include "kernels/assortativity.hpp"
#include "kernels/hierarchy.hpp"
#include "kernels/inclusiveness.hpp"
#include "kernels/membership_product.hpp"
#include "kernels/reach.hpp"

namespace tradegraph::bench {

namespace {

/// Figures of 146 clusters from what firms have inside them.
template <auto figures>
void of_labels(benchmark::State& state) {
  const auto& links = cluster_links();
  time_slowest(state, [&] { benchmark::DoNotOptimize(figures(links).data()); });
  state.counters["firms"] = static_cast<double>(links.labels.size());
}

template <kernels::TieRule ties>
std::vector<kernels::Hierarchy> hierarchy(const kernels::ClusterLinks& links) {
  return kernels::hierarchy(links, ties);
}

std::vector<kernels::Assortativity> assortativity(const kernels::ClusterLinks& links) {
  return kernels::assortativity(links);
}

/// The same with the pass over the network that they need, without amounts.
template <auto figures>
void whole_of_labels(benchmark::State& state) {
  const auto& a = trade();
  const auto& u = undirected();
  const auto& of = labels();
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(figures(kernels::cluster_links(a, u, of, kClusters)).data());
  });
  count_work(state, 2 * (a.entries() + u.entries()), 16 * (a.entries() + u.entries()));
}

/// Every share-form indicator of all clusters: the passes over the network and the figures.
void all_of_labels(benchmark::State& state) {
  const auto& a = trade();
  const auto& u = undirected();
  const auto& amount = amounts();
  const auto& of = labels();
  time_slowest(state, [&] {
    const auto links = kernels::cluster_links(a, u, of, kClusters, &amount);
    benchmark::DoNotOptimize(kernels::inclusiveness(links).data());
    benchmark::DoNotOptimize(kernels::hierarchy(links, kernels::TieRule::ordinal).data());
    benchmark::DoNotOptimize(kernels::hierarchy(links, kernels::TieRule::average).data());
    benchmark::DoNotOptimize(kernels::assortativity(links).data());
    benchmark::DoNotOptimize(kernels::newman_directed(links).data());
    benchmark::DoNotOptimize(kernels::share_reach(links).data());
    benchmark::DoNotOptimize(kernels::membership_product(a, of, kClusters, &amount).data());
  });
  // A and U twice for firms' links; A once for their amounts, twice for W's links and amounts.
  count_work(state, 5 * a.entries() + 2 * u.entries(), 64 * a.entries() + 16 * u.entries());
}

/// Of the whole network, with U in place, as igraph has it.
void assortativity_of_network(benchmark::State& state) {
  const auto& u = undirected();
  double newman = 0;
  time_slowest(state, [&] { newman = kernels::network_assortativity(u).newman; });
  state.counters["newman"] = newman;
  count_work(state, u.entries(), 8 * u.entries() + 40 * u.rows());
}

const bool registered = [] {
  add("clusters/inclusiveness", 5, of_labels<kernels::inclusiveness>);
  add("clusters/hierarchy/ordinal", 5, of_labels<hierarchy<kernels::TieRule::ordinal>>);
  add("clusters/hierarchy/average", 5, of_labels<hierarchy<kernels::TieRule::average>>);
  add("clusters/assortativity", 5, of_labels<assortativity>);
  add("clusters/newman_directed", 5, of_labels<kernels::newman_directed>);
  add("clusters/share_reach", 5, of_labels<kernels::share_reach>);
  add("clusters/hierarchy/whole", 3, whole_of_labels<hierarchy<kernels::TieRule::ordinal>>);
  add("clusters/assortativity/whole", 3, whole_of_labels<assortativity>);
  add("clusters/share_reach/whole", 3, whole_of_labels<kernels::share_reach>);
  add("clusters/all", 3, all_of_labels);
  add("assortativity", 5, assortativity_of_network);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
