#pragma once
/// Networks with clusters, on the grid under test and whole on one rank, for kernels whose figures
/// must be equal to the last bit on both.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "engine/matrix/environment.hpp"
#include "kernels/cluster_links.hpp"
#include "kernels/network_forms.hpp"
#include "tests/support/random_network.hpp"

namespace tradegraph::testing {

struct ClusterCase {
  std::string name;
  RandomNetwork network;
  std::vector<Label> labels;
  std::int64_t clusters = 0;

  [[nodiscard]] std::size_t firms() const { return labels.size(); }
  [[nodiscard]] std::vector<std::size_t> members(Label label) const {
    std::vector<std::size_t> result;
    for (std::size_t i = 0; i < firms(); ++i) {
      if (labels[i] == label) result.push_back(i);
    }
    return result;
  }
};

/// Labels by blocks of neighbours (so that there are links inside), some firms without one, the
/// last cluster without firms.
inline ClusterCase random_case(std::int64_t firms, std::int64_t links, std::int64_t clusters,
                               std::uint64_t seed) {
  ClusterCase result{"random " + std::to_string(firms) + "/" + std::to_string(clusters),
                     random_network(firms, links, seed),
                     {},
                     clusters};
  const CounterRandom random(seed, 5);
  for (std::int64_t i = 0; i < firms; ++i) {
    const auto block = clusters > 1 ? i * (clusters - 1) / firms : 0;
    const bool none = clusters == 0 || random.uniform(static_cast<std::uint64_t>(i)) < 0.2;
    result.labels.push_back(none ? kNoCluster : block);
  }
  return result;
}

/// From directed links; all firms in one cluster.
inline ClusterCase whole(std::string name, std::int64_t firms,
                         const std::vector<std::pair<std::int64_t, std::int64_t>>& links) {
  ClusterCase result{std::move(name), {firms, {}, {}, {}}, {}, 1};
  for (const auto& [supplier, buyer] : links) {
    result.network.supplier.push_back(supplier);
    result.network.buyer.push_back(buyer);
    result.network.amount.push_back(static_cast<double>(supplier + 2 * buyer + 1));
  }
  result.labels.assign(static_cast<std::size_t>(firms), 0);
  return result;
}

inline ClusterCase star(std::int64_t leaves) {
  std::vector<std::pair<std::int64_t, std::int64_t>> links;
  for (std::int64_t leaf = 1; leaf <= leaves; ++leaf) links.emplace_back(0, leaf);
  return whole("star", leaves + 1, links);
}

inline ClusterCase ring(std::int64_t firms) {
  std::vector<std::pair<std::int64_t, std::int64_t>> links;
  for (std::int64_t i = 0; i < firms; ++i) links.emplace_back(i, (i + 1) % firms);
  return whole("ring", firms, links);
}

/// Empty, no links, no clusters, fewer firms than ranks, whole network, many clusters.
inline std::vector<ClusterCase> cluster_cases() {
  std::vector<ClusterCase> cases;
  cases.push_back(random_case(0, 0, 0, 1));
  cases.push_back(random_case(0, 0, 3, 1));
  cases.push_back(random_case(30, 0, 4, 2));
  cases.push_back(random_case(40, 120, 0, 3));
  cases.push_back(random_case(2, 8, 1, 4));
  cases.push_back(random_case(37, 150, 4, 5));
  cases.push_back(random_case(400, 2400, 7, 6));
  cases.push_back(random_case(300, 900, 90, 7));
  cases.push_back(whole("one link", 3, {{0, 1}}));
  cases.push_back(star(6));
  cases.push_back(ring(5));
  cases.push_back(random_case(400, 2400, 1, 8));
  cases.back().labels.assign(400, 0);
  for (auto& amount : cases.back().network.amount) amount = std::exp(amount / 40) / 3;
  return cases;
}

/// Firm i becomes firm (i * step + 3) mod n, step without a common divisor with n.
inline std::vector<std::size_t> shuffled(std::size_t firms) {
  std::size_t step = 7;
  while (firms > 0 && std::gcd(step, firms) != 1) ++step;
  std::vector<std::size_t> place(firms);
  for (std::size_t i = 0; i < firms; ++i) place[i] = (i * step + 3) % firms;
  return place;
}

inline ClusterCase relabelled(const ClusterCase& original) {
  const auto place = shuffled(original.firms());
  auto result = original;
  for (std::size_t i = 0; i < original.firms(); ++i) result.labels[place[i]] = original.labels[i];
  const auto move = [&](std::int64_t& firm) {
    firm = static_cast<std::int64_t>(place[static_cast<std::size_t>(firm)]);
  };
  for (auto& firm : result.network.supplier) move(firm);
  for (auto& firm : result.network.buyer) move(firm);
  return result;
}

inline ClusterCase transposed(ClusterCase original) {
  std::swap(original.network.supplier, original.network.buyer);
  return original;
}

/// With one more firm in `label`, without links.
inline ClusterCase with_isolated_firm(ClusterCase original, Label label) {
  ++original.network.firms;
  original.labels.push_back(label);
  return original;
}

/// `all`, of which each rank keeps its own.
template <class T>
matrix::DistributedVector<T> spread(const comm::ProcessGrid& grid, const std::vector<T>& all) {
  const matrix::Layout rows(grid.shape(), static_cast<std::int64_t>(all.size()),
                            matrix::Alignment::rows);
  matrix::DistributedVector<T> vector(grid, rows);
  for (std::int64_t i = 0; i < vector.count(); ++i) vector[i] = all[vector.global_of(i).offset()];
  return vector;
}

/// The matrices of a case on one grid.
struct Placed {
  matrix::DistributedMatrix a;
  matrix::DistributedMatrix u;
  matrix::DistributedMatrix amount;
  kernels::Labels labels;
  kernels::ClusterLinks links;

  Placed(const comm::ProcessGrid& grid, const ClusterCase& c)
      : a(build_matrix(grid, c.network, matrix::ValueType::pattern)),
        u(kernels::undirected_pattern(a)),
        amount(build_matrix(grid, c.network, matrix::ValueType::real)),
        labels(spread(grid, c.labels)),
        links(kernels::cluster_links(a, u, labels, c.clusters, &amount)) {}
};

/// Equal to the last bit; two undefined values are equal.
inline bool same_bits(double x, double y) {
  return (std::isnan(x) && std::isnan(y)) || std::memcmp(&x, &y, sizeof x) == 0;
}

inline void expect_near(double value, double expected, const std::string& where,
                        double tolerance = 1e-12) {
  EXPECT_EQ(std::isnan(value), std::isnan(expected)) << where << ": " << value << " " << expected;
  if (std::isnan(value) || std::isnan(expected)) return;
  EXPECT_NEAR(value, expected, tolerance * (1 + std::abs(expected))) << where;
}

/// Fixture: starts and ends GraphBLAS, and runs checks on every grid shape.
class ClusterTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { environment_ = std::make_unique<matrix::Environment>(); }
  static void TearDownTestSuite() { environment_.reset(); }

  /// `check(case, grid of all ranks, grid of this rank alone)`.
  template <class Check>
  static void for_all(const std::vector<ClusterCase>& cases, Check&& check) {
    const auto world = comm::Communicator::world();
    const auto self = comm::Communicator::self();
    const comm::ProcessGrid alone(self, {1, 1, 1});
    for (const auto shape : grid_shapes(world.size())) {
      const comm::ProcessGrid grid(world, shape);
      for (const auto& one : cases) {
        SCOPED_TRACE(one.name + " on " + shape.text());
        check(one, grid, alone);
      }
    }
  }

  /// Figures of a case on this rank alone.
  template <class Kernel>
  static auto alone(const ClusterCase& one, Kernel&& kernel) {
    const auto self = comm::Communicator::self();
    const comm::ProcessGrid grid(self, {1, 1, 1});
    return kernel(Placed(grid, one));
  }

  static inline std::unique_ptr<matrix::Environment> environment_;
};

/// The undirected 0/1 matrix inside `label`, between its members, as nested vectors.
inline std::vector<std::vector<int>> inside(const ClusterCase& one, Label label, bool directed) {
  const auto dense = one.network.dense(false);
  const auto members = one.members(label);
  std::vector<std::vector<int>> result(members.size(), std::vector<int>(members.size(), 0));
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t j = 0; j < members.size(); ++j) {
      const bool forth = dense[members[i] * one.firms() + members[j]] != 0;
      const bool back = dense[members[j] * one.firms() + members[i]] != 0;
      result[i][j] = forth || (back && !directed) ? 1 : 0;
    }
  }
  return result;
}

}  // namespace tradegraph::testing
