#pragma once
/// Which of many numbers, known within intervals, are the K largest.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

struct ValueInterval {
  double lower;
  double upper;
};

/// What intervals say about the K largest, if all of them hold.
class TopOfIntervals {
 public:
  /// O(size). K of 1 or more.
  TopOfIntervals(std::span<const ValueInterval> intervals, std::int64_t k);

  /// Fewer than K others can be as large.
  [[nodiscard]] bool certain(const ValueInterval& one) const { return one.lower > next_upper_; }
  /// Fewer than K others are larger for sure.
  [[nodiscard]] bool possible(const ValueInterval& one) const { return one.upper >= kth_lower_; }

 private:
  double kth_lower_;   ///< K-th largest lower end
  double next_upper_;  ///< (K + 1)-th largest upper end
};

}  // namespace tradegraph::kernels
