#pragma once
/// The indicators of clusters that need no paths, and the types that follow, for the settings of a
/// sweep.

#include <span>
#include <vector>

#include "kernels/degrees_inside.hpp"
#include "kernels/nation.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

/// As inclusiveness.hpp, specialisation.hpp (main group, firms), variety.hpp (firms), reach.hpp
/// (uniform weights), hierarchy.hpp (ordinal) and assortativity.hpp define them, and with the same
/// values.
struct ShareIndicators {
  std::int64_t nodes = 0;
  std::int64_t links = 0;
  double inclusiveness = kUndefined;
  double specialisation = kUndefined;
  double related_variety = kUndefined;
  double share_in = kUndefined;  ///< internal reach in share form
  double hierarchy = kUndefined;
  double disassortativity = kUndefined;  ///< -r
  std::int32_t type = -1;                ///< index of kTypeNames; -1 = none
};

/// Who trades with whom in either direction.
[[nodiscard]] Adjacency partners_of(const WholeNation& nation);

/// The indicators of one clustering of the nation after another. What a clustering has in common
/// with the one before is not computed anew: links as `DegreesInside` says, and clusters of the
/// same firms.
class IndicatorSeries {
 public:
  /// `partners` of the nation; `division_of_class` for every class code. All must outlive the
  /// object.
  IndicatorSeries(const WholeNation& nation, const Adjacency& partners,
                  std::span<const std::int32_t> division_of_class);

  /// One a cluster, without types; `label` by firm, negative = none. The same to the last bit
  /// whatever came before. Memory: 36 bytes a firm. Not collective, one thread.
  [[nodiscard]] std::vector<ShareIndicators> next(std::span<const std::int32_t> label,
                                                  std::size_t clusters);

 private:
  [[nodiscard]] std::vector<std::int32_t> labels_of_changed(
      std::span<const std::int32_t> label, std::span<const std::int32_t> same_as) const;
  void take_part(std::span<const std::int32_t> label);
  void mix(std::span<const std::int32_t> label);
  void specialise(std::span<const std::int32_t> label);
  void diversify(std::span<const std::int32_t> label);

  const WholeNation& nation_;
  const Adjacency& partners_;
  std::span<const std::int32_t> division_of_class_;
  std::vector<std::int64_t> firms_of_group_;
  std::int64_t firms_with_group_ = 0;
  DegreesInside degrees_;
  std::int64_t largest_degree_ = 0;      ///< inside a cluster
  std::vector<ShareIndicators> result_;  ///< of the clustering that was given last
};

/// Which clusters are typed: the first `top` by inclusiveness (tie: more nodes, then label), then
/// those of them with that many nodes and links.
struct ScreenRule {
  std::int64_t top = 50;
  std::int64_t min_nodes = 20;
  std::int64_t min_links = 20;
};

/// Fills in the types among all clusters of a setting, given by label: `typology` of the z-scores
/// over those screened, both reaches in share form. Not collective.
void find_types(std::vector<ShareIndicators>& clusters, const ScreenRule& rule);

}  // namespace tradegraph::kernels
