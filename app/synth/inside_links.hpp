#pragma once
/// The links inside one agglomeration in one year.

#include <cstdint>
#include <vector>

#include "app/synth/nation.hpp"

namespace tradegraph::app::synth {

struct InsideLink {
  std::int32_t supplier;  ///< participants, numbered from 0
  std::int32_t buyer;
};

/// Each participant has at least one link; no two links join the same firms. A participant chooses
/// partners among those before it with probability proportional to (rank + 2)^-rank_exponent. The
/// links of a participant are renewed one by one over the years. As many as `size.links` unless
/// there are fewer pairs of firms. O(links) time and memory.
[[nodiscard]] std::vector<InsideLink> inside_links(std::uint64_t seed, const Size& size,
                                                   double rank_exponent, std::int64_t year);

/// Partners of each participant.
[[nodiscard]] std::vector<std::int32_t> inside_degrees(const std::vector<InsideLink>& links,
                                                       std::int64_t participants);

/// Minus the slope of log degree on log rank, degrees in descending order; NaN for fewer than two.
[[nodiscard]] double hierarchy_of(std::vector<std::int32_t> degrees);

}  // namespace tradegraph::app::synth
