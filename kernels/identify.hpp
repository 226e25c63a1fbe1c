#pragma once
/// Clusters of firms for all industry groups at once, over ranks: DBSCAN with link stretch a group,
/// then absorption, then canonical labels. docs/clusters.md states the definition.
///
/// Groups that are too large for a rank's share are cut into pieces, each with the firms within eps
/// of it; no rank holds more. Only `verify` and `k_distance` bring a whole group to one rank.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/types.hpp"
#include "engine/comm/communicator.hpp"
#include "kernels/dbscan.hpp"

namespace tradegraph::kernels {

/// The firms of this rank, columns of equal length. Every firm is on exactly one rank; which one
/// has no influence on the result.
struct FirmPlaces {
  std::vector<std::int64_t> firm;  ///< global number, distinct, any range
  std::vector<std::int64_t> row;   ///< input row, distinct: breaks ties
  std::vector<double> x_m;         ///< planar metres; NaN = no place: the firm stays out
  std::vector<double> y_m;
  std::vector<std::int32_t> group;   ///< industry group; negative = none: absorbed at most
  std::vector<std::int32_t> region;  ///< negative = none
};

/// Trade by global firm numbers; any rank holds any pair, repeats are harmless. Pairs that name a
/// firm which is on no rank are ignored, like those with a firm without a place.
struct TradePairs {
  std::vector<std::int64_t> supplier;
  std::vector<std::int64_t> buyer;
};

/// Which region a firm must lie in to be absorbed by a cluster.
enum class Absorb {
  none,
  footprint,  ///< within the absorb radius of a core member
  admin       ///< the region code of a core member
};

struct IdentifyConfig {
  DbscanConfig dbscan = {};
  std::map<std::int32_t, DbscanConfig> per_group = {};  ///< replaces `dbscan` for these groups
  Absorb absorb = Absorb::footprint;
  double absorb_radius_m = 0;  ///< 0 = eps of the cluster's group
  bool ungrouped = false;      ///< all firms with a place form one group
  bool verify = false;         ///< check each group against the definition
  bool k_distance = false;     ///< fill Membership::k_distance_m

  /// Throws `ErrorKind::usage`.
  void validate() const;
  [[nodiscard]] const DbscanConfig& settings_of(std::int32_t group) const;
  /// Whether anyone can be absorbed.
  [[nodiscard]] bool absorbs() const;
};

/// Parallel to the rank's FirmPlaces.
struct Membership {
  std::vector<Label> label;  ///< 0, 1, ... by size descending, then smallest row; kNoCluster = none
  std::vector<Role> role;
  /// Distance to the (min_firms - 1)-th nearest other firm of the group; NaN = not defined. Empty
  /// unless asked for.
  std::vector<double> k_distance_m;
};

/// The same on all ranks.
struct IdentifySummary {
  std::int64_t clusters = 0;
  std::int64_t clusters_without_stretch = 0;  ///< what stretch = 1 would find
  std::int64_t core = 0;
  std::int64_t border = 0;
  std::int64_t absorbed = 0;
  std::int64_t noise = 0;  ///< firms with a place and without a cluster
  std::int64_t without_place = 0;
  std::vector<std::int64_t> sizes;      ///< by label
  std::vector<std::int32_t> groups;     ///< industry group by label
  std::vector<std::string> violations;  ///< what `verify` found, at most 10 a group
};

struct Identification {
  Membership membership;
  IdentifySummary summary;
};

/// Collective: ten exchanges, plus five for absorption, and all-gathers as long as there are
/// components. Memory a rank: about 150 bytes a firm and 50 a pair of its share, plus `dbscan` of
/// its pieces. Throws on all ranks: `ErrorKind::usage` for bad settings (see `dbscan`),
/// `ErrorKind::bad_input` for a firm that is on two ranks, or `admin` without any region.
[[nodiscard]] Identification identify(const comm::Communicator& comm, const FirmPlaces& firms,
                                      const TradePairs& trade, const IdentifyConfig& config);

}  // namespace tradegraph::kernels
