#pragma once
/// Specialisation of each cluster: location quotients of industry groups.
///
///   LQ_gc = (e_gc / e_c) / (e_g / e),  e firms (or employees), over all firms of known group,
///   those
/// without a cluster included in e_g and e. Of a cluster: the LQ of its main group, the mean of
/// LQ_gc weighted by e_gc / e_c, and the largest. The mean of LQ_gc weighted by e_c / e, over all
/// clusters and the rest outside them, is 1 for every group.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/industry_tallies.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

/// A group that a cluster (or the rest, `kNoCluster`) has.
struct LocationQuotient {
  Label label = kNoCluster;
  std::int32_t group = 0;
  std::int64_t firms = 0;
  double size = 0;  ///< e_gc
  double quotient = kUndefined;
};

struct ClusterSpecialisation {
  std::int32_t main_group = -1;  ///< -1: a cluster without known groups
  double main = kUndefined;
  double mean = kUndefined;
  double largest = kUndefined;
  std::int64_t firms = 0;    ///< that were counted
  std::int64_t skipped = 0;  ///< with unknown group or employees
};

struct Specialisation {
  std::vector<ClusterSpecialisation> clusters;
  std::vector<LocationQuotient> quotients;  ///< by (label, group), the rest first
};

/// The same on all ranks. `main_group[label]`, or empty: then the group with the largest e_gc (tie:
/// the smaller code). A main group that the cluster lacks has LQ 0. Cost: a sort of this rank's
/// firms, one all-to-all and one all-gather of distinct (label, group). Memory: 48 bytes a firm of
/// this rank, and 88 a (label, group) on every rank. Collective; throws as `industry_tallies` does.
[[nodiscard]] Specialisation specialisation(const Labels& labels, std::int64_t clusters,
                                            const Codes& groups, std::int64_t group_count,
                                            const Employees* employees = nullptr,
                                            std::span<const std::int32_t> main_group = {});

}  // namespace tradegraph::kernels
