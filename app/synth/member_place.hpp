#pragma once
/// Places of the members of an agglomeration.

#include "app/synth/nation.hpp"

namespace tradegraph::app::synth {

/// Place of member `index`. Members of a corridor are spread evenly, whatever their number: their
/// places follow a low-discrepancy sequence (M. Roberts' R2), so that a belt holds together at any
/// size of the nation.
[[nodiscard]] Point member_place(std::uint64_t seed, const Agglomeration& agglomeration,
                                 std::int64_t index);

/// The core that a member of no corridor belongs to.
[[nodiscard]] std::size_t core_of(const Agglomeration& agglomeration, std::int64_t index);

/// Point of the sequence R2, coordinates in [0, 1).
struct SpreadPair {
  double first, second;
};
[[nodiscard]] SpreadPair spread(std::int64_t index);

/// A place `r_m` metres away in direction `turn` (0..1).
[[nodiscard]] Point at_distance(const Point& centre, double r_m, double turn);

}  // namespace tradegraph::app::synth
