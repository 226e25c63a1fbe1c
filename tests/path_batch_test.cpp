#include "kernels/traversal/path_batch.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "kernels/traversal/search_plan.hpp"
#include "kernels/traversal/single_batch.hpp"
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

template <class Make>
PathSums run_all(const WholeGraph& graph, Make&& make) {
  const auto n = static_cast<std::size_t>(graph.vertices());
  std::vector<double> sources(n), targets(n);
  std::vector<std::uint32_t> labels(n);
  for (std::size_t v = 0; v < n; ++v) {
    sources[v] = 1 + static_cast<double>(v % 3);
    targets[v] = 1 + static_cast<double>(v % 5);
    labels[v] = static_cast<std::uint32_t>(v % 4);
  }
  const auto batch = make(PathGraph{graph, sources, targets, true, true, labels, 5});
  PathSums sums(graph.vertices(), graph.arcs());
  for (Vertex begin = 0; begin < n; begin += 29) {
    std::vector<Vertex> lanes;
    for (Vertex v = begin; v < std::min<std::size_t>(n, begin + std::size_t{29}); ++v)
      lanes.push_back(v);
    batch->run(lanes, sums);
  }
  return sums;
}

PathSums run_all(const WholeGraph& graph, Instructions instructions) {
  return run_all(graph, [&](const PathGraph& g) { return make_path_batch(g, instructions); });
}

/// `width` x `width`, both directions of each link.
WholeGraph mesh(std::int64_t width) {
  testing::RandomNetwork network{width * width, {}, {}, {}};
  const auto link = [&](std::int64_t v, std::int64_t w) {
    network.supplier.insert(network.supplier.end(), {v, w});
    network.buyer.insert(network.buyer.end(), {w, v});
  };
  for (std::int64_t v = 0; v < network.firms; ++v) {
    if ((v + 1) % width != 0) link(v, v + 1);
    if (v + width < network.firms) link(v, v + width);
  }
  return graph_of(network);
}

/// Random links and a cycle through all firms.
testing::RandomNetwork connected(std::int64_t firms, std::int64_t links, std::uint64_t seed) {
  auto network = testing::random_network(firms, links, seed);
  for (std::int64_t v = 0; v < firms; ++v) {
    network.supplier.push_back(v);
    network.buyer.push_back((v + 1) % firms);
  }
  return network;
}

std::vector<Vertex> all_of(const WholeGraph& graph) {
  std::vector<Vertex> all(static_cast<std::size_t>(graph.vertices()));
  std::iota(all.begin(), all.end(), Vertex{0});
  return all;
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

TEST(SingleBatch, GivesTheSameAsLanes) {
  for (const auto& graph : {graph_of(testing::random_network(700, 2000, 6)), mesh(25)}) {
    const auto lanes = run_all(graph, best_instructions());
    const auto single = run_all(graph, [](const PathGraph& g) { return make_single_batch(g); });
    testing::expect_close(single.dependency, lanes.dependency, "dependency", 1e-12);
    testing::expect_close(single.crossing, lanes.crossing, "crossing", 1e-12);
    EXPECT_EQ(single.beyond_sources, lanes.beyond_sources);
    EXPECT_EQ(single.beyond_targets, lanes.beyond_targets);
    EXPECT_EQ(single.work.sources, lanes.work.sources);
    EXPECT_EQ(single.work.row_operations, 0);
  }
}

TEST(SingleBatch, CountsPathsOfAnyNumber) {
  testing::RandomNetwork network{0, {}, {}, {}};
  const std::int64_t diamonds = 1100;  // 2^1100 paths from end to end
  for (std::int64_t v = 0; v < 3 * diamonds; v += 3) {
    network.supplier.insert(network.supplier.end(), {v, v, v + 1, v + 2});
    network.buyer.insert(network.buyer.end(), {v + 1, v + 2, v + 3, v + 3});
  }
  network.firms = 3 * diamonds + 1;
  const auto graph = graph_of(network);
  const auto lanes = run_all(graph, best_instructions());
  const auto single = run_all(graph, [](const PathGraph& g) { return make_single_batch(g); });
  EXPECT_GT(single.work.recounted, 0);
  testing::expect_close(single.dependency, lanes.dependency, "dependency", 1e-12);
  testing::expect_close(single.crossing, lanes.crossing, "crossing", 1e-12);
}

TEST(SearchPlan, LanesWhereSourcesShareTheirPaths) {
  const auto plan_of = [](const WholeGraph& graph) {
    const std::vector<double> one(static_cast<std::size_t>(graph.vertices()), 1.0);
    return plan_searches({graph, one, one, false}, all_of(graph));
  };
  const auto dense = graph_of(connected(2000, 40000, 7));
  const auto in_lanes = plan_of(dense);
  EXPECT_EQ(std::ssize(in_lanes.batches), (2000 + 31) / 32);
  for (const auto& batch : in_lanes.batches) EXPECT_TRUE(batch.in_lanes);
  for (const auto& batch : plan_of(mesh(40)).batches) EXPECT_FALSE(batch.in_lanes);
}

TEST(SearchPlan, SourcesOfSmallComponentsComeLastAndOneByOne) {
  auto network = connected(500, 5000, 8);
  for (std::int64_t v = 500; v < 600; v += 2) {  // pairs
    network.supplier.push_back(v);
    network.buyer.push_back(v + 1);
  }
  network.firms = 600;
  const auto graph = graph_of(network);
  const std::vector<double> one(600, 1.0);
  const auto plan = plan_searches({graph, one, one, false}, all_of(graph));
  auto sorted = plan.sources;
  std::ranges::sort(sorted);
  EXPECT_EQ(sorted, all_of(graph));
  std::size_t next = 0;
  for (const auto& batch : plan.batches) {
    EXPECT_EQ(batch.begin, next);
    EXPECT_EQ(batch.in_lanes, plan.sources[batch.begin] < 500);
    next = batch.end;
  }
  EXPECT_EQ(next, plan.sources.size());
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
