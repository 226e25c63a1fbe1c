#include "bench/support/bench_main.hpp"
#include "kernels/network_forms.hpp"

namespace tradegraph::bench {

namespace {

/// A' by two stable passes over the rows.
void transpose(benchmark::State& state) {
  const auto& a = trade();
  time_slowest(state, [&] { benchmark::DoNotOptimize(a.transpose().csr().entries()); });
  count_work(state, a.entries(), 24 * a.entries());
}

/// U: A' and the union of its rows with those of A.
void undirected_pattern(benchmark::State& state) {
  const auto& a = trade();
  time_slowest(state,
               [&] { benchmark::DoNotOptimize(kernels::undirected_pattern(a).csr().entries()); });
  count_work(state, a.entries(), 48 * a.entries());
}

/// The same in GraphBLAS, on one rank: a transposition and an element-wise addition.
void undirected_by_graphblas(benchmark::State& state) {
  const auto& a = trade();
  const auto& block = a.block();
  time_slowest(state, [&] {
    matrix::GrbMatrix turned(GrB_BOOL, block.columns(), block.rows());
    matrix::check_grb(GrB_transpose(turned.get(), nullptr, nullptr, block.get(), nullptr));
    if (grid().group().size() > 1) return;
    matrix::GrbMatrix sum(GrB_BOOL, block.rows(), block.columns());
    matrix::check_grb(GrB_Matrix_eWiseAdd_BinaryOp(sum.get(), nullptr, nullptr, GrB_ONEB_BOOL,
                                                   block.get(), turned.get(), nullptr));
    benchmark::DoNotOptimize(sum.entries());
  });
  count_work(state, a.entries(), 96 * a.entries());
}

/// What GraphBLAS's own copy of a block costs.
void to_graphblas(benchmark::State& state) {
  const auto& a = trade();
  time_slowest(state, [&] { benchmark::DoNotOptimize(matrix::to_graphblas(a.csr()).get()); });
  count_work(state, a.entries(), 12 * a.entries());
}

const bool registered = [] {
  add("forms/transpose", 5, transpose);
  add("forms/undirected", 5, undirected_pattern);
  add("forms/undirected/graphblas", 3, undirected_by_graphblas);
  add("forms/to_graphblas", 5, to_graphblas);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
