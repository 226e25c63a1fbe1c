#include "kernels/traversal/path_batch.hpp"

#include <gtest/gtest.h>

#include "kernels/traversal/wide_number.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

WholeGraph graph_of(const testing::RandomNetwork& network) {
  WholeGraph graph;
  std::vector<std::pair<Vertex, Vertex>> arcs;
  for (std::size_t i = 0; i < network.links(); ++i) {
    arcs.emplace_back(static_cast<Vertex>(network.supplier[i]),
                      static_cast<Vertex>(network.buyer[i]));
  }
  std::sort(arcs.begin(), arcs.end());
  arcs.erase(std::unique(arcs.begin(), arcs.end()), arcs.end());
  graph.offsets.assign(static_cast<std::size_t>(network.firms) + 1, 0);
  for (const auto& [from, to] : arcs) {
    ++graph.offsets[from + std::size_t{1}];
    graph.neighbours.push_back(to);
  }
  for (std::size_t v = 1; v < graph.offsets.size(); ++v) graph.offsets[v] += graph.offsets[v - 1];
  return graph;
}

PathSums run_all(const WholeGraph& graph, Instructions instructions) {
  const auto n = static_cast<std::size_t>(graph.vertices());
  std::vector<double> sources(n), targets(n);
  for (std::size_t v = 0; v < n; ++v) {
    sources[v] = 1 + static_cast<double>(v % 3);
    targets[v] = 1 + static_cast<double>(v % 5);
  }
  const auto batch = make_path_batch({graph, sources, targets, true}, instructions);
  PathSums sums(graph.vertices());
  for (Vertex begin = 0; begin < n; begin += 29) {
    std::vector<Vertex> lanes;
    for (Vertex v = begin; v < std::min<std::size_t>(n, begin + std::size_t{29}); ++v)
      lanes.push_back(v);
    batch->run(lanes, sums);
  }
  return sums;
}

TEST(PathBatch, AllInstructionSetsGiveTheSame) {
  const auto best = best_instructions();
  for (const std::int64_t links : {300, 2000, 40000}) {
    const auto graph = graph_of(testing::random_network(700, links, 5));
    const auto plain = run_all(graph, Instructions::baseline);
    for (const auto instructions : {Instructions::avx2, Instructions::avx512}) {
      if (instructions > best) continue;
      const auto fast = run_all(graph, instructions);
      testing::expect_close(fast.dependency, plain.dependency, "dependency", 1e-12);
      EXPECT_EQ(fast.beyond_sources, plain.beyond_sources);
      EXPECT_EQ(fast.beyond_targets, plain.beyond_targets);
      EXPECT_EQ(fast.work.row_operations, plain.work.row_operations);
    }
  }
}

/// 0 -> a middle of `width` -> 1 -> another -> 2 ...: width^stages paths.
TEST(PathBatch, CountsBeyond16BitsAreCountedAgain) {
  testing::RandomNetwork network{0, {}, {}, {}};
  const std::int64_t width = 300;
  const std::int64_t stages = 2;
  const auto hub = [&](std::int64_t stage) { return stage * (width + 1); };
  for (std::int64_t stage = 0; stage < stages; ++stage) {
    for (std::int64_t m = 1; m <= width; ++m) {
      network.supplier.insert(network.supplier.end(), {hub(stage), hub(stage) + m});
      network.buyer.insert(network.buyer.end(), {hub(stage) + m, hub(stage + 1)});
    }
  }
  network.firms = hub(stages) + 1;
  const auto graph = graph_of(network);
  const std::vector<double> one(static_cast<std::size_t>(network.firms), 1.0);
  const auto batch = make_path_batch({graph, one, one, false});
  PathSums sums(graph.vertices());
  batch->run(std::vector<Vertex>{0}, sums);
  EXPECT_EQ(sums.work.recounted, 1);  // 90000 paths
  EXPECT_NEAR(sums.dependency[1], (1 + width + 1) / 300.0, 1e-12);
  EXPECT_NEAR(sums.dependency[static_cast<std::size_t>(hub(1))], width + 1, 1e-9);
  EXPECT_NEAR(sums.dependency[static_cast<std::size_t>(hub(1)) + 1], 1 / 300.0, 1e-12);
}

TEST(WideNumber, KeepsDoublePrecisionAtAnySize) {
  WideNumber power(1.0);
  for (int i = 0; i < 5000; ++i) power = power + power;  // 2^5000
  const auto third = WideNumber(1.0) / WideNumber(3.0);
  EXPECT_DOUBLE_EQ((power * third / power).value(), 1 / 3.0);
  EXPECT_DOUBLE_EQ(((power + power + power) / power).value(), 3.0);
  EXPECT_EQ((WideNumber() + WideNumber(2.5)).value(), 2.5);
  EXPECT_EQ((WideNumber(1.0) / power / power).value(), 0.0);
}

}  // namespace
}  // namespace tradegraph::kernels
