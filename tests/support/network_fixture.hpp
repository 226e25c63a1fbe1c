#pragma once
/// Fixture of the tests of network kernels: every grid shape of the ranks at hand, small networks,
/// and values back in global order.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "engine/matrix/environment.hpp"
#include "tests/support/random_network.hpp"

namespace tradegraph::testing {

/// A network from (supplier, buyer) pairs, amounts 1, 2, 3, ...
inline RandomNetwork network_of(std::int64_t firms,
                                const std::vector<std::pair<std::int64_t, std::int64_t>>& links) {
  RandomNetwork network{firms, {}, {}, {}};
  for (const auto& [supplier, buyer] : links) {
    network.supplier.push_back(supplier);
    network.buyer.push_back(buyer);
    network.amount.push_back(static_cast<double>(network.links() % 1000));
  }
  return network;
}

/// Both directions of every link, once each; amounts 1.
inline RandomNetwork both_directions(const RandomNetwork& network) {
  std::vector<std::pair<std::int64_t, std::int64_t>> links;
  for (std::size_t i = 0; i < network.links(); ++i) {
    links.emplace_back(network.supplier[i], network.buyer[i]);
    links.emplace_back(network.buyer[i], network.supplier[i]);
  }
  std::sort(links.begin(), links.end());
  links.erase(std::unique(links.begin(), links.end()), links.end());
  return network_of(network.firms, links);
}

/// Firm i becomes firm order[i].
inline RandomNetwork relabelled(RandomNetwork network, const std::vector<std::int64_t>& order) {
  for (auto& i : network.supplier) i = order[static_cast<std::size_t>(i)];
  for (auto& i : network.buyer) i = order[static_cast<std::size_t>(i)];
  return network;
}

/// A permutation of 0 .. n-1 that every rank can make for itself.
inline std::vector<std::int64_t> shuffled(std::int64_t n, std::uint64_t seed) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) order[static_cast<std::size_t>(i)] = i;
  const CounterRandom random(seed, 3);
  for (std::int64_t i = n - 1; i > 0; --i) {
    const auto k = random.below(static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(i) + 1);
    std::swap(order[static_cast<std::size_t>(i)], order[k]);
  }
  return order;
}

/// Fails, naming the first place, unless |x - y| <= tolerance (1 + |y|) everywhere.
inline void expect_close(const std::vector<double>& x, const std::vector<double>& y,
                         const std::string& where, double tolerance = 1e-9) {
  EXPECT_EQ(x.size(), y.size()) << where;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    const bool close = std::abs(x[i] - y[i]) <= tolerance * (1 + std::abs(y[i]));
    EXPECT_TRUE(close) << where << ": firm " << i << " has " << x[i] << ", not " << y[i];
    if (!close) return;
  }
}

class NetworkTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { environment_ = std::make_unique<matrix::Environment>(); }
  static void TearDownTestSuite() { environment_.reset(); }

  /// Runs `check(grid)` for every grid shape.
  template <class Check>
  static void on_grids(Check&& check) {
    const auto world = comm::Communicator::world();
    for (const auto shape : grid_shapes(world.size())) {
      SCOPED_TRACE("grid " + shape.text());
      check(comm::ProcessGrid(world, shape));
    }
  }

  /// Empty, smaller than the ranks, sparse and disconnected, dense: every case on every grid.
  static std::vector<RandomNetwork> networks() {
    return {random_network(0, 0, 1),         random_network(1, 0, 1),   random_network(2, 2, 1),
            random_network(3, 9, 4),         random_network(60, 40, 2), random_network(60, 400, 3),
            random_network(300, 900, 5, 0.9)};
  }

 private:
  static inline std::unique_ptr<matrix::Environment> environment_;
};

}  // namespace tradegraph::testing
