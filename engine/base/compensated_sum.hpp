#pragma once
/// Sum of doubles in a given order with the rounding errors added back at the end (Neumaier 1974,
/// doi:10.1002/zamm.19740540106): as if summed in twice the precision.

#include <cmath>

namespace tradegraph {

class CompensatedSum {
 public:
  void add(double x) {
    const double next = sum_ + x;
    lost_ += std::abs(sum_) >= std::abs(x) ? (sum_ - next) + x : (x - next) + sum_;
    sum_ = next;
  }
  [[nodiscard]] double value() const { return sum_ + lost_; }

 private:
  double sum_ = 0;
  double lost_ = 0;
};

}  // namespace tradegraph
