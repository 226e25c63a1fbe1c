#include "kernels/reach.hpp"

namespace tradegraph::kernels {

namespace {

struct Sums {
  Int128 firms;
  Int128 shares;  ///< in units
  Int128 partners;
  Int128 partners_inside;
  Int128 amounts;         ///< in units of the amounts
  Int128 amounts_inside;  ///< amount times share, likewise
};

/// A firm's amount as a double, so that amount x share is rounded like the amount itself and a
/// share of 1 gives exactly the amount back.
double amount_of(const FirmAmounts& amounts, std::int64_t firm) {
  return amounts.scale.value(amounts.total[firm]);
}

}  // namespace

std::vector<ShareReach> share_reach(const ClusterLinks& links) {
  const auto scale = FixedPointScale::for_range(1, links.labels.size());
  const auto sums =
      cluster_sums<Sums>(links.labels, links.clusters, [&](std::int64_t firm, Sums& to) {
        const auto k = links.partners[firm];
        if (k == 0) return;
        const double share =
            static_cast<double>(links.partners_inside[firm]) / static_cast<double>(k);
        to.firms += 1;
        to.shares += scale.units(share);
        to.partners += k;
        to.partners_inside += links.partners_inside[firm];
        if (!links.amounts) return;
        const double amount = amount_of(*links.amounts, firm);
        to.amounts += links.amounts->scale.units(amount);
        to.amounts_inside += links.amounts->scale.units(amount * share);
      });
  std::vector<ShareReach> result;
  result.reserve(sums.size());
  for (const auto& s : sums) {
    result.push_back(
        {ratio(scale.value(s.shares), static_cast<double>(s.firms)),
         ratio(static_cast<double>(s.partners_inside), static_cast<double>(s.partners)),
         ratio(static_cast<double>(s.amounts_inside), static_cast<double>(s.amounts))});
  }
  return result;
}

}  // namespace tradegraph::kernels
