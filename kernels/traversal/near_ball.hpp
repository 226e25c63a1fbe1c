#pragma once
/// The nearest few that a vertex reaches, counted exactly: where sets are this small an estimate of
/// their size costs more than a search.

#include <algorithm>
#include <array>
#include <limits>

#include "engine/comm/transferable.hpp"
#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::kernels {

inline constexpr std::size_t kNearBall = 32;  ///< vertices, the one in the middle among them

struct NearBall {
  /// So far there are at most kNearBall; infinite if there are no more at all.
  double links = 0;
  /// Sum of 1 / distance to them, nearest first like harmonic.hpp: the same bits.
  double harmonic = 0;
};

/// Memory: 128 bytes of the stack. O(kNearBall^2), whatever the degrees are. Arcs must neither
/// repeat nor return to their vertex.
[[nodiscard]] inline NearBall near_ball(const WholeGraph& arcs, Vertex middle) {
  std::array<Vertex, kNearBall> reached{middle};
  std::size_t count = 1;
  std::size_t next = 0;
  NearBall ball;
  while (true) {
    const auto before = count;
    for (; next < before; ++next) {
      // Itself and that many partners are too many: no need to look at each.
      if (arcs.degree(reached[next]) >= kNearBall) return ball;
      for (const auto w : arcs.of(reached[next])) {
        const auto end = reached.begin() + static_cast<std::ptrdiff_t>(count);
        if (std::find(reached.begin(), end, w) != end) continue;
        if (count == kNearBall) return ball;
        reached[count++] = w;
      }
    }
    if (count == before) break;
    ++ball.links;
    ball.harmonic += static_cast<double>(count - before) / ball.links;
  }
  ball.links = std::numeric_limits<double>::infinity();
  return ball;
}

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::NearBall> : std::true_type {};
