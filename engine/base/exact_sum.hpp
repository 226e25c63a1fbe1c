#pragma once
/// Sums of doubles that do not depend on the order of the addends, so that per-cluster figures are
/// bit-identical at every rank and thread count.
///
/// An addend is rounded once to a fixed-point grid; grid units are then added as 128-bit integers,
/// which is associative. Idea: Demmel & Nguyen 2015, doi:10.1109/TC.2014.2345391, in its simplest
/// form (one bin), which suffices because the range of the addends is known or agreed beforehand.

#include <algorithm>
#include <bit>
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

  /// Grid units nearest to `x` (halves away from zero); |x| must lie in the range that the scale
  /// was made for. From the bits of x: this is the inner loop of every sum of amounts.
  [[nodiscard]] Int128 units(double x) const {
    constexpr int kMantissaBits = 52;
    constexpr std::uint64_t kImplicitBit = std::uint64_t{1} << kMantissaBits;
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const auto exponent = static_cast<int>(bits >> kMantissaBits & 0x7ff);
    // |x| = digits * 2^(exponent - 1075); without the implicit bit below the smallest normal number
    const auto digits = (bits & (kImplicitBit - 1)) | (exponent > 0 ? kImplicitBit : 0);
    const int shift = std::max(exponent, 1) - 1075 + fraction_bits_;
    const Int128 magnitude = shifted(digits, shift);
    return std::signbit(x) ? -magnitude : magnitude;
  }
  [[nodiscard]] double value(Int128 units) const {
    return std::ldexp(static_cast<double>(units), -fraction_bits_);
  }

 private:
  /// digits * 2^shift, rounded; digits < 2^53.
  [[nodiscard]] static Int128 shifted(std::uint64_t digits, int shift) {
    if (digits == 0 || shift < -62) return 0;
    if (shift >= 0) return static_cast<Int128>(digits) << shift;
    return static_cast<Int128>((digits + (std::uint64_t{1} << (-shift - 1))) >> -shift);
  }

  int fraction_bits_;
};

}  // namespace tradegraph
