#pragma once
/// The density forests of all industry groups of a sweep, grown by a team of ranks.

#include <vector>

#include "kernels/density_forest.hpp"
#include "kernels/sweep_groups.hpp"

namespace tradegraph::kernels {

/// By group, the forests of `own_settings`, in their order. The ranks of a team all give the same
/// nation, groups and grid. Groups that are large for a rank are grown by all together
/// (`density_forests`); the others are dealt whole, the largest first, to whoever is free, and
/// their forests sent to the ranks that own them: an all-gather of 4 bytes a point and, a setting,
/// a gather of its forests, 10 bytes a core and 8 a span. Collective over the team. Memory and
/// errors as `density_forests`.
[[nodiscard]] std::vector<std::vector<DensityForest>> group_forests(
    comm::Team& team, const WholeNation& nation, const std::vector<SweepGroup>& groups,
    const SweepGrid& settings);

}  // namespace tradegraph::kernels
