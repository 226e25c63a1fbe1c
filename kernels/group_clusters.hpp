#pragma once
/// The clusters of all industry groups before absorption: cut into pieces, dealt to ranks, solved
/// and numbered.

#include <cstdint>
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
  std::vector<std::int32_t> ranks;  ///< that hold core members of it
};

/// A core member, on the rank that clusters it.
struct CoreMember {
  std::int64_t label;
  Place place;
  std::int32_t region;
};

struct GroupClusters {
  /// By provisional label (size descending, then smallest row); the same on all ranks.
  std::vector<Cluster> clusters;
  /// Cores clustered here, by label ascending; none unless they may absorb.
  std::vector<CoreMember> cores;
  std::int64_t clusters_without_stretch = 0;  ///< over all ranks
  std::vector<std::string> violations;        ///< of all ranks
};

/// Writes provisional labels and roles into the directory's states, and what `config` asks for
/// beside. Collective: see `GroupPieces`, `distribute` and `PieceSolver`; `verify` and `k_distance`
/// bring each whole group to one rank.
[[nodiscard]] GroupClusters cluster_groups(const comm::Communicator& comm, FirmDirectory& directory,
                                           const TradePairs& trade, const IdentifyConfig& config);

}  // namespace tradegraph::kernels
