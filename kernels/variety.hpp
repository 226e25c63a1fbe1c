#pragma once
/// Related and unrelated variety of the industries in each cluster.
///
/// p_i the share of class i in the cluster (firms, or employees), P_g that of division g:
///   related    RV = sum_g P_g H_g,  H_g = sum_{i in g} (p_i / P_g) log2(P_g / p_i)
///   unrelated  UV = sum_g P_g log2(1 / P_g)
///   entropy    sum_i p_i log2(1 / p_i) = RV + UV
/// (Frenken, van Oort & Verburg 2007, doi:10.1080/00343400601120296.)

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/industry_tallies.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

/// In bits; undefined for clusters without a firm (or employee) of known class.
struct Variety {
  double related = kUndefined;
  double unrelated = kUndefined;
  double entropy = kUndefined;
  std::int64_t firms = 0;    ///< that were counted
  std::int64_t skipped = 0;  ///< with unknown class or employees
};

/// One a cluster, the same on all ranks: counts are exact, and added up by division and class on
/// one rank a cluster. `division_of_class[class]` for every class code. Cost: a sort of this rank's
/// firms, one all-to-all of distinct (label, class). Memory: 48 bytes a firm of this rank.
/// Collective; throws as `industry_tallies` does.
[[nodiscard]] std::vector<Variety> variety(const Labels& labels, std::int64_t clusters,
                                           const Codes& classes,
                                           std::span<const std::int32_t> division_of_class,
                                           const Employees* employees = nullptr);

/// The figures of one cluster, from its distinct classes.
[[nodiscard]] Variety variety_of(std::span<const Tally> classes,
                                 std::span<const std::int32_t> division_of_class);

}  // namespace tradegraph::kernels
