#include "kernels/assortativity.hpp"

#include <algorithm>
#include <cmath>

namespace tradegraph::kernels {

namespace {

/// Over the linked firms of a cluster.
struct Moments {
  Int128 firms;
  Int128 k;
  Int128 k2;
  Int128 k3;
  Int128 ks;
  Int128 mean_degree;  ///< sum of kbar, in units
};

/// About the means of k and kbar.
struct Deviations {
  Int128 product;  ///< in units
  Int128 square;   ///< of kbar, in units
};

double mean_partner_degree(const ClusterLinks& links, std::int64_t firm) {
  return static_cast<double>(links.partner_degrees_inside[firm]) /
         static_cast<double>(links.partners_inside[firm]);
}

double largest_degree(const ClusterLinks& links) {
  const auto& degree = links.partners_inside;
  std::int64_t largest = 0;
#pragma omp parallel for schedule(static) reduction(max : largest)
  for (std::int64_t i = 0; i < degree.count(); ++i) largest = std::max(largest, degree[i]);
  return static_cast<double>(
      comm::all_reduce(links.labels.grid().group(), largest, comm::ReduceOp::max));
}

std::vector<Moments> moments(const ClusterLinks& links, FixedPointScale scale) {
  return cluster_sums<Moments>(links.labels, links.clusters, [&](std::int64_t firm, Moments& sums) {
    const Int128 k = links.partners_inside[firm];
    const Int128 s = links.partner_degrees_inside[firm];
    if (k == 0) return;
    sums.firms += 1;
    sums.k += k;
    sums.k2 += k * k;
    sums.k3 += k * k * k;
    sums.ks += k * s;
    sums.mean_degree += scale.units(mean_partner_degree(links, firm));
  });
}

struct Means {
  double k = 0;
  double mean_degree = 0;
};

std::vector<Means> means(const std::vector<Moments>& moments, FixedPointScale scale) {
  std::vector<Means> result;
  for (const auto& m : moments) {
    const auto firms = static_cast<double>(m.firms);
    result.push_back(
        {ratio(static_cast<double>(m.k), firms), ratio(scale.value(m.mean_degree), firms)});
  }
  return result;
}

std::vector<Deviations> deviations(const ClusterLinks& links, const std::vector<Means>& means,
                                   FixedPointScale scale) {
  return cluster_sums<Deviations>(
      links.labels, links.clusters, [&](std::int64_t firm, Deviations& sums) {
        if (links.partners_inside[firm] == 0) return;
        const auto& mean = means[static_cast<std::size_t>(links.labels[firm])];
        const double dk = static_cast<double>(links.partners_inside[firm]) - mean.k;
        const double dm = mean_partner_degree(links, firm) - mean.mean_degree;
        sums.product += scale.units(dk * dm);
        sums.square += scale.units(dm * dm);
      });
}

Assortativity figures(const Moments& m, const Deviations& d, FixedPointScale scale) {
  const Int128 spread = m.firms * m.k2 - m.k * m.k;
  if (spread == 0) return {};
  Assortativity result;
  result.newman =
      static_cast<double>(m.k * m.ks - m.k2 * m.k2) / static_cast<double>(m.k * m.k3 - m.k2 * m.k2);
  const double kk = static_cast<double>(spread) / static_cast<double>(m.firms);
  result.slope = scale.value(d.product) / kk;
  // Where kbar is the same for all, U k = kbar k: a rational eigenvalue of an integer matrix, which
  // is an integer. The mean and the deviations are then exact, and the square is exactly 0.
  if (d.square != 0) {
    result.pearson = scale.value(d.product) / std::sqrt(kk * scale.value(d.square));
  }
  return result;
}

}  // namespace

std::vector<Assortativity> assortativity(const ClusterLinks& links) {
  const double largest = largest_degree(links);
  const auto firms = links.labels.size();
  const auto scale = FixedPointScale::for_range(largest, firms);
  const auto square_scale = FixedPointScale::for_range(largest * largest, firms);
  const auto sums = moments(links, scale);
  const auto around = deviations(links, means(sums, scale), square_scale);
  std::vector<Assortativity> result;
  result.reserve(sums.size());
  for (std::size_t c = 0; c < sums.size(); ++c) {
    result.push_back(figures(sums[c], around[c], square_scale));
  }
  return result;
}

namespace {

/// x = out-degree of the supplier, y = in-degree of the buyer, over links.
struct LinkMoments {
  Int128 links;
  Int128 x;
  Int128 x2;
  Int128 y;
  Int128 y2;
  Int128 xy;
};

double correlation(const LinkMoments& m) {
  const Int128 xx = m.links * m.x2 - m.x * m.x;
  const Int128 yy = m.links * m.y2 - m.y * m.y;
  if (xx == 0 || yy == 0) return kUndefined;
  return static_cast<double>(m.links * m.xy - m.x * m.y) /
         (std::sqrt(static_cast<double>(xx)) * std::sqrt(static_cast<double>(yy)));
}

}  // namespace

std::vector<double> newman_directed(const ClusterLinks& links) {
  const auto sums = cluster_sums<LinkMoments>(links.labels, links.clusters,
                                              [&](std::int64_t firm, LinkMoments& m) {
                                                const Int128 out = links.buyers_inside[firm];
                                                const Int128 in = links.suppliers_inside[firm];
                                                m.links += out;
                                                m.x += out * out;
                                                m.x2 += out * out * out;
                                                m.y += in * in;
                                                m.y2 += in * in * in;
                                                m.xy += out * links.buyer_degrees_inside[firm];
                                              });
  std::vector<double> result;
  result.reserve(sums.size());
  for (const auto& m : sums) result.push_back(correlation(m));
  return result;
}

}  // namespace tradegraph::kernels
