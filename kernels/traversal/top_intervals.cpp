#include "kernels/traversal/top_intervals.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace tradegraph::kernels {

namespace {

/// The (place + 1)-th largest, or below all if there are fewer.
double largest(std::vector<double> values, std::int64_t place) {
  if (place >= std::ssize(values)) return -std::numeric_limits<double>::infinity();
  const auto at = values.begin() + place;
  std::nth_element(values.begin(), at, values.end(), std::greater<>());
  return *at;
}

}  // namespace

TopOfIntervals::TopOfIntervals(std::span<const ValueInterval> intervals, std::int64_t k) {
  std::vector<double> ends(intervals.size());
  std::ranges::transform(intervals, ends.begin(), &ValueInterval::lower);
  kth_lower_ = largest(ends, k - 1);
  std::ranges::transform(intervals, ends.begin(), &ValueInterval::upper);
  next_upper_ = largest(std::move(ends), k);
}

}  // namespace tradegraph::kernels
