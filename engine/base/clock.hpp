#pragma once
/// Wall-clock intervals.

#include <chrono>

namespace tradegraph {

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  void restart() { start_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Adds the seconds of its own life to a sum.
class TimeAdder {
 public:
  explicit TimeAdder(double& sum_s) : sum_s_(sum_s) {}
  ~TimeAdder() { sum_s_ += clock_.seconds(); }
  TimeAdder(const TimeAdder&) = delete;
  TimeAdder& operator=(const TimeAdder&) = delete;

 private:
  double& sum_s_;
  Stopwatch clock_;
};

}  // namespace tradegraph
