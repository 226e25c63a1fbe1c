#include "app/synth/dispersed.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/synth/draw.hpp"

namespace tradegraph::app::synth {

namespace {

constexpr double kLinksAFirm = 4.5;
constexpr double kUnlinkedShare = 0.225;  ///< of all firms
constexpr double kLeafShare = 0.15;       ///< of all firms; others have one link by chance
constexpr double kUnevenness = 1.1;       ///< log-normal, of a group over the cities
constexpr double kMostWithin1km = 14;     ///< dispersed firms of a group, in a nation of a million

/// Share of each (group, city) in the dispersed firms, dense blocks thinned out.
std::vector<double> block_shares(const Nation& nation) {
  const auto& groups = industry_groups();
  std::vector<double> shares;
  std::vector<double> most;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t c = 0; c < cities().size(); ++c) {
      const auto& city = cities()[c];
      const double z =
          normal_quantile(uniform(key(nation.setting.seed, 0xb10c, g, c)) * 0.98 + 0.01);
      shares.push_back(groups[g].share * std::pow(city.weight, 0.9) * std::exp(kUnevenness * z));
      const double r_km = radius_m(city) / 1000;
      most.push_back(kMostWithin1km * r_km * r_km / 0.7e6);
    }
  }
  for (int step = 0; step < 20; ++step) {
    const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
    for (std::size_t i = 0; i < shares.size(); ++i) {
      shares[i] = std::min(shares[i] / total, most[i]);
    }
  }
  return shares;
}

/// Cumulated shares cut into whole firms.
DispersedTier cut(const std::vector<double>& shares, std::int64_t begin, std::int64_t count) {
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  DispersedTier tier;
  tier.first.push_back(begin);
  double sum = 0;
  for (const double share : shares) {
    sum += share;
    tier.first.push_back(begin + std::min(count, whole(sum / total * static_cast<double>(count))));
  }
  tier.first.back() = begin + count;
  return tier;
}

std::vector<double> cumulated(const std::vector<double>& shares) {
  std::vector<double> sums(shares.size());
  std::partial_sum(shares.begin(), shares.end(), sums.begin());
  for (auto& sum : sums) sum /= sums.back();
  sums.back() = 1;
  return sums;
}

}  // namespace

void place_dispersed(Nation& nation) {
  const auto firms = static_cast<double>(nation.setting.firms);
  std::int64_t most = 0, members = 0, idle = 0;
  for (const auto year : {kFirstYear, kLastYear}) {
    members = 0;
    idle = 0;
    for (const auto& a : nation.agglomerations) {
      members += a.size(year).firms;
      idle += a.size(year).firms - a.size(year).nodes;
    }
    most = std::max(most, members);
  }
  const auto dispersed = nation.setting.firms - most;
  const auto unlinked = std::max(whole(kUnlinkedShare * firms) - idle, dispersed / 20);
  const auto leaves = whole(kLeafShare * firms);
  const auto shares = block_shares(nation);
  nation.hubs = cut(shares, 0, dispersed - unlinked - leaves);
  nation.leaves = cut(shares, nation.hubs.first.back(), leaves);
  nation.city_weights = cumulated(shares);
}

double outside_links(const Agglomeration& a, const Size& size, double inside) {
  const double share_of_participants = std::clamp(
      a.share_in * static_cast<double>(size.nodes) / static_cast<double>(size.participants), 0.05,
      0.95);
  return inside * (1 / share_of_participants - 1);
}

void set_hub_links(Nation& nation) {
  double others = 0;
  for (const auto& a : nation.agglomerations) {
    const auto& size = a.last;
    if (size.firms == 0) continue;
    const auto links = static_cast<double>(size.links);
    others += links + outside_links(a, size, 2 * links);
    others += kLinksOfOutsiders * static_cast<double>(size.nodes - size.participants);
  }
  for (const auto& flow : nation.flows) others += flow.links;
  others += static_cast<double>(nation.leaves.first.back() - nation.leaves.first.front());
  const auto hubs = static_cast<double>(nation.hubs.first.back());
  nation.hub_links = (kLinksAFirm * static_cast<double>(nation.setting.firms) - others) / hubs;
}

}  // namespace tradegraph::app::synth
