#pragma once
/// The indicators of clusters that need no paths, and the types that follow, for the settings of a
/// sweep.

#include <span>
#include <vector>

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

/// One a cluster; `label` by firm. One pass over the firms and their links; not collective, one
/// thread. `division_of_class` for every class code of the nation.
[[nodiscard]] std::vector<ShareIndicators> share_indicators(
    const WholeNation& nation, const Adjacency& partners, std::span<const std::int32_t> label,
    std::size_t clusters, std::span<const std::int32_t> division_of_class);

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
