#pragma once
/// The agglomerations of a synthetic nation: the published clusters and those beside them.

#include <vector>

#include "app/synth/nation.hpp"

namespace tradegraph::app::synth {

/// Agglomerations beside the published ones: alive in kLastYear, and gone by then.
inline constexpr int kOthers = 108;
inline constexpr int kFaded = 10;
/// Of kOthers: born after kFirstYear; two in kFirstYear that become one.
inline constexpr int kBorn = 14;
inline constexpr int kMerging = 3;
/// Of kOthers: inclusive, but with fewer than 20 links: what the least number of links is there to
/// screen out.
inline constexpr int kTiny = 16;
/// Smallest agglomerations, at any number of firms.
inline constexpr std::int64_t kFewestMembers = 40;
inline constexpr std::int64_t kFewestNodes = 26;
inline constexpr std::int64_t kFewestLinks = 26;

/// The published clusters, with counts scaled to `firms` / 1M and floors, in the published order.
[[nodiscard]] std::vector<Agglomeration> published_agglomerations(const Setting& setting);

/// Adds the others at places of their own: none nearer to one of its group than a few kilometres.
void add_others(const Setting& setting, std::vector<Agglomeration>& agglomerations);

/// Sets `rank_exponent` so that degrees inside fall with rank as the published hierarchy says (for
/// others: as drawn), and `hierarchy` to what is reached.
void fit_hierarchy(const Setting& setting, Agglomeration& agglomeration);

}  // namespace tradegraph::app::synth
