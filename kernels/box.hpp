#pragma once
/// Bounding boxes whose distance bounds hold to the last bit.
///
/// Rounding is monotone: if x2 - x1 >= lo2 - hi1 as reals, so are the rounded differences, squares
/// and sums. Hence `least_squared_distance(a, b)` is never above, and `most_squared_distance(a, b)`
/// never below, the squared distance computed in double for any two points in the boxes, and
/// decisions taken on boxes agree with those that comparing every pair would take.

#include <algorithm>
#include <limits>

namespace tradegraph::kernels {

struct Place {
  double x;
  double y;
};

struct Box {
  double min_x = std::numeric_limits<double>::infinity();
  double min_y = std::numeric_limits<double>::infinity();
  double max_x = -std::numeric_limits<double>::infinity();
  double max_y = -std::numeric_limits<double>::infinity();

  void include(double x, double y) {
    min_x = std::min(min_x, x);
    min_y = std::min(min_y, y);
    max_x = std::max(max_x, x);
    max_y = std::max(max_y, y);
  }
  void include(const Box& other) {
    include(other.min_x, other.min_y);
    include(other.max_x, other.max_y);
  }
  [[nodiscard]] bool is_point() const { return min_x == max_x && min_y == max_y; }
};

[[nodiscard]] inline double squared_distance(double ax, double ay, double bx, double by) {
  const double dx = ax - bx;
  const double dy = ay - by;
  return dx * dx + dy * dy;
}

[[nodiscard]] inline double least_squared_distance(const Box& a, const Box& b) {
  const double dx = std::max(0.0, std::max(b.min_x - a.max_x, a.min_x - b.max_x));
  const double dy = std::max(0.0, std::max(b.min_y - a.max_y, a.min_y - b.max_y));
  return dx * dx + dy * dy;
}

[[nodiscard]] inline double most_squared_distance(const Box& a, const Box& b) {
  const double dx = std::max(b.max_x - a.min_x, a.max_x - b.min_x);
  const double dy = std::max(b.max_y - a.min_y, a.max_y - b.min_y);
  return dx * dx + dy * dy;
}

[[nodiscard]] inline double least_squared_distance(Place p, const Box& b) {
  return least_squared_distance(Box{p.x, p.y, p.x, p.y}, b);
}

[[nodiscard]] inline double most_squared_distance(Place p, const Box& b) {
  return most_squared_distance(Box{p.x, p.y, p.x, p.y}, b);
}

}  // namespace tradegraph::kernels
