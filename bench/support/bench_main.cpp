#include "bench/support/bench_main.hpp"

#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "bench/support/bench_network.hpp"
#include "engine/matrix/environment.hpp"
#include "kernels/network_forms.hpp"

namespace tradegraph::bench {

namespace {

std::unique_ptr<comm::ProcessGrid> the_grid;
std::optional<matrix::DistributedMatrix> the_trade;
std::optional<matrix::DistributedMatrix> the_transposed;
std::optional<matrix::DistributedMatrix> the_undirected;
std::optional<matrix::DistributedMatrix> the_amounts;
std::optional<matrix::DistributedVector<Label>> the_labels;
std::optional<kernels::ClusterLinks> the_links;

}  // namespace

const comm::ProcessGrid& grid() { return *the_grid; }

const matrix::DistributedMatrix& trade() {
  if (!the_trade) {
    the_trade = testing::build_matrix(grid(), make_network(), matrix::ValueType::pattern);
  }
  return *the_trade;
}

const matrix::DistributedMatrix& transposed() {
  if (!the_transposed) the_transposed = trade().transpose();
  return *the_transposed;
}

const matrix::DistributedMatrix& amounts() {
  if (!the_amounts) {
    the_amounts = testing::build_matrix(grid(), make_network(), matrix::ValueType::real);
  }
  return *the_amounts;
}

const matrix::DistributedVector<Label>& labels() {
  if (!the_labels) {
    const auto& a = trade();
    the_labels.emplace(grid(), a.row_layout());
    for (std::int64_t i = 0; i < the_labels->count(); ++i) {
      (*the_labels)[i] = the_labels->global_of(i).value() * kClusters / a.rows();
    }
  }
  return *the_labels;
}

const kernels::ClusterLinks& cluster_links() {
  if (!the_links) {
    const auto& amount = amounts();
    the_links.emplace(kernels::cluster_links(trade(), undirected(), labels(), kClusters, &amount));
  }
  return *the_links;
}

const matrix::DistributedMatrix& undirected() {
  if (!the_undirected) the_undirected = kernels::undirected_pattern(trade());
  return *the_undirected;
}

namespace {

/// Ranks above 0 say nothing.
class QuietReporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

/// What `compare.py` must know of a run.
void describe_run() {
  benchmark::AddCustomContext("build_type", TRADEGRAPH_BUILD_TYPE);
  benchmark::AddCustomContext("compiler", TRADEGRAPH_COMPILER);
  benchmark::AddCustomContext("native", TRADEGRAPH_BUILT_NATIVE);
  benchmark::AddCustomContext("network", network_name());
  benchmark::AddCustomContext("ranks", std::to_string(grid().world().size()));
  benchmark::AddCustomContext("grid", grid().shape().text());
  benchmark::AddCustomContext("threads", std::to_string(matrix::threads()));
}

void run() {
  QuietReporter quiet;
  if (grid().world().is_root()) {
    benchmark::RunSpecifiedBenchmarks();
  } else {
    benchmark::RunSpecifiedBenchmarks(&quiet);
  }
}

}  // namespace

}  // namespace tradegraph::bench

int main(int argc, char** argv) {
  using namespace tradegraph;
  const char* threads = std::getenv("TRADEGRAPH_BENCH_THREADS");
  const matrix::Environment environment(argc, argv, threads != nullptr ? std::atoi(threads) : 0);
  const auto world = comm::Communicator::world();
  const char* shape = std::getenv("TRADEGRAPH_BENCH_GRID");
  bench::the_grid = std::make_unique<comm::ProcessGrid>(
      world, shape != nullptr ? comm::GridShape::parse(shape, world.size())
                              : comm::GridShape::nearest_square(world.size()));
  benchmark::Initialize(&argc, argv);
  bench::describe_run();
  bench::run();
  bench::the_links.reset();
  bench::the_labels.reset();
  bench::the_amounts.reset();
  bench::the_undirected.reset();
  bench::the_transposed.reset();
  bench::the_trade.reset();
  bench::the_grid.reset();
}
