#pragma once
/// The clusters of the whole nation at one setting of a sweep, absorption included: what `identify`
/// finds there, on one rank.

#include <cstdint>
#include <vector>

#include "kernels/density_forest.hpp"
#include "kernels/forest_cut.hpp"
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

/// Labels the nation at ascending levels of its forests: sizes descending, then smallest rows, both
/// with the absorbed, as `identify` numbers clusters. Each level goes on from the one before.
/// Not collective, one thread.
class LabelSeries {
 public:
  /// `nation` and the forests must outlive the series. Memory: 4 bytes a firm.
  LabelSeries(const WholeNation& nation, const std::vector<GroupForest>& forests, Absorb absorb,
              double absorb_radius_m);
  /// At a level above all before. Memory: 20 bytes a firm.
  [[nodiscard]] SettingLabels next(Level level, double eps_m);

 private:
  struct GroupCut {
    GroupForest of;
    ForestCut cut;
  };

  void measure(const GroupCut& group, SettingLabels& labels) const;

  const WholeNation& nation_;
  Absorb absorb_;
  double absorb_radius_m_;
  bool in_one_group_;
  std::vector<GroupCut> groups_;
};

/// Gives firms without a cluster to those that claim them (see absorb.hpp). `labels` are
/// provisional: by size, then smallest row, before absorption.
void absorb_locally(const WholeNation& nation, SettingLabels& labels, double eps_m, Absorb absorb,
                    double absorb_radius_m);

}  // namespace tradegraph::kernels
