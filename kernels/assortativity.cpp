#include "kernels/assortativity.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "engine/base/buffer.hpp"

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

/// k and S of a firm.
struct FirmDegrees {
  std::int64_t partners;
  std::int64_t partner_degrees;

  [[nodiscard]] double mean() const {
    return static_cast<double>(partner_degrees) / static_cast<double>(partners);
  }
};

FirmDegrees degrees_of(const ClusterLinks& links, std::int64_t firm) {
  return {links.partners_inside[firm], links.partner_degrees_inside[firm]};
}

void add(FirmDegrees firm, FixedPointScale scale, Moments& sums) {
  const Int128 k = firm.partners;
  if (k == 0) return;
  sums.firms += 1;
  sums.k += k;
  sums.k2 += k * k;
  sums.k3 += k * k * k;
  sums.ks += k * firm.partner_degrees;
  sums.mean_degree += scale.units(firm.mean());
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
    add(degrees_of(links, firm), scale, sums);
  });
}

struct Means {
  double k = 0;
  double mean_degree = 0;
};

Means means(const Moments& m, FixedPointScale scale) {
  const auto firms = static_cast<double>(m.firms);
  return {ratio(static_cast<double>(m.k), firms), ratio(scale.value(m.mean_degree), firms)};
}

void add(FirmDegrees firm, const Means& mean, FixedPointScale scale, Deviations& sums) {
  if (firm.partners == 0) return;
  const double dk = static_cast<double>(firm.partners) - mean.k;
  const double dm = firm.mean() - mean.mean_degree;
  sums.product += scale.units(dk * dm);
  sums.square += scale.units(dm * dm);
}

std::vector<Deviations> deviations(const ClusterLinks& links, const std::vector<Means>& means,
                                   FixedPointScale scale) {
  return cluster_sums<Deviations>(
      links.labels, links.clusters, [&](std::int64_t firm, Deviations& sums) {
        const auto& mean = means[static_cast<std::size_t>(links.labels[firm])];
        add(degrees_of(links, firm), mean, scale, sums);
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
  std::vector<Means> of_cluster;
  for (const auto& m : sums) of_cluster.push_back(means(m, scale));
  const auto around = deviations(links, of_cluster, square_scale);
  std::vector<Assortativity> result;
  result.reserve(sums.size());
  for (std::size_t c = 0; c < sums.size(); ++c) {
    result.push_back(figures(sums[c], around[c], square_scale));
  }
  return result;
}

std::vector<Assortativity> assortativity(const LabelledDegrees& firms, std::size_t clusters) {
  const auto n = firms.label.size();
  const auto most = n == 0 ? 0 : *std::ranges::max_element(firms.partners);
  const auto largest = static_cast<double>(most);
  const auto scale = FixedPointScale::for_range(largest, static_cast<std::int64_t>(n));
  const auto square_scale =
      FixedPointScale::for_range(largest * largest, static_cast<std::int64_t>(n));
  const auto for_each_member = [&](auto&& visit) {
    for (std::size_t i = 0; i < n; ++i) {
      if (firms.label[i] < 0) continue;
      visit(static_cast<std::size_t>(firms.label[i]),
            FirmDegrees{firms.partners[i], firms.partner_degrees[i]});
    }
  };
  std::vector<Moments> sums(clusters);
  for_each_member([&](std::size_t c, FirmDegrees firm) { add(firm, scale, sums[c]); });
  std::vector<Means> mean;
  for (const auto& m : sums) mean.push_back(means(m, scale));
  std::vector<Deviations> around(clusters);
  for_each_member(
      [&](std::size_t c, FirmDegrees firm) { add(firm, mean[c], square_scale, around[c]); });
  std::vector<Assortativity> result;
  for (std::size_t c = 0; c < clusters; ++c) {
    result.push_back(figures(sums[c], around[c], square_scale));
  }
  return result;
}

int assortativity_grid(std::int64_t largest) {
  return largest == 0 ? -1
                      : std::ilogb(static_cast<double>(largest) * static_cast<double>(largest));
}

namespace {

/// Values of this rank's firms, from what its block's rows add to them.
template <class T>
class FirmValues {
 public:
  /// Collective over the grid row.
  FirmValues(const matrix::DistributedMatrix& a, Buffer<T> of_row) : of_row_(std::move(of_row)) {
    if (a.grid().row_ranks().size() == 1) return;
    folded_.emplace(a.fold_rows<T>(std::span<const T>(of_row_), comm::ReduceOp::sum));
  }
  [[nodiscard]] std::span<const T> values() const {
    return folded_ ? folded_->values() : std::span<const T>(of_row_);
  }

 private:
  Buffer<T> of_row_;
  std::optional<matrix::DistributedVector<T>> folded_;
};

/// 32 bits: random reads are what the pass over the links waits for.
using PartnerCounts = FirmValues<std::uint32_t>;
using PartnerSums = FirmValues<std::int64_t>;

PartnerCounts partner_counts(const matrix::DistributedMatrix& u) {
  const auto& block = u.csr();
  Buffer<std::uint32_t> counts(block.rows());
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    counts[r] = static_cast<std::uint32_t>(block.row(r).size());
  }
  return {u, std::move(counts)};
}

PartnerSums partner_sums(const matrix::DistributedMatrix& u, const PartnerCounts& partners) {
  std::vector<std::uint32_t> expanded;
  auto of_column = partners.values();
  if (u.grid().group().size() > 1) {
    expanded = u.expand_columns(
        matrix::DistributedVector<std::uint32_t>(u.grid(), u.row_layout(), of_column));
    of_column = expanded;
  }
  const auto& block = u.csr();
  Buffer<std::int64_t> sums(block.rows());
#pragma omp parallel for schedule(dynamic, 2048)
  for (std::int64_t r = 0; r < block.rows(); ++r) {
    std::int64_t sum = 0;
    for (const auto column : block.row(r)) sum += of_column[column];
    sums[r] = sum;
  }
  return {u, std::move(sums)};
}

/// `add(firm, sums)` for each of `firms`, by all threads; over all ranks. Collective.
template <class Sums, class Add>
Sums network_sums(const comm::Communicator& group, std::int64_t firms, const Add& add) {
  Sums all{};
  const auto members = [](Sums& sums) {
    return std::span(reinterpret_cast<Int128*>(&sums), sizeof(Sums) / sizeof(Int128));
  };
#pragma omp parallel
  {
    Sums mine{};
#pragma omp for schedule(static)
    for (std::int64_t i = 0; i < firms; ++i) add(i, mine);
#pragma omp critical(tradegraph_network_sums)
    std::ranges::transform(members(all), members(mine), members(all).begin(), std::plus<>());
  }
  comm::all_reduce_in_place(group, members(all), comm::ReduceOp::sum);
  return all;
}

}  // namespace

Assortativity network_assortativity(const matrix::DistributedMatrix& u) {
  require(u.rows() == u.columns(), ErrorKind::internal,
          "assortativity of a matrix that is not square");
  require(u.rows() <= std::numeric_limits<std::uint32_t>::max(), ErrorKind::usage,
          "assortativity needs fewer than 2^32 firms");
  const auto& group = u.grid().group();
  const auto partners = partner_counts(u);
  const auto sums = partner_sums(u, partners);
  const auto k = partners.values();
  const auto s = sums.values();
  const auto firms = static_cast<std::int64_t>(k.size());
  const auto firm = [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    return FirmDegrees{k[at], s[at]};
  };
  const auto most = k.empty() ? 0U : *std::ranges::max_element(k);
  const auto largest = static_cast<double>(
      comm::all_reduce(group, static_cast<std::int64_t>(most), comm::ReduceOp::max));
  const auto scale = FixedPointScale::for_range(largest, u.rows());
  const auto square_scale = FixedPointScale::for_range(largest * largest, u.rows());
  const auto m = network_sums<Moments>(
      group, firms, [&](std::int64_t i, Moments& all) { add(firm(i), scale, all); });
  const auto mean = means(m, scale);
  const auto d = network_sums<Deviations>(group, firms, [&](std::int64_t i, Deviations& all) {
    add(firm(i), mean, square_scale, all);
  });
  return figures(m, d, square_scale);
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
