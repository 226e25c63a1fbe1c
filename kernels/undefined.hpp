#pragma once
/// Values that are not defined.

#include <limits>

namespace tradegraph::kernels {

/// Stands in vectors of doubles where a value is not defined; written as an empty field.
inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// numerator / denominator, undefined where the denominator is 0.
[[nodiscard]] inline double ratio(double numerator, double denominator) {
  return denominator != 0 ? numerator / denominator : kUndefined;
}

}  // namespace tradegraph::kernels
