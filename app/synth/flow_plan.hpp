#pragma once
/// Links between agglomerations: the published ones, and a thin background.

#include <vector>

#include "app/synth/nation.hpp"

namespace tradegraph::app::synth {

/// Expected links of each ordered pair of agglomerations in kLastYear, few of them 0: the published
/// flows scaled to the nation; beside them, for each pair, links in proportion to nodes and
/// falling with distance, fewer than in any published flow.
[[nodiscard]] std::vector<FlowPlan> plan_flows(const Nation& nation);

}  // namespace tradegraph::app::synth
