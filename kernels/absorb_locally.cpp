/// Absorption on one rank, for the settings of a sweep.

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/base/random.hpp"
#include "kernels/nearest_point.hpp"
#include "kernels/setting_labels.hpp"

namespace tradegraph::kernels {

namespace {

constexpr double kRefused = std::numeric_limits<double>::infinity();

/// A firm without a cluster, a cluster, and the number of links between them.
struct Claim {
  std::uint32_t firm;
  std::int32_t label;
  std::int64_t links;
  double squared = kRefused;
};

/// Core members by cluster.
class CoresByCluster {
 public:
  CoresByCluster(const WholeNation& nation, const SettingLabels& labels)
      : nation_(nation), first_(labels.clusters.size() + 1, 0), box_(labels.clusters.size()) {
    for (std::size_t i = 0; i < labels.label.size(); ++i) {
      if (labels.is_core[i] == 0) continue;
      const auto cluster = static_cast<std::size_t>(labels.label[i]);
      ++first_[cluster + 1];
      box_[cluster].include(nation.x_m[i], nation.y_m[i]);
    }
    for (std::size_t c = 0; c + 1 < first_.size(); ++c) first_[c + 1] += first_[c];
    firms_.resize(first_.back());
    auto next = first_;
    for (std::size_t i = 0; i < labels.label.size(); ++i) {
      if (labels.is_core[i] == 0) continue;
      firms_[next[static_cast<std::size_t>(labels.label[i])]++] = static_cast<std::uint32_t>(i);
    }
  }

  [[nodiscard]] std::size_t clusters() const { return box_.size(); }
  [[nodiscard]] std::span<const std::uint32_t> of(std::int32_t label) const {
    const auto c = static_cast<std::size_t>(label);
    return std::span(firms_).subspan(first_[c], first_[c + 1] - first_[c]);
  }
  /// No core is nearer than this.
  [[nodiscard]] double least_squared(std::int32_t label, Place place) const {
    return least_squared_distance(place, box_[static_cast<std::size_t>(label)]);
  }
  [[nodiscard]] std::vector<Place> places(std::int32_t label) const {
    std::vector<Place> places;
    for (const auto i : of(label)) places.push_back({nation_.x_m[i], nation_.y_m[i]});
    return places;
  }
  [[nodiscard]] std::vector<std::int32_t> regions(std::int32_t label) const {
    std::vector<std::int32_t> regions;
    for (const auto i : of(label)) {
      if (nation_.region[i] >= 0) regions.push_back(nation_.region[i]);
    }
    std::sort(regions.begin(), regions.end());
    regions.erase(std::unique(regions.begin(), regions.end()), regions.end());
    return regions;
  }

 private:
  const WholeNation& nation_;
  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> firms_;
  std::vector<Box> box_;
};

/// Which places have a core within the radius: cells of a little more than the radius, hashed to
/// bits. Of most firms without a cluster it says that they have none, so that nobody needs to look
/// at their trade.
class NearCores {
 public:
  NearCores(const WholeNation& nation, const SettingLabels& labels, double radius_m)
      : side_(1.001 * radius_m) {  // more than rounding can add to a distance
    const auto cores = std::count(labels.is_core.begin(), labels.is_core.end(), 1);
    words_.assign(std::bit_ceil(static_cast<std::size_t>(cores) / 8 + 1), 0);
    Cell last{0, 0};
    bool is_first = true;
    for (std::size_t i = 0; i < labels.is_core.size(); ++i) {
      if (labels.is_core[i] == 0) continue;
      const auto cell = cell_of({nation.x_m[i], nation.y_m[i]});
      if (is_first || cell != last) mark_around(cell);
      last = cell;
      is_first = false;
    }
  }

  /// False only if there is none.
  [[nodiscard]] bool may_have(Place place) const {
    const auto bit = bit_of(cell_of(place));
    return (words_[bit / 64] >> (bit % 64) & 1) != 0;
  }

 private:
  using Cell = std::pair<std::int64_t, std::int64_t>;

  [[nodiscard]] Cell cell_of(Place place) const {
    return {static_cast<std::int64_t>(std::floor(place.x / side_)),
            static_cast<std::int64_t>(std::floor(place.y / side_))};
  }
  [[nodiscard]] std::size_t bit_of(Cell cell) const {
    const auto x = static_cast<std::uint64_t>(cell.first);
    const auto y = static_cast<std::uint64_t>(cell.second);
    return mix64(x ^ std::rotl(y, 32)) & (64 * words_.size() - 1);
  }
  void mark_around(Cell cell) {
    for (const int dx : {-1, 0, 1}) {
      for (const int dy : {-1, 0, 1}) {
        const auto bit = bit_of({cell.first + dx, cell.second + dy});
        words_[bit / 64] |= std::uint64_t{1} << (bit % 64);
      }
    }
  }

  double side_;
  std::vector<std::uint64_t> words_;
};

/// The regions of clusters, in which they may absorb.
class Regions {
 public:
  Regions(const WholeNation& nation, const SettingLabels& labels, const CoresByCluster& cores,
          Absorb absorb, double radius_m)
      : nation_(nation),
        cores_(cores),
        is_admin_(absorb == Absorb::admin),
        radius_squared_(radius_m * radius_m) {
    if (!is_admin_) near_.emplace(nation, labels, radius_m);
    for (std::size_t c = 0; is_admin_ && c < cores.clusters(); ++c) {
      codes_.push_back(cores.regions(static_cast<std::int32_t>(c)));
    }
  }

  /// False only if no cluster's region holds the firm.
  [[nodiscard]] bool may_hold(std::uint32_t firm) const {
    return is_admin_ ? nation_.region[firm] >= 0 : near_->may_have(place_of(firm));
  }

  /// False only if the firm is outside. Cheap: most partners of a firm are far away.
  [[nodiscard]] bool may_hold(std::int32_t label, std::uint32_t firm) const {
    if (!is_admin_) return cores_.least_squared(label, place_of(firm)) <= radius_squared_;
    const auto& codes = codes_[static_cast<std::size_t>(label)];
    return std::binary_search(codes.begin(), codes.end(), nation_.region[firm]);
  }
  /// Fills in the squared distances to the nearest core, for claims of one cluster on firms that
  /// it may hold; kRefused outside its region.
  void judge(std::span<Claim*> claims) const {
    NearestPoint nearest(cores_.places(claims.front()->label));
    for (auto* claim : claims) {
      claim->squared = is_admin_
                           ? nearest.squared_distance_to(place_of(claim->firm))
                           : nearest.squared_distance_to(place_of(claim->firm), radius_squared_);
    }
  }

 private:
  [[nodiscard]] Place place_of(std::uint32_t firm) const {
    return {nation_.x_m[firm], nation_.y_m[firm]};
  }

  const WholeNation& nation_;
  const CoresByCluster& cores_;
  bool is_admin_;
  double radius_squared_;
  std::optional<NearCores> near_;                 ///< of footprints
  std::vector<std::vector<std::int32_t>> codes_;  ///< by cluster, ascending
};

/// Claims of clusters on the firms without one that trade with a member and that they may hold; by
/// firm.
std::vector<Claim> find_claims(const WholeNation& nation, const SettingLabels& labels,
                               const Regions& regions) {
  std::vector<Claim> claims;
  std::vector<std::int32_t> claimants;  // one a link
  for (std::uint32_t i = 0; i < nation.firms(); ++i) {
    if (labels.label[i] >= 0 || !nation.has_place(i) || !regions.may_hold(i)) continue;
    claimants.clear();
    for (const auto partners : {nation.buyers.of(i), nation.suppliers.of(i)}) {
      for (const auto j : partners) {
        const auto label = labels.label[j];
        if (label >= 0 && regions.may_hold(label, i)) claimants.push_back(label);
      }
    }
    std::sort(claimants.begin(), claimants.end());
    for (std::size_t k = 0; k < claimants.size(); ++k) {
      if (k == 0 || claimants[k] != claimants[k - 1]) claims.push_back({i, claimants[k], 0});
      ++claims.back().links;
    }
  }
  return claims;
}

void judge_all(std::vector<Claim>& claims, const Regions& regions) {
  std::vector<Claim*> by_label;
  for (auto& claim : claims) by_label.push_back(&claim);
  std::stable_sort(by_label.begin(), by_label.end(),
                   [](const Claim* a, const Claim* b) { return a->label < b->label; });
  for (std::size_t k = 0; k < by_label.size();) {
    const auto begin = k;
    while (k < by_label.size() && by_label[k]->label == by_label[begin]->label) ++k;
    regions.judge(std::span(by_label).subspan(begin, k - begin));
  }
}

}  // namespace

void absorb_locally(const WholeNation& nation, SettingLabels& labels, double eps_m, Absorb absorb,
                    double absorb_radius_m) {
  const CoresByCluster cores(nation, labels);
  const Regions regions(nation, labels, cores, absorb,
                        absorb_radius_m > 0 ? absorb_radius_m : eps_m);
  auto claims = find_claims(nation, labels, regions);
  judge_all(claims, regions);
  for (std::size_t k = 0; k < claims.size();) {
    const auto firm = claims[k].firm;
    auto best = std::tuple(std::int64_t{0}, kRefused, std::int32_t{-1});
    for (; k < claims.size() && claims[k].firm == firm; ++k) {
      if (claims[k].squared == kRefused) continue;
      best = std::min(best, std::tuple(-claims[k].links, claims[k].squared, claims[k].label));
    }
    labels.label[firm] = std::get<2>(best);
  }
}

}  // namespace tradegraph::kernels
