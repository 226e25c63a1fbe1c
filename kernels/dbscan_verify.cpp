#include "kernels/dbscan_verify.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace tradegraph::kernels {

namespace {

/// A neighbour as the definition sees it: the squared distance, and s.
struct Neighbour {
  std::size_t point;
  double squared;
  double s;
};

/// Enumerates N(i), the point itself left out.
class Neighbourhoods {
 public:
  Neighbourhoods(const PointSet& points, const Pairs& pairs, const DbscanConfig& config)
      : points_(points), config_(config), partners_(points.row.size()), by_x_(points.row.size()) {
    for (std::size_t k = 0; k < pairs.first.size(); ++k) {
      const auto i = static_cast<std::size_t>(pairs.first[k]);
      const auto j = static_cast<std::size_t>(pairs.second[k]);
      if (i == j) continue;
      partners_[i].push_back(j);
      partners_[j].push_back(i);
    }
    for (auto& list : partners_) {
      std::sort(list.begin(), list.end());
      list.erase(std::unique(list.begin(), list.end()), list.end());
    }
    std::iota(by_x_.begin(), by_x_.end(), std::size_t{0});
    std::sort(by_x_.begin(), by_x_.end(),
              [&](auto a, auto b) { return points.x_m[a] < points.x_m[b]; });
    place_.resize(by_x_.size());
    for (std::size_t p = 0; p < by_x_.size(); ++p) place_[by_x_[p]] = p;
  }

  void for_each(std::size_t i, const std::function<void(const Neighbour&)>& visit) const {
    for (auto p = place_[i] + 1; p < by_x_.size() && visit_plain(i, by_x_[p], visit); ++p) {
    }
    for (auto p = place_[i]; p > 0 && visit_plain(i, by_x_[p - 1], visit); --p) {
    }
    for (const auto j : partners_[i]) {
      const double reach = config_.stretch * config_.eps_m;
      if (squared(i, j) <= reach * reach) visit({j, squared(i, j), config_.stretch});
    }
  }

 private:
  [[nodiscard]] double squared(std::size_t i, std::size_t j) const {
    const double dx = points_.x_m[i] - points_.x_m[j];
    const double dy = points_.y_m[i] - points_.y_m[j];
    return dx * dx + dy * dy;
  }
  /// False when j, and all beyond it, are too far in x alone. Trading pairs have their own turn.
  bool visit_plain(std::size_t i, std::size_t j,
                   const std::function<void(const Neighbour&)>& visit) const {
    const double dx = points_.x_m[i] - points_.x_m[j];
    const double reach = config_.eps_m * config_.eps_m;
    if (dx * dx > reach) return false;
    if (squared(i, j) > reach) return true;
    const auto& list = partners_[i];
    if (!std::binary_search(list.begin(), list.end(), j)) visit({j, squared(i, j), 1.0});
    return true;
  }

  const PointSet& points_;
  const DbscanConfig& config_;
  std::vector<std::vector<std::size_t>> partners_;
  std::vector<std::size_t> by_x_;
  std::vector<std::size_t> place_;
};

class Verifier {
 public:
  Verifier(const PointSet& points, const Pairs& pairs, const DbscanConfig& config,
           const DbscanResult& result, std::size_t limit)
      : points_(points),
        config_(config),
        result_(result),
        limit_(limit),
        neighbourhoods_(points, pairs, config),
        parent_(points.row.size()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  std::vector<std::string> run() {
    for (std::size_t i = 0; i < parent_.size() && !full(); ++i) check_point(i);
    check_components();
    return std::move(violations_);
  }

 private:
  void check_point(std::size_t i) {
    std::int64_t size = 1;
    bool has_core = false;
    neighbourhoods_.for_each(i, [&](const Neighbour& n) {
      ++size;
      if (role(n.point) != Role::core) return;
      has_core = true;
      if (role(i) == Role::core) connect(i, n.point);
    });
    const bool core = size >= config_.min_firms;
    const Role expected = core ? Role::core : has_core ? Role::border : Role::noise;
    if (role(i) != expected) {
      violate(i, std::string("has ") + std::to_string(size) + " firms in reach, " +
                     (has_core ? "" : "no ") + "core among them, but is " + name(role(i)));
    }
    if ((role(i) == Role::noise) != (cluster(i) == -1)) {
      violate(i,
              std::string("is ") + name(role(i)) + " with cluster " + std::to_string(cluster(i)));
    }
    if (expected == Role::border) check_border(i);
  }

  void check_border(std::size_t i) {
    auto best = std::pair(std::numeric_limits<double>::infinity(),
                          std::numeric_limits<std::int64_t>::max());
    std::int64_t expected = -1;
    neighbourhoods_.for_each(i, [&](const Neighbour& n) {
      const auto claim = std::pair(n.squared / (n.s * n.s), points_.row[n.point]);
      if (role(n.point) != Role::core || claim >= best) return;
      best = claim;
      expected = cluster(n.point);
    });
    if (cluster(i) != expected) {
      violate(i, "is border of cluster " + std::to_string(cluster(i)) +
                     ", but the nearest core, row " + std::to_string(best.second) + ", is of " +
                     std::to_string(expected));
    }
  }

  /// Each component of cores has one cluster, each cluster one component; the numbers ascend with
  /// the smallest core row.
  void check_components() {
    std::map<std::int64_t, std::size_t> component;  // of a cluster
    std::map<std::int64_t, std::int64_t> smallest;  // core row of a cluster
    for (std::size_t i = 0; i < parent_.size() && !full(); ++i) {
      if (role(i) != Role::core) continue;
      if (cluster(i) != cluster(find(i))) {
        violate(i, "is in reach of a core of another cluster, row " +
                       std::to_string(points_.row[find(i)]));
      }
      const auto [seen, is_new] = component.try_emplace(cluster(i), find(i));
      if (!is_new && seen->second != find(i)) {
        violate(i, "shares cluster " + std::to_string(cluster(i)) + " with a core out of reach");
      }
      const auto row = smallest.try_emplace(cluster(i), points_.row[i]).first;
      row->second = std::min(row->second, points_.row[i]);
    }
    check_numbers(smallest);
  }

  void check_numbers(const std::map<std::int64_t, std::int64_t>& smallest) {
    std::int64_t expected = 0;
    auto previous = std::numeric_limits<std::int64_t>::min();
    for (const auto& [number, row] : smallest) {
      if (number != expected++ || row < previous) {
        report("cluster " + std::to_string(number) + " is out of the order of smallest core rows");
      }
      previous = row;
    }
  }

  [[nodiscard]] std::size_t find(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  void connect(std::size_t i, std::size_t j) { parent_[find(i)] = find(j); }
  [[nodiscard]] Role role(std::size_t i) const { return result_.role[i]; }
  [[nodiscard]] std::int64_t cluster(std::size_t i) const { return result_.cluster[i]; }
  [[nodiscard]] bool full() const { return violations_.size() >= limit_; }
  void violate(std::size_t i, const std::string& what) {
    report("row " + std::to_string(points_.row[i]) + " " + what);
  }
  void report(const std::string& what) {
    if (!full()) violations_.push_back(what);
  }

  const PointSet& points_;
  const DbscanConfig& config_;
  const DbscanResult& result_;
  std::size_t limit_;
  Neighbourhoods neighbourhoods_;
  std::vector<std::size_t> parent_;
  std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> verify_dbscan(const PointSet& points, const Pairs& pairs,
                                       const DbscanConfig& config, const DbscanResult& result,
                                       std::size_t limit) {
  const auto n = points.row.size();
  if (result.cluster.size() != n || result.role.size() != n) {
    return {"the result has " + std::to_string(result.role.size()) + " entries for " +
            std::to_string(n) + " firms"};
  }
  return Verifier(points, pairs, config, result, limit).run();
}

}  // namespace tradegraph::kernels
