#pragma once
/// Positive numbers with an exponent of their own, for path counts beyond 1.8e308: a chain of 1,100
/// diamonds has 2^1100 shortest paths, the diagonal of a 1000 x 1000 mesh some 10^600.

#include <cmath>
#include <cstdint>

namespace tradegraph::kernels {

/// mantissa * 2^exponent, mantissa in [0.5, 1) or 0: the precision of double at any size.
class WideNumber {
 public:
  WideNumber() = default;
  explicit WideNumber(double value) : WideNumber(value, 0) {}

  [[nodiscard]] bool is_zero() const { return mantissa_ == 0; }
  /// As a double; 0 or infinity where it does not fit.
  [[nodiscard]] double value() const {
    constexpr std::int64_t kBeyond = 5000;
    if (exponent_ > kBeyond) return HUGE_VAL;
    return exponent_ < -kBeyond ? 0.0 : std::ldexp(mantissa_, static_cast<int>(exponent_));
  }

  friend WideNumber operator+(WideNumber a, WideNumber b) {
    if (a.is_zero() || b.is_zero()) return a.is_zero() ? b : a;
    if (a.exponent_ < b.exponent_) return b + a;
    const auto gap = a.exponent_ - b.exponent_;
    if (gap > kDigits) return a;
    return {a.mantissa_ + std::ldexp(b.mantissa_, -static_cast<int>(gap)), a.exponent_};
  }
  friend WideNumber operator*(WideNumber a, WideNumber b) {
    return {a.mantissa_ * b.mantissa_, a.exponent_ + b.exponent_};
  }
  friend WideNumber operator/(WideNumber a, WideNumber b) {
    return {a.mantissa_ / b.mantissa_, a.exponent_ - b.exponent_};
  }

 private:
  static constexpr std::int64_t kDigits = 64;

  WideNumber(double mantissa, std::int64_t exponent) {
    int more = 0;
    mantissa_ = std::frexp(mantissa, &more);
    exponent_ = exponent + more;
  }

  double mantissa_ = 0;
  std::int64_t exponent_ = 0;
};

}  // namespace tradegraph::kernels
