#pragma once
/// How the members of an agglomeration are spread over the classes of its industry group.

#include <vector>

namespace tradegraph::app::synth {

/// Entropy over the classes within divisions, weighted by division, in bits.
[[nodiscard]] double related_variety(int group, const std::vector<double>& shares);

/// Shares of the group's classes that fall with rank within each division so that their related
/// variety is `bits`, or the nearest that the group's classes allow.
[[nodiscard]] std::vector<double> shares_of_variety(int group, double bits);

}  // namespace tradegraph::app::synth
