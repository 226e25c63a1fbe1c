/// DBSCAN and density forests on firms in towns and countryside; not spread over ranks: rank 0's
/// time is that of its threads.

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "bench/support/bench_main.hpp"
#include "engine/base/random.hpp"
#include "kernels/density_forest.hpp"

namespace tradegraph::bench {

namespace {

/// Three of five firms in 146 towns of very unequal size, 1 to 6 km wide; the rest anywhere in
/// 290 by 400 km.
struct Towns {
  std::vector<double> x_m, y_m;
  std::vector<std::int64_t> row;

  explicit Towns(std::int64_t firms) {
    const CounterRandom random(1, 5);
    const auto normal = [&](std::uint64_t at) {
      return std::sqrt(-2 * std::log(1 - random.uniform(at))) *
             std::cos(6.283185307179586 * random.uniform(at + 1));
    };
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
      x_m.push_back(x);
      y_m.push_back(y);
      row.push_back(i);
    }
  }
  [[nodiscard]] kernels::PointSet points() const { return {x_m, y_m, row}; }
};

const Towns& towns() {
  static const Towns firms([] {
    const char* text = std::getenv("TRADEGRAPH_BENCH_FIRMS");
    return text != nullptr ? std::atoll(text) : 100000;
  }());
  return firms;
}

void dbscan(benchmark::State& state) {
  const auto& firms = towns();
  std::int64_t clusters = 0;
  time_slowest(state, [&] {
    for (const double eps : {500.0, 1000.0, 2000.0, 5000.0}) {
      const auto found = kernels::dbscan(firms.points(), {}, {eps, 10, 1});
      for (const auto cluster : found.cluster) clusters = std::max(clusters, cluster + 1);
    }
  });
  state.counters["most clusters"] = static_cast<double>(clusters);
}

void density_forests(benchmark::State& state) {
  const kernels::SweepGrid grid{{250, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 5000},
                                {5, 10, 15, 20, 25, 30, 40, 50},
                                1};
  time_slowest(state, [&] {
    benchmark::DoNotOptimize(kernels::density_forests(towns().points(), {}, grid));
  });
}

const bool registered = [] {
  add("dbscan/four_eps", 3, dbscan);
  add("density_forests/10x8", 1, density_forests);
  return true;
}();

}  // namespace

}  // namespace tradegraph::bench
