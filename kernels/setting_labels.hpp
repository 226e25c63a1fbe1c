#pragma once
/// The clusters of the whole nation at one setting of a sweep, absorption included: what `identify`
/// finds there, on one rank.

#include <cstdint>
#include <vector>

#include "kernels/density_forest.hpp"
#include "kernels/nation.hpp"

namespace tradegraph::kernels {

/// A cluster of a setting. Before absorption all figures are of its core and border firms.
struct SettingCluster {
  std::int64_t firms = 0;
  std::int64_t smallest_row = 0;  ///< of a member
  std::int64_t group = 0;         ///< widened so that the record has no padding
};

struct SettingLabels {
  std::vector<std::int32_t> label;       ///< by firm; -1 = none
  std::vector<SettingCluster> clusters;  ///< by label
  std::vector<std::uint8_t> is_core;     ///< by firm
};

/// The forests of one stretch and min_firms, one an industry group, and the firms of their points.
struct GroupForest {
  std::int32_t group;
  const DensityForest* forest;
  std::span<const std::uint32_t> firm;  ///< by point of the forest
};

/// Labels the nation at one level of the forests: sizes descending, then smallest rows, both with
/// the absorbed, as `identify` numbers clusters. Memory: 20 bytes a firm. Not collective, one
/// thread.
[[nodiscard]] SettingLabels label_setting(const WholeNation& nation,
                                          const std::vector<GroupForest>& forests, Level level,
                                          double eps_m, Absorb absorb, double absorb_radius_m);

/// Gives firms without a cluster to those that claim them (see absorb.hpp). `labels` are
/// provisional: by size, then smallest row, before absorption.
void absorb_locally(const WholeNation& nation, SettingLabels& labels, double eps_m, Absorb absorb,
                    double absorb_radius_m);

}  // namespace tradegraph::kernels
