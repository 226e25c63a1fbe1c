/// Absorption on one rank, for the settings of a sweep.

#include <algorithm>
#include <limits>
#include <tuple>

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

/// Claims of all clusters on all firms that trade with a member and have a place; by firm.
std::vector<Claim> find_claims(const WholeNation& nation, const SettingLabels& labels) {
  std::vector<Claim> claims;
  std::vector<std::int32_t> partners;
  for (std::size_t i = 0; i < nation.firms(); ++i) {
    if (labels.label[i] >= 0 || !nation.has_place(i)) continue;
    partners.clear();
    for (const auto j : nation.buyers.of(i)) partners.push_back(labels.label[j]);
    for (const auto j : nation.suppliers.of(i)) partners.push_back(labels.label[j]);
    std::sort(partners.begin(), partners.end());
    for (std::size_t k = 0; k < partners.size(); ++k) {
      if (partners[k] < 0) continue;
      if (k == 0 || partners[k] != partners[k - 1]) {
        claims.push_back({static_cast<std::uint32_t>(i), partners[k], 0});
      }
      ++claims.back().links;
    }
  }
  return claims;
}

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

/// Fills in the squared distances to the nearest core, where the cluster's region holds the firm.
class Judge {
 public:
  Judge(const WholeNation& nation, const CoresByCluster& cores, Absorb absorb, double radius_m)
      : nation_(nation), cores_(cores), absorb_(absorb), radius_squared_(radius_m * radius_m) {}

  /// `claims` are of one cluster.
  void judge(std::span<Claim*> claims) const {
    const auto label = claims.front()->label;
    const auto regions =
        absorb_ == Absorb::admin ? cores_.regions(label) : std::vector<std::int32_t>();
    std::vector<Claim*> open;
    for (auto* claim : claims) {
      if (is_possible(*claim, regions)) open.push_back(claim);
    }
    if (open.empty()) return;
    const NearestPoint nearest(cores_.places(label));
    for (auto* claim : open) {
      const double squared = nearest.squared_distance_to(place_of(*claim));
      if (absorb_ == Absorb::admin || squared <= radius_squared_) claim->squared = squared;
    }
  }

 private:
  [[nodiscard]] Place place_of(const Claim& claim) const {
    return {nation_.x_m[claim.firm], nation_.y_m[claim.firm]};
  }
  [[nodiscard]] bool is_possible(const Claim& claim,
                                 const std::vector<std::int32_t>& regions) const {
    if (absorb_ == Absorb::admin) {
      return std::binary_search(regions.begin(), regions.end(), nation_.region[claim.firm]);
    }
    return cores_.least_squared(claim.label, place_of(claim)) <= radius_squared_;
  }

  const WholeNation& nation_;
  const CoresByCluster& cores_;
  Absorb absorb_;
  double radius_squared_;
};

void judge_all(std::vector<Claim>& claims, const Judge& judge) {
  std::vector<Claim*> by_label;
  for (auto& claim : claims) by_label.push_back(&claim);
  std::stable_sort(by_label.begin(), by_label.end(),
                   [](const Claim* a, const Claim* b) { return a->label < b->label; });
  for (std::size_t k = 0; k < by_label.size();) {
    const auto begin = k;
    while (k < by_label.size() && by_label[k]->label == by_label[begin]->label) ++k;
    judge.judge(std::span(by_label).subspan(begin, k - begin));
  }
}

}  // namespace

void absorb_locally(const WholeNation& nation, SettingLabels& labels, double eps_m, Absorb absorb,
                    double absorb_radius_m) {
  auto claims = find_claims(nation, labels);
  const CoresByCluster cores(nation, labels);
  judge_all(claims, Judge(nation, cores, absorb, absorb_radius_m > 0 ? absorb_radius_m : eps_m));
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
