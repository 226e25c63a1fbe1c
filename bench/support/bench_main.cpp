#include "bench/support/bench_main.hpp"

#include <charconv>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>

#include "engine/matrix/environment.hpp"
#include "kernels/network_forms.hpp"
#include "tests/support/random_network.hpp"

namespace tradegraph::bench {

namespace {

std::unique_ptr<comm::ProcessGrid> the_grid;
std::optional<matrix::DistributedMatrix> the_trade;
std::optional<matrix::DistributedMatrix> the_undirected;

/// Numbers of a `source,target` file with a header line.
testing::RandomNetwork read_edges(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  require(file.good(), ErrorKind::bad_input, "cannot open " + path);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  testing::RandomNetwork network;
  const char* at = text.data() + std::min(text.find('\n'), text.size() - 1) + 1;
  const char* end = text.data() + text.size();
  while (at < end) {
    std::int64_t source = 0;
    std::int64_t target = 0;
    at = std::from_chars(at, end, source).ptr + 1;
    at = std::from_chars(at, end, target).ptr;
    while (at < end && *at++ != '\n') {
    }
    network.supplier.push_back(source);
    network.buyer.push_back(target);
    network.amount.push_back(1);
    network.firms = std::max({network.firms, source + 1, target + 1});
  }
  return network;
}

testing::RandomNetwork make_network() {
  if (const char* path = std::getenv("TRADEGRAPH_BENCH_EDGES")) return read_edges(path);
  const char* firms = std::getenv("TRADEGRAPH_BENCH_FIRMS");
  const std::int64_t n = firms != nullptr ? std::atoll(firms) : 100000;
  return testing::random_network(n, n * 9 / 2, 1);
}

}  // namespace

const comm::ProcessGrid& grid() { return *the_grid; }

const matrix::DistributedMatrix& trade() {
  if (!the_trade) {
    the_trade = testing::build_matrix(grid(), make_network(), matrix::ValueType::pattern);
  }
  return *the_trade;
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
  bench::run();
  bench::the_undirected.reset();
  bench::the_trade.reset();
  bench::the_grid.reset();
}
