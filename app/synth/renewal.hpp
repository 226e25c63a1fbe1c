#pragma once
/// How fast a synthetic nation changes. A link lasts as long as both its firms and itself: of all
/// links (1 - 0.04)^10 (1 - 0.055)^5 = 50 % are still there after five years, 25 % after ten.

#include <cstdint>

namespace tradegraph::app::synth {

inline constexpr double kFirmHazard = 0.04;    ///< a year: the firm leaves, another takes its seat
inline constexpr double kLinkHazard = 0.055;   ///< a year: the link goes to another partner
inline constexpr double kClassHazard = 0.015;  ///< a year: the firm changes its industry
inline constexpr std::int64_t kOldestFirm = 1970;
inline constexpr std::int64_t kOldestLink = 1995;

}  // namespace tradegraph::app::synth
