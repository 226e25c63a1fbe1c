#include "bench/support/bench_main.hpp"
#include "kernels/cluster_products.hpp"
#include "kernels/membership_product.hpp"

namespace tradegraph::bench {

namespace {

template <auto product, bool weighed>
void between_labels(benchmark::State& state) {
  const auto& a = trade();
  const auto* amount = weighed ? &amounts() : nullptr;
  const auto& of = labels();
  std::size_t cells = 0;
  time_slowest(state, [&] { cells = product(a, of, kClusters, amount).size(); });
  state.counters["cells"] = static_cast<double>(cells);
  count_work(state, (weighed ? 2 : 1) * a.entries(), (weighed ? 24 : 8) * a.entries());
}

const bool registered = [] {
  using kernels::membership_product;
  using kernels::membership_product_by_products;
  add("membership_product/links", 5, between_labels<membership_product, false>);
  add("membership_product/links/graphblas", 2,
      between_labels<membership_product_by_products, false>);
  add("membership_product/amounts", 5, between_labels<membership_product, true>);
  add("membership_product/amounts/graphblas", 2,
      between_labels<membership_product_by_products, true>);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
