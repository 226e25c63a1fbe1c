#pragma once
/// The clusters of all industry groups before absorption: groups are dealt to ranks, shipped,
/// solved and numbered.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "kernels/box.hpp"
#include "kernels/firm_directory.hpp"

namespace tradegraph::kernels {

/// A cluster before absorption.
struct Cluster {
  std::int64_t size;
  std::int64_t smallest_row;  ///< of any member
  double eps_m;
  std::int32_t group;
  std::int32_t rank;  ///< that solved it and holds its members
};

/// A core member, on the rank that solved its group.
struct CoreMember {
  std::int64_t label;
  Place place;
  std::int32_t region;
};

struct GroupClusters {
  /// By provisional label (size descending, then smallest row); the same on all ranks.
  std::vector<Cluster> clusters;
  /// Cores of the clusters solved here, by label ascending.
  std::vector<CoreMember> cores;
  std::int64_t clusters_without_stretch = 0;  ///< over all ranks
  std::vector<std::string> violations;        ///< of all ranks
};

/// Ranks for groups of these sizes: the largest group first, each to the rank with least so far
/// (Graham 1969, doi:10.1137/0117039); ties by code and rank.
[[nodiscard]] std::map<std::int32_t, std::int32_t> deal_groups(
    const std::map<std::int32_t, std::int64_t>& sizes, int ranks);

/// Writes provisional labels and roles into the directory's states. Collective: one all-gather of
/// the group sizes, one of the clusters, three exchanges.
[[nodiscard]] GroupClusters cluster_groups(const comm::Communicator& comm, FirmDirectory& directory,
                                           const TradePairs& trade, const IdentifyConfig& config);

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Cluster> : std::true_type {};
