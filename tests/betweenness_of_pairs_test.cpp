/// Betweenness of links, to some targets, and between clusters, against counting paths pair by
/// pair.

#include <functional>
#include <queue>

#include "kernels/betweenness.hpp"
#include "tests/support/network_fixture.hpp"

namespace tradegraph::kernels {
namespace {

using matrix::ValueType;
using testing::RandomNetwork;
using Links = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// Distances and numbers of shortest paths of all pairs, lengths of links being `amount`s.
class Paths {
 public:
  explicit Paths(const RandomNetwork& network)
      : n_(static_cast<std::size_t>(network.firms)),
        network_(network),
        distance_(n_ * n_, kFar),
        count_(n_ * n_, 0) {
    for (std::size_t s = 0; s < n_; ++s) search(s);
  }

  using Counts = std::function<bool(std::size_t s, std::size_t t)>;

  [[nodiscard]] std::vector<double> of_firms(const Counts& counts) const {
    std::vector<double> score(n_, 0);
    for_pairs(counts, [&](std::size_t s, std::size_t t) {
      for (std::size_t v = 0; v < n_; ++v) {
        if (v == s || v == t || far(s, v) || far(v, t)) continue;
        if (d(s, v) + d(v, t) != d(s, t)) continue;
        score[v] += sigma(s, v) * sigma(v, t) / sigma(s, t);
      }
    });
    return score;
  }

  /// One a link of the network, in its order.
  [[nodiscard]] std::vector<double> of_links(const Counts& counts) const {
    std::vector<double> score(network_.links(), 0);
    for_pairs(counts, [&](std::size_t s, std::size_t t) {
      for (std::size_t k = 0; k < network_.links(); ++k) {
        const auto u = static_cast<std::size_t>(network_.supplier[k]);
        const auto v = static_cast<std::size_t>(network_.buyer[k]);
        if (far(s, u) || far(v, t) || d(s, u) + network_.amount[k] + d(v, t) != d(s, t)) continue;
        score[k] += sigma(s, u) * sigma(v, t) / sigma(s, t);
      }
    });
    return score;
  }

 private:
  static constexpr double kFar = 1e300;

  [[nodiscard]] double d(std::size_t s, std::size_t t) const { return distance_[s * n_ + t]; }
  [[nodiscard]] double sigma(std::size_t s, std::size_t t) const { return count_[s * n_ + t]; }
  [[nodiscard]] bool far(std::size_t s, std::size_t t) const { return d(s, t) == kFar; }

  template <class Visit>
  void for_pairs(const Counts& counts, Visit&& visit) const {
    for (std::size_t s = 0; s < n_; ++s) {
      for (std::size_t t = 0; t < n_; ++t) {
        if (s != t && !far(s, t) && counts(s, t)) visit(s, t);
      }
    }
  }

  /// Bellman & Ford, then counts from the nearest on.
  void search(std::size_t s) {
    double* from_s = distance_.data() + s * n_;
    from_s[s] = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t k = 0; k < network_.links(); ++k) {
        const auto reached = from_s[network_.supplier[k]] + network_.amount[k];
        if (reached >= from_s[network_.buyer[k]]) continue;
        from_s[network_.buyer[k]] = reached;
        changed = true;
      }
    }
    std::vector<std::size_t> order(network_.links());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::ranges::sort(order, {}, [&](std::size_t k) { return from_s[network_.supplier[k]]; });
    count_[s * n_ + s] = 1;
    for (const auto k : order) {
      const auto u = static_cast<std::size_t>(network_.supplier[k]);
      const auto v = static_cast<std::size_t>(network_.buyer[k]);
      if (from_s[u] + network_.amount[k] == from_s[v]) count_[s * n_ + v] += count_[s * n_ + u];
    }
  }

  std::size_t n_;
  const RandomNetwork& network_;
  std::vector<double> distance_;
  std::vector<double> count_;
};

RandomNetwork with_unit_lengths(RandomNetwork network) {
  network.amount.assign(network.links(), 1.0);
  return network;
}

/// Lengths 1 to 3, the same in both directions.
RandomNetwork with_lengths(RandomNetwork network) {
  for (std::size_t k = 0; k < network.links(); ++k) {
    const auto i = std::min(network.supplier[k], network.buyer[k]);
    const auto j = std::max(network.supplier[k], network.buyer[k]);
    network.amount[k] = static_cast<double>(1 + (i * 7 + j * 3) % 3);
  }
  return network;
}

std::vector<double> scaled(std::vector<double> values, double factor) {
  for (auto& value : values) value *= factor;
  return values;
}

/// Adds what goes over the other direction of each link, and halves: undirected pairs.
std::vector<double> without_direction(const RandomNetwork& network,
                                      const std::vector<double>& score) {
  std::vector<double> result(score.size());
  for (std::size_t k = 0; k < score.size(); ++k) {
    for (std::size_t l = 0; l < score.size(); ++l) {
      if (network.supplier[k] != network.buyer[l] || network.buyer[k] != network.supplier[l])
        continue;
      result[k] = (score[k] + score[l]) / 2;
    }
  }
  return result;
}

matrix::DistributedMatrix matrix_of(const comm::ProcessGrid& grid, const RandomNetwork& network) {
  return testing::build_matrix(grid, network, ValueType::real);
}

std::vector<double> firm_scores(const comm::ProcessGrid& grid, const RandomNetwork& network,
                                const BetweennessConfig& config) {
  SilentProgress silent;
  return matrix::gather_all(betweenness(matrix_of(grid, network), config, silent).score);
}

/// In the order of the network's links.
std::vector<double> link_scores(const comm::ProcessGrid& grid, const RandomNetwork& network,
                                const BetweennessConfig& config) {
  SilentProgress silent;
  const auto found = link_betweenness(matrix_of(grid, network), config, silent);
  EXPECT_EQ(found.score.size(), network.links());
  std::vector<double> result;
  for (std::size_t k = 0; k < network.links(); ++k) {
    result.push_back(found.score[found.links.arc(static_cast<Vertex>(network.supplier[k]),
                                                 static_cast<Vertex>(network.buyer[k]))]);
  }
  return result;
}

bool all_pairs(std::size_t, std::size_t) { return true; }

/// Firms of which some are wanted: every third, and a random one.
std::vector<std::int64_t> some_of(std::int64_t firms, std::int64_t offset) {
  std::vector<std::int64_t> result;
  for (std::int64_t i = offset; i < firms; i += 3) result.push_back(i);
  return result;
}

bool holds(const std::vector<std::int64_t>& list, std::size_t firm) {
  return std::ranges::find(list, static_cast<std::int64_t>(firm)) != list.end();
}

/// About as many links as firms: trees with and without a cycle, isolates, small components.
std::vector<RandomNetwork> sparse_networks() {
  std::vector<RandomNetwork> result{testing::random_network(0, 0, 1),
                                    testing::random_network(1, 0, 1),
                                    testing::random_network(2, 2, 1)};
  for (const std::uint64_t seed : {1, 2, 3}) {
    result.push_back(testing::random_network(50, 40 + 20 * static_cast<std::int64_t>(seed), seed));
  }
  return result;
}

class BetweennessOfPairsTest : public testing::NetworkTest {};

TEST_F(BetweennessOfPairsTest, LinksEqualCountingPathsPairByPair) {
  on_grids([](const auto& grid) {
    for (const auto& network : sparse_networks()) {
      const auto directed = with_unit_lengths(network);
      const auto both = with_unit_lengths(testing::both_directions(network));
      testing::expect_close(link_scores(grid, directed, {}), Paths(directed).of_links(all_pairs),
                            "directed");
      testing::expect_close(link_scores(grid, both, {.directed = false}),
                            without_direction(both, Paths(both).of_links(all_pairs)), "undirected");
      const auto by_length = with_lengths(both);
      testing::expect_close(
          link_scores(grid, by_length,
                      {.directed = false, .weighted = true, .value = LinkValue::length}),
          without_direction(by_length, Paths(by_length).of_links(all_pairs)), "by length");
    }
  });
}

TEST_F(BetweennessOfPairsTest, LinksHaveClosedFormsOnTreesAndCycles) {
  on_grids([](const auto& grid) {
    Links path, star, cycle;
    for (std::int64_t i = 0; i < 10; ++i) path.emplace_back(i, i + 1);
    for (std::int64_t i = 1; i < 11; ++i) star.emplace_back(0, i);
    for (std::int64_t i = 0; i < 11; ++i) cycle.emplace_back(i, (i + 1) % 11);
    std::vector<double> on_path;
    for (int i = 1; i < 11; ++i) on_path.push_back(i * (11 - i));
    testing::expect_close(link_scores(grid, testing::network_of(11, path), {}), on_path, "one way");
    testing::expect_close(link_scores(grid, testing::network_of(11, cycle), {}),
                          std::vector<double>(11, 55.0), "one-way cycle");
    const auto both = [](const Links& links) {
      return testing::both_directions(testing::network_of(11, links));
    };
    testing::expect_close(link_scores(grid, both(star), {.directed = false}),
                          std::vector<double>(20, 10.0), "star");
    testing::expect_close(link_scores(grid, both(star), {.directed = false, .normalised = true}),
                          std::vector<double>(20, 10.0 / 55), "star, a share of all pairs");
    testing::expect_close(link_scores(grid, both(cycle), {.directed = false}),
                          std::vector<double>(22, 15.0), "cycle");
  });
}

/// 0 -> {1, 2} -> 3 -> {4, 5} -> 6 ...: 2^diamonds paths from end to end.
TEST_F(BetweennessOfPairsTest, LinksCountPathsOfAnyNumber) {
  on_grids([](const auto& grid) {
    for (const std::int64_t diamonds : {10, 20, 1100}) {
      Links links;
      std::vector<double> expected;
      for (std::int64_t d = 0; d < diamonds; ++d) {
        const auto beyond = static_cast<double>(3 * (diamonds - d - 1));
        for (const std::int64_t side : {1, 2}) {
          links.emplace_back(3 * d, 3 * d + side);
          links.emplace_back(3 * d + side, 3 * d + 3);
          expected.push_back((beyond + 1) / 2 + 1);
          expected.push_back((beyond + 1) / 2);
        }
      }
      const auto chain = testing::network_of(3 * diamonds + 1, links);
      testing::expect_close(link_scores(grid, chain, {.sources = {0}}), expected,
                            "diamonds " + std::to_string(diamonds));
    }
  });
}

TEST_F(BetweennessOfPairsTest, SomeSourcesToSomeTargets) {
  on_grids([](const auto& grid) {
    for (const auto& network : sparse_networks()) {
      if (network.firms < 3) continue;
      const auto sources = some_of(network.firms, 0);
      const auto targets = some_of(network.firms, 2);
      const auto to_targets = [&](std::size_t, std::size_t t) { return holds(targets, t); };
      const auto both_ends = [&](std::size_t s, std::size_t t) {
        return holds(sources, s) && holds(targets, t);
      };
      const auto directed = with_unit_lengths(network);
      const auto both = with_unit_lengths(testing::both_directions(network));
      const Paths one_way(directed);
      const Paths two_ways(both);
      testing::expect_close(firm_scores(grid, directed, {.targets = targets}),
                            one_way.of_firms(to_targets), "directed");
      testing::expect_close(firm_scores(grid, directed, {.sources = sources, .targets = targets}),
                            one_way.of_firms(both_ends), "both, directed");
      testing::expect_close(
          firm_scores(grid, both, {.directed = false, .sources = sources, .targets = targets}),
          scaled(two_ways.of_firms(both_ends), 0.5), "both, undirected");
      testing::expect_close(link_scores(grid, directed, {.sources = sources, .targets = targets}),
                            one_way.of_links(both_ends), "links, directed");
      testing::expect_close(
          link_scores(grid, both, {.directed = false, .sources = sources, .targets = targets}),
          without_direction(both, two_ways.of_links(both_ends)), "links, undirected");
      const auto by_length = with_lengths(both);
      testing::expect_close(firm_scores(grid, by_length,
                                        {.directed = false,
                                         .sources = sources,
                                         .targets = targets,
                                         .weighted = true,
                                         .value = LinkValue::length}),
                            scaled(Paths(by_length).of_firms(both_ends), 0.5), "by length");
    }
  });
}

TEST_F(BetweennessOfPairsTest, AllTargetsAreNoRestriction) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(90, 250, 15);
    std::vector<std::int64_t> all;
    for (std::int64_t i = 0; i < 90; ++i) all.push_back(i);
    testing::expect_close(firm_scores(grid, network, {.endpoints = true, .targets = all}),
                          firm_scores(grid, network, {.endpoints = true}), "all targets");
    testing::expect_close(firm_scores(grid, network, {.sources = {3}, .targets = {3}}),
                          std::vector<double>(90, 0.0), "to itself");
  });
}

/// Labels 0 to 3 by chance, a fifth of the firms without.
std::vector<Label> labels_of(std::int64_t firms) {
  std::vector<Label> labels;
  const CounterRandom random(11, 2);
  for (std::int64_t i = 0; i < firms; ++i) {
    const auto drawn = static_cast<Label>(random.below(static_cast<std::uint64_t>(i), 5));
    labels.push_back(drawn == 4 ? kNoCluster : drawn);
  }
  return labels;
}

TEST_F(BetweennessOfPairsTest, BetweenClusters) {
  on_grids([](const auto& grid) {
    for (const auto& network : sparse_networks()) {
      const auto labels = labels_of(network.firms);
      const auto apart = [&](std::size_t s, std::size_t t) {
        return labels[s] != kNoCluster && labels[t] != kNoCluster && labels[s] != labels[t];
      };
      const auto directed = with_unit_lengths(network);
      const auto both = with_unit_lengths(testing::both_directions(network));
      const Paths one_way(directed);
      const Paths two_ways(both);
      testing::expect_close(firm_scores(grid, directed, {.clusters = labels}),
                            one_way.of_firms(apart), "directed");
      testing::expect_close(firm_scores(grid, both, {.directed = false, .clusters = labels}),
                            scaled(two_ways.of_firms(apart), 0.5), "undirected");
      testing::expect_close(link_scores(grid, both, {.directed = false, .clusters = labels}),
                            without_direction(both, two_ways.of_links(apart)), "links");
      const auto by_length = with_lengths(directed);
      testing::expect_close(
          firm_scores(grid, by_length,
                      {.clusters = labels, .weighted = true, .value = LinkValue::length}),
          Paths(by_length).of_firms(apart), "by length");
    }
  });
}

/// Clusters at the ends of a chain of diamonds: 2^1100 paths between them.
TEST_F(BetweennessOfPairsTest, BetweenClustersCountsPathsOfAnyNumber) {
  on_grids([](const auto& grid) {
    for (const std::int64_t diamonds : {20, 1100}) {
      Links links;
      for (std::int64_t d = 0; d < diamonds; ++d) {
        for (const std::int64_t side : {1, 2}) {
          links.emplace_back(3 * d, 3 * d + side);
          links.emplace_back(3 * d + side, 3 * d + 3);
        }
      }
      const auto firms = static_cast<std::size_t>(3 * diamonds + 1);
      std::vector<Label> labels(firms, kNoCluster);
      labels.front() = labels[3] = 0;
      labels.back() = 1;
      std::vector<double> expected(firms, 0.0);
      for (std::size_t v = 1; v + 1 < firms; ++v) {
        expected[v] = (v % 3 == 0 ? 1.0 : 0.5) * (v <= 3 ? 1 : 2);
      }
      testing::expect_close(
          firm_scores(grid, testing::network_of(3 * diamonds + 1, links), {.clusters = labels}),
          expected, "diamonds " + std::to_string(diamonds));
    }
  });
}

TEST_F(BetweennessOfPairsTest, RefusesWhatHasNoMeaning) {
  on_grids([](const auto& grid) {
    const auto network = testing::random_network(20, 60, 3);
    const auto refused = [&](const BetweennessConfig& config, ErrorKind kind, bool links = false) {
      try {
        if (links) {
          static_cast<void>(link_scores(grid, network, config));
        } else {
          static_cast<void>(firm_scores(grid, network, config));
        }
        ADD_FAILURE() << "taken";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind) << error.what();
      }
    };
    const std::vector<Label> labels(20, 0);
    refused({.targets = {20}}, ErrorKind::usage);
    refused({.clusters = {0, 1}}, ErrorKind::usage);
    refused({.endpoints = true, .clusters = labels}, ErrorKind::usage);
    refused({.endpoints = true}, ErrorKind::usage, true);
    refused({.method = BetweennessMethod::products}, ErrorKind::usage, true);
    refused({.memory_bytes = 1000}, ErrorKind::memory, true);
    refused({.targets = {1}, .memory_bytes = 1000}, ErrorKind::memory);
    refused({.clusters = labels, .memory_bytes = 1000}, ErrorKind::memory);
  });
}

}  // namespace
}  // namespace tradegraph::kernels
