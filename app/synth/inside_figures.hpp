#pragma once
/// What the links inside one agglomeration come to: the planted values of two indicators.

#include <vector>

#include "app/synth/inside_links.hpp"

namespace tradegraph::app::synth {

/// Searches of `internal_reach` at most: with more participants, from as many of them, evenly
/// spread over the ranks, so that the time stays linear in links.
inline constexpr std::int64_t kMostSources = 1000;

/// Sum of 1/d over ordered pairs of participants that a path of d links inside joins, over
/// nodes (nodes - 1); estimated from kMostSources participants where there are more. NaN for fewer
/// than two nodes. O(min(participants, kMostSources) links), by all threads; the same bits at any
/// number of them.
[[nodiscard]] double internal_reach(const std::vector<InsideLink>& links, const Size& size);

/// Minus the correlation, over participants, of a participant's degree inside with the mean degree
/// of its partners; NaN where one of them does not vary.
[[nodiscard]] double disassortativity(const std::vector<InsideLink>& links,
                                      const std::vector<std::int32_t>& degrees);

}  // namespace tradegraph::app::synth
