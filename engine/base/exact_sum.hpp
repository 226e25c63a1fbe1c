#pragma once
/// Sums of doubles that do not depend on the order of the addends, so that per-cluster figures are
/// bit-identical at every rank and thread count.
///
/// An addend is rounded once to a fixed-point grid; grid units are then added as 128-bit integers,
/// which is associative. Idea: Demmel & Nguyen 2015, doi:10.1109/TC.2014.2345391, in its simplest
/// form (one bin), which suffices because the range of the addends is known or agreed beforehand.

#include <cmath>
#include <cstdint>

namespace tradegraph {

__extension__ using Int128 = __int128;

/// The grid: addends are multiples of 2^-fraction_bits.
class FixedPointScale {
 public:
  /// Finest grid on which `count` addends of magnitude up to `largest` cannot overflow. All ranks
  /// must pass the same values (all-reduce `largest` first: a maximum is order-independent).
  [[nodiscard]] static FixedPointScale for_range(double largest, std::int64_t count) {
    const int value_bits = largest > 0 ? std::ilogb(largest) + 1 : 0;
    const int count_bits = count > 1 ? std::ilogb(static_cast<double>(count)) + 1 : 1;
    return FixedPointScale(125 - value_bits - count_bits);
  }
  constexpr explicit FixedPointScale(int fraction_bits) : fraction_bits_(fraction_bits) {}

  /// Grid units nearest to `x`; |x| must lie in the range that the scale was made for.
  [[nodiscard]] Int128 units(double x) const {
    if (x == 0) return 0;  // has no exponent to shift by
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);  // x = mantissa * 2^exponent
    const auto digits = static_cast<std::int64_t>(std::ldexp(mantissa, 53));
    const int shift = exponent - 53 + fraction_bits_;
    if (shift >= 0) return static_cast<Int128>(digits) * (static_cast<Int128>(1) << shift);
    if (shift < -62) return 0;
    return std::llround(std::ldexp(static_cast<double>(digits), shift));
  }
  [[nodiscard]] double value(Int128 units) const {
    return std::ldexp(static_cast<double>(units), -fraction_bits_);
  }

 private:
  int fraction_bits_;
};

}  // namespace tradegraph
