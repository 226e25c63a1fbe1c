#pragma once
/// DBSCAN with link stretch by its definition, pair by pair, and firms to try it on.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

#include "engine/base/random.hpp"
#include "kernels/dbscan.hpp"

namespace tradegraph::kernels {

struct Firms {
  std::vector<double> x, y;
  std::vector<std::int64_t> row;
  std::vector<std::int64_t> first, second;

  void add(double at_x, double at_y) {
    row.push_back(static_cast<std::int64_t>(row.size()));
    x.push_back(at_x);
    y.push_back(at_y);
  }
  void trade(std::int64_t i, std::int64_t j) {
    first.push_back(i);
    second.push_back(j);
  }
  [[nodiscard]] PointSet points() const { return {x, y, row}; }
  [[nodiscard]] Pairs pairs() const { return {first, second}; }
  [[nodiscard]] std::size_t size() const { return x.size(); }
};

/// The definition, pair by pair.
class DbscanReference {
 public:
  DbscanReference(const Firms& firms, const DbscanConfig& config) : firms_(firms), config_(config) {
    for (std::size_t k = 0; k < firms.first.size(); ++k) {
      trade_.insert({firms.first[k], firms.second[k]});
      trade_.insert({firms.second[k], firms.first[k]});
    }
  }

  DbscanResult run() {
    const auto n = firms_.size();
    DbscanResult result{std::vector<std::int64_t>(n, -1), std::vector<Role>(n, Role::noise)};
    for (std::size_t i = 0; i < n; ++i) {
      std::int64_t count = 0;
      for (std::size_t j = 0; j < n; ++j) count += neighbours(i, j) ? 1 : 0;
      if (count >= config_.min_firms) result.role[i] = Role::core;
    }
    label_cores(result);
    for (std::size_t i = 0; i < n; ++i) join(i, result);
    return result;
  }

 private:
  [[nodiscard]] double s(std::size_t i, std::size_t j) const {
    const auto pair = std::pair(static_cast<std::int64_t>(i), static_cast<std::int64_t>(j));
    return i != j && trade_.contains(pair) ? config_.stretch : 1.0;
  }
  [[nodiscard]] double squared(std::size_t i, std::size_t j) const {
    const double dx = firms_.x[i] - firms_.x[j];
    const double dy = firms_.y[i] - firms_.y[j];
    return dx * dx + dy * dy;
  }
  [[nodiscard]] bool neighbours(std::size_t i, std::size_t j) const {
    const double reach = s(i, j) * config_.eps_m;
    return squared(i, j) <= reach * reach;
  }
  /// Components by flooding, started in ascending order of rows.
  void label_cores(DbscanResult& result) const {
    std::vector<std::size_t> order(firms_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return firms_.row[a] < firms_.row[b]; });
    std::int64_t next = 0;
    for (const auto start : order) {
      if (result.role[start] != Role::core || result.cluster[start] >= 0) continue;
      std::vector<std::size_t> open{start};
      result.cluster[start] = next;
      while (!open.empty()) {
        const auto i = open.back();
        open.pop_back();
        for (std::size_t j = 0; j < firms_.size(); ++j) {
          if (result.role[j] != Role::core || result.cluster[j] >= 0 || !neighbours(i, j)) continue;
          result.cluster[j] = next;
          open.push_back(j);
        }
      }
      ++next;
    }
  }
  void join(std::size_t i, DbscanResult& result) const {
    if (result.role[i] == Role::core) return;
    double best = std::numeric_limits<double>::infinity();
    std::int64_t best_row = 0;
    for (std::size_t j = 0; j < firms_.size(); ++j) {
      if (result.role[j] != Role::core || !neighbours(i, j)) continue;
      const double ratio = squared(i, j) / (s(i, j) * s(i, j));
      if (ratio > best || (ratio == best && firms_.row[j] > best_row)) continue;
      best = ratio;
      best_row = firms_.row[j];
      result.cluster[i] = result.cluster[j];
      result.role[i] = Role::border;
    }
  }

  const Firms& firms_;
  const DbscanConfig& config_;
  std::set<std::pair<std::int64_t, std::int64_t>> trade_;
};

inline Firms random_firms(std::uint64_t seed, std::int64_t n, double extent, double lattice) {
  const CounterRandom random(seed, 1);
  Firms firms;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto k = static_cast<std::uint64_t>(2 * i);
    double x = random.uniform(k) * extent;
    double y = random.uniform(k + 1) * extent;
    if (i % 3 == 0) x = extent * 0.3 + x * 0.1, y = extent * 0.3 + y * 0.1;  // a dense part
    if (lattice > 0) x = std::round(x / lattice) * lattice, y = std::round(y / lattice) * lattice;
    firms.add(x, y);
  }
  // Rows in another order than the points, so that ties are seen to go by row.
  for (auto& row : firms.row) row = (row * 7919) % 100003;
  return firms;
}

inline void random_trade(Firms& firms, std::uint64_t seed, std::int64_t pairs) {
  const CounterRandom random(seed, 2);
  for (std::int64_t k = 0; k < pairs; ++k) {
    const auto at = static_cast<std::uint64_t>(2 * k);
    firms.trade(static_cast<std::int64_t>(random.below(at, firms.size())),
                static_cast<std::int64_t>(random.below(at + 1, firms.size())));
  }
}

}  // namespace tradegraph::kernels
