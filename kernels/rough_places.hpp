#pragma once
/// Places in single precision: whether two firms may be within reach of each other, from 8 bytes a
/// firm, so that a nation's places stay in cache while millions of links ask for them. A pair that
/// is within reach is never missed; the exact comparison decides on the few pairs that are left.
///
/// Coordinates are taken from the middle of all places, in units of a power of two E of at least
/// half their extent. Rounding to `float` moves a place by at most E 2^-24 along an axis (and the
/// subtraction before it by far less), so a distance by less than E 2^-22; computing it in `float`
/// adds a relative 2^-22. The limit allows for twice of both.

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/box.hpp"

namespace tradegraph::kernels {

struct RoughPlace {
  float x;
  float y;
};

/// A place that is within reach of none.
inline constexpr RoughPlace kNowhere{std::numeric_limits<float>::quiet_NaN(),
                                     std::numeric_limits<float>::quiet_NaN()};

/// Makes rough places and compares them.
class RoughReach {
 public:
  /// `all` holds every place; where it is empty nothing is asked.
  RoughReach(const Box& all, double reach_m) {
    const double half = std::max(all.max_x / 2 - all.min_x / 2, all.max_y / 2 - all.min_y / 2);
    if (!(half >= 0)) return;
    middle_ = {all.min_x / 2 + all.max_x / 2, all.min_y / 2 + all.max_y / 2};
    // Differences below 1e-290 have a square of 0: within any reach.
    scale_ = std::ldexp(1.0, -std::ilogb(std::max(half, 1e-290)) - 1);
    // At four times half the extent, and where its square is no number, all are within reach.
    const double reach = std::isfinite(reach_m * reach_m) ? std::min(reach_m, 4 * half) : 4 * half;
    const double limit = (reach * scale_ + 0x1p-21) * (1 + 0x1p-20);
    limit_ = static_cast<float>(limit * limit * (1 + 0x1p-20));
  }

  [[nodiscard]] RoughPlace place(double x_m, double y_m) const {
    return {static_cast<float>((x_m - middle_.x) * scale_),
            static_cast<float>((y_m - middle_.y) * scale_)};
  }
  /// True for any two places whose squared distance in double is at most that of the reach.
  [[nodiscard]] bool may_be_close(const RoughPlace& a, const RoughPlace& b) const {
    const float dx = a.x - b.x;
    const float dy = a.y - b.y;
    return dx * dx + dy * dy <= limit_;
  }

 private:
  Place middle_{0, 0};
  double scale_ = 1;
  float limit_ = 0;
};

}  // namespace tradegraph::kernels
