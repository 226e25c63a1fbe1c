#pragma once
/// Firms outside agglomerations: how many of each industry group in each city.

#include "app/synth/nation.hpp"

namespace tradegraph::app::synth {

/// Sizes the three tiers of dispersed firms and their blocks. No block is so dense that it would be
/// taken for a cluster: at most a quarter of the firms within 1 km that the study's settings ask
/// for. Needs the agglomerations.
void place_dispersed(Nation& nation);

/// Sets how many links a firm of the tier `hubs` chooses, so that there are 4.5 links a firm. Needs
/// all else.
void set_hub_links(Nation& nation);

/// Links that a firm with `inside` links inside its agglomeration has outside, on average.
[[nodiscard]] double outside_links(const Agglomeration& agglomeration, const Size& size,
                                   double inside);

/// Links outside of a node without links inside, on average (at least one).
inline constexpr double kLinksOfOutsiders = 2.2;

}  // namespace tradegraph::app::synth
