#pragma once
/// Small random networks that every rank can make for itself, and ways to hand them to the engine.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "engine/comm/process_grid.hpp"
#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::testing {

/// Directed links without loops or repeats, with positive integer amounts.
struct RandomNetwork {
  std::int64_t firms = 0;
  std::vector<std::int64_t> supplier;
  std::vector<std::int64_t> buyer;
  std::vector<double> amount;

  [[nodiscard]] std::size_t links() const { return supplier.size(); }
  /// Dense 0/1 or amount matrix, row-major, for obvious references.
  [[nodiscard]] std::vector<double> dense(bool amounts) const {
    std::vector<double> a(static_cast<std::size_t>(firms * firms), 0.0);
    for (std::size_t i = 0; i < links(); ++i) {
      a[static_cast<std::size_t>(supplier[i] * firms + buyer[i])] = amounts ? amount[i] : 1.0;
    }
    return a;
  }
};

/// About `links` links; a firm's attractiveness falls as 1 / its rank, so that there are hubs and
/// isolates; `local_share` of the links go to a near number (a curve neighbour).
inline RandomNetwork random_network(std::int64_t firms, std::int64_t links, std::uint64_t seed,
                                    double local_share = 0.5) {
  const CounterRandom random(seed, 77);
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs;
  const auto scale = static_cast<double>(firms);
  for (std::int64_t i = 0; i < links && firms > 1; ++i) {
    const auto at = [&](std::uint64_t k) {
      return random.uniform(static_cast<std::uint64_t>(i) * 4 + k);
    };
    // Hubs are scattered along the curve by a hash; the largest has about 5 links in 10,000, as
    // in networks of a million firms.
    const auto pick = [&](double u) {
      const double head = 1 + scale / 650;
      const auto rank = static_cast<std::uint64_t>(head * (std::pow(scale / head + 1, u) - 1));
      return static_cast<std::int64_t>(mix64(rank + seed) % static_cast<std::uint64_t>(firms));
    };
    const auto s = pick(at(0));
    auto t = pick(at(1));
    if (at(2) < local_share) {
      t = (s + 1 + static_cast<std::int64_t>(at(3) * std::min(scale - 1, 12.0))) % firms;
    }
    if (s != t) pairs.emplace_back(s, t);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  RandomNetwork network{firms, {}, {}, {}};
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    network.supplier.push_back(pairs[i].first);
    network.buyer.push_back(pairs[i].second);
    network.amount.push_back(static_cast<double>(1 + random.below(1000000 + i, 1000)));
  }
  return network;
}

/// This rank's share of the links (every size-th), so that building has to communicate.
inline matrix::Triples share_of(const RandomNetwork& network, const comm::Communicator& group) {
  matrix::Triples triples;
  for (auto i = static_cast<std::size_t>(group.rank()); i < network.links();
       i += static_cast<std::size_t>(group.size())) {
    triples.row.push_back(network.supplier[i]);
    triples.column.push_back(network.buyer[i]);
    triples.real.push_back(network.amount[i]);
    triples.integer.push_back(static_cast<std::int64_t>(network.amount[i]));
  }
  return triples;
}

inline matrix::DistributedMatrix build_matrix(const comm::ProcessGrid& grid,
                                              const RandomNetwork& network,
                                              matrix::ValueType type) {
  auto triples = share_of(network, grid.group());
  if (type != matrix::ValueType::real) triples.real.clear();
  if (type != matrix::ValueType::int64) triples.integer.clear();
  return matrix::DistributedMatrix::build(grid, network.firms, network.firms, type, triples);
}

/// All grid shapes with one replica, plus one with replicas where the rank count allows.
inline std::vector<comm::GridShape> grid_shapes(int ranks) {
  std::vector<comm::GridShape> shapes;
  for (int replicas = 1; replicas <= ranks; ++replicas) {
    if (ranks % replicas != 0) continue;
    for (int rows = 1; rows <= ranks / replicas; ++rows) {
      if (ranks / replicas % rows == 0) shapes.push_back({replicas, rows, ranks / replicas / rows});
    }
  }
  return shapes;
}

}  // namespace tradegraph::testing
