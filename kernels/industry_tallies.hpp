#pragma once
/// Exact tables cluster x industry, weighted by firms or employees.

#include <cstdint>
#include <vector>

#include "kernels/cluster_sums.hpp"
#include "kernels/cluster_tally.hpp"

namespace tradegraph::kernels {

/// Code of each firm's industry (class, division or group), -1 where unknown.
using Codes = matrix::DistributedVector<std::int32_t>;
using Employees = matrix::DistributedVector<double>;

/// Key under which firms are tallied whose industry or employees are unknown: with a count and no
/// weight.
inline constexpr std::int64_t kUnknownIndustry = -1;

struct IndustryTallies {
  FixedPointScale scale;       ///< of the weights; 2^0 where firms are counted
  std::vector<Tally> tallies;  ///< this rank's firms; label, industry, firms, weight
};

/// `labels`, `codes` and `employees` (NaN where unknown, null to count firms) in one layout. Firms
/// without a cluster are tallied under `kNoCluster`. Collective; throws `ErrorKind::internal` for
/// labels, codes (below -1, or `industries` and above) or employees (negative, infinite) that make
/// no sense.
[[nodiscard]] IndustryTallies industry_tallies(const Labels& labels, std::int64_t clusters,
                                               const Codes& codes, std::int64_t industries,
                                               const Employees* employees);

}  // namespace tradegraph::kernels
