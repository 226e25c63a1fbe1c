/// DBSCAN, density forests and `identify` on firms in towns and countryside, or at the places of
/// TRADEGRAPH_BENCH_PLACES (a line `x,y` in metres each, after a header). `dbscan` and the forests
/// are not spread over ranks: each rank does the whole work; `identify` is.

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <string>

#include "bench/support/bench_main.hpp"
#include "engine/base/error.hpp"
#include "engine/base/memory.hpp"
#include "engine/base/random.hpp"
#include "engine/base/slices.hpp"
#include "kernels/density_forest.hpp"
#include "kernels/forest_cut.hpp"
#include "kernels/identify.hpp"

namespace tradegraph::bench {

namespace {

struct Places {
  std::vector<double> x_m, y_m;
  std::vector<std::int64_t> row;

  void add(double x, double y) {
    row.push_back(static_cast<std::int64_t>(row.size()));
    x_m.push_back(x);
    y_m.push_back(y);
  }
  [[nodiscard]] kernels::PointSet points() const { return {x_m, y_m, row}; }
};

/// Three of five firms in 146 towns of very unequal size, 1 to 6 km wide; the rest anywhere in
/// 290 by 400 km.
Places make_towns(std::int64_t firms) {
  const CounterRandom random(1, 5);
  const auto normal = [&](std::uint64_t at) {
    return std::sqrt(-2 * std::log(1 - random.uniform(at))) *
           std::cos(6.283185307179586 * random.uniform(at + 1));
  };
  Places towns;
  for (std::int64_t i = 0; i < firms; ++i) {
    const auto at = static_cast<std::uint64_t>(i) * 8 + 1000;
    double x = random.uniform(at) * 290000;
    double y = random.uniform(at + 1) * 400000;
    if (i % 5 < 3) {
      const auto town = static_cast<std::uint64_t>(146 * std::pow(random.uniform(at + 2), 3));
      const double spread = 1000 + 5000 * random.uniform(4 * town);
      x = random.uniform(4 * town + 1) * 290000 + spread * normal(at + 3);
      y = random.uniform(4 * town + 2) * 400000 + spread * normal(at + 5);
    }
    towns.add(x, y);
  }
  return towns;
}

Places read_places(const std::string& path) {
  std::ifstream file(path);
  require(file.good(), ErrorKind::bad_input, "cannot open " + path);
  std::string line;
  std::getline(file, line);
  Places places;
  double x = 0;
  double y = 0;
  for (char comma = 0; file >> x >> comma >> y;) places.add(x, y);
  return places;
}

const Places& places() {
  static const Places firms = [] {
    if (const char* path = std::getenv("TRADEGRAPH_BENCH_PLACES")) return read_places(path);
    const char* text = std::getenv("TRADEGRAPH_BENCH_FIRMS");
    return make_towns(text != nullptr ? std::atoll(text) : 100000);
  }();
  return firms;
}

/// 4.5 links a firm, between firms anywhere: the worst for memory, as nothing near is reused.
struct Trade {
  std::vector<std::int64_t> supplier, buyer;
};

const Trade& links() {
  static const Trade trade = [] {
    const CounterRandom random(2, 5);
    const auto firms = static_cast<std::int64_t>(places().row.size());
    Trade result;
    for (std::int64_t k = 0; k < firms * 9 / 2; ++k) {
      const auto at = random.uniform(static_cast<std::uint64_t>(k)) * static_cast<double>(firms);
      result.supplier.push_back(k * 2 / 9);
      result.buyer.push_back(static_cast<std::int64_t>(at));
    }
    return result;
  }();
  return trade;
}

void record_memory(benchmark::State& state) {
  state.counters["peak bytes a firm"] =
      static_cast<double>(peak_resident_bytes()) / static_cast<double>(places().row.size());
}

void dbscan(benchmark::State& state) {
  const auto points = places().points();
  const kernels::DbscanConfig config{static_cast<double>(state.range(0)), state.range(1), 1};
  time_slowest(state, [&] { benchmark::DoNotOptimize(kernels::dbscan(points, {}, config)); });
  record_memory(state);
}

/// What link stretch costs beside stretch 1.
void dbscan_with_trade(benchmark::State& state) {
  const auto points = places().points();
  const kernels::Pairs pairs{links().supplier, links().buyer};
  const kernels::DbscanConfig config{static_cast<double>(state.range(0)), 20,
                                     static_cast<double>(state.range(1))};
  time_slowest(state, [&] { benchmark::DoNotOptimize(kernels::dbscan(points, pairs, config)); });
  record_memory(state);
}

const std::vector<std::int64_t> kMinFirms{5, 10, 15, 20, 25, 30, 40, 50};

/// `count` values of eps, evenly spaced.
std::vector<double> some_eps(std::int64_t count) {
  std::vector<double> eps_m;
  for (std::int64_t i = 0; i < count; ++i) {
    eps_m.push_back(250 + 4750 * static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return eps_m;
}

/// The single runs that a sweep of `range(0)` values of eps and eight min_firms replaces.
void dbscan_runs(benchmark::State& state) {
  const auto points = places().points();
  time_slowest(state, [&] {
    for (const auto eps_m : some_eps(state.range(0))) {
      for (const auto min_firms : kMinFirms) {
        benchmark::DoNotOptimize(kernels::dbscan(points, {}, {eps_m, min_firms, 1}));
      }
    }
  });
}

/// `range(0)` values of eps, evenly spaced, for eight min_firms or for one.
void density_forests(benchmark::State& state) {
  kernels::SweepGrid grid{some_eps(state.range(0)), kMinFirms, 1};
  if (state.range(1) == 1) grid.min_firms = {10};
  const auto points = places().points();
  time_slowest(state, [&] {
    const auto forests = kernels::density_forests(points, {}, grid);
#pragma omp parallel for schedule(dynamic, 1)
    for (const auto& forest : forests) {
      kernels::ForestCut cut(forest);
      for (std::size_t level = 0; level < grid.eps_m.size(); ++level) {
        cut.rise_to(static_cast<kernels::Level>(level));
      }
    }
  });
  record_memory(state);
}

/// All firms in one group and their links, divided among ranks.
void identify(benchmark::State& state) {
  const auto& all = places();
  const Slices slices(static_cast<std::int64_t>(all.row.size()), grid().world().size());
  kernels::FirmPlaces mine;
  const auto rank = grid().world().rank();
  for (auto i = slices.begin(rank); i < slices.begin(rank + 1); ++i) {
    mine.firm.push_back(i);
    mine.row.push_back(i);
    mine.x_m.push_back(all.x_m[static_cast<std::size_t>(i)]);
    mine.y_m.push_back(all.y_m[static_cast<std::size_t>(i)]);
  }
  mine.group.assign(mine.firm.size(), 0);
  mine.region.assign(mine.firm.size(), 0);
  kernels::TradePairs trade;
  const Slices of_links(static_cast<std::int64_t>(links().buyer.size()), grid().world().size());
  const auto first = of_links.begin(rank);
  const auto last = of_links.begin(rank + 1);
  trade.supplier.assign(links().supplier.begin() + first, links().supplier.begin() + last);
  trade.buyer.assign(links().buyer.begin() + first, links().buyer.begin() + last);
  kernels::IdentifyConfig config;
  config.dbscan = {static_cast<double>(state.range(0)), 10, static_cast<double>(state.range(1))};
  config.absorb = kernels::Absorb::none;
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(kernels::identify(grid().world(), mine, trade, config));
  });
}

const bool registered = [] {
  const auto add = [](const char* name, void (*function)(benchmark::State&)) {
    return benchmark::RegisterBenchmark(name, function)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  };
  const std::vector<std::vector<std::int64_t>> settings{{250, 500, 1000, 2000, 5000},
                                                        {5, 10, 20, 50}};
  add("dbscan", dbscan)->ArgNames({"eps", "min_firms"})->ArgsProduct(settings)->Iterations(2);
  add("dbscan_with_trade", dbscan_with_trade)
      ->ArgNames({"eps", "stretch"})
      ->ArgsProduct({{250, 500, 1000, 2000}, {1, 2}})
      ->Iterations(2);
  add("dbscan_runs", dbscan_runs)->ArgNames({"eps"})->Arg(10)->Arg(100)->Iterations(1);
  add("density_forests", density_forests)
      ->ArgNames({"eps", "min_firms"})
      ->ArgsProduct({{10, 100}, {1, 8}})
      ->Iterations(1);
  add("identify", identify)
      ->ArgNames({"eps", "stretch"})
      ->ArgsProduct({{500, 1000, 2000}, {1, 2}})
      ->Iterations(2);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
