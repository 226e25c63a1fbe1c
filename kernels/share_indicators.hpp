#pragma once
/// The indicators of clusters that are sums and shares, for the settings of a sweep.

#include <span>
#include <vector>

#include "kernels/nation.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

/// As inclusiveness.hpp, specialisation.hpp (main group, firms), variety.hpp (firms) and reach.hpp
/// (uniform weights) define them, and with the same values.
struct ShareIndicators {
  std::int64_t nodes = 0;
  std::int64_t links = 0;
  double inclusiveness = kUndefined;
  double specialisation = kUndefined;
  double related_variety = kUndefined;
  double share_in = kUndefined;  ///< internal reach in share form
};

/// Who trades with whom in either direction.
[[nodiscard]] Adjacency partners_of(const WholeNation& nation);

/// One a cluster; `label` by firm. One pass over the firms and their links; not collective, one
/// thread. `division_of_class` for every class code of the nation.
[[nodiscard]] std::vector<ShareIndicators> share_indicators(
    const WholeNation& nation, const Adjacency& partners, std::span<const std::int32_t> label,
    std::size_t clusters, std::span<const std::int32_t> division_of_class);

}  // namespace tradegraph::kernels
