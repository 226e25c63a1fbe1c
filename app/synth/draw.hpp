#pragma once
/// Draws that depend on a key alone: permutations, quantiles, years of renewal.

#include <cmath>
#include <cstdint>

#include "engine/base/random.hpp"

namespace tradegraph::app::synth {

/// One key from several numbers.
template <class... Numbers>
[[nodiscard]] constexpr std::uint64_t key(std::uint64_t first, Numbers... rest) {
  std::uint64_t result = mix64(first);
  ((result = mix64(result ^ static_cast<std::uint64_t>(rest))), ...);
  return result;
}

[[nodiscard]] constexpr double uniform(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

/// Uniform in [0, bound).
[[nodiscard]] constexpr std::int64_t below(std::uint64_t bits, std::int64_t bound) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::int64_t>((static_cast<Wide>(bits) * static_cast<Wide>(bound)) >> 64);
}

/// The nearest whole number.
[[nodiscard]] inline std::int64_t whole(double x) {
  return static_cast<std::int64_t>(std::llround(x));
}

/// floor(x) or floor(x) + 1, with mean x.
[[nodiscard]] inline std::int64_t round_at_random(double x, std::uint64_t bits) {
  return static_cast<std::int64_t>(std::floor(x + uniform(bits)));
}

/// Two halves of a number, as a Feistel network turns them round by round.
struct Halves {
  std::uint64_t left;
  std::uint64_t right;
};

/// `turn(halves, mask)` on the next even number of bits, again and again until the result is back
/// in [0, size): fewer than four times on average (cycle walking).
template <typename Turn>
[[nodiscard]] std::int64_t walk_in_range(std::int64_t size, std::int64_t i, const Turn& turn) {
  int half = 1;
  while ((std::int64_t{1} << (2 * half)) < size) ++half;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  auto x = static_cast<std::uint64_t>(i);
  do {
    const Halves turned = turn(Halves{x >> half, x & mask}, mask);
    x = turned.left << half | turned.right;
  } while (x >= static_cast<std::uint64_t>(size));
  return static_cast<std::int64_t>(x);
}

[[nodiscard]] inline std::uint64_t feistel(std::uint64_t seed, std::uint64_t round,
                                           std::uint64_t half, std::uint64_t mask) {
  return mix64(seed + (round << 60) + half) & mask;
}

/// A bijection of [0, size) onto itself: a four-round Feistel network.
[[nodiscard]] inline std::int64_t permute(std::uint64_t seed, std::int64_t size, std::int64_t i) {
  return walk_in_range(size, i, [seed](Halves x, std::uint64_t mask) {
    for (std::uint64_t round = 0; round < 4; ++round) {
      x = {x.right, x.left ^ feistel(seed, round, x.right, mask)};
    }
    return x;
  });
}

/// The inverse of `permute`: permute(seed, size, permute_back(seed, size, i)) = i.
[[nodiscard]] inline std::int64_t permute_back(std::uint64_t seed, std::int64_t size,
                                               std::int64_t i) {
  return walk_in_range(size, i, [seed](Halves x, std::uint64_t mask) {
    for (std::uint64_t round = 4; round-- > 0;) {
      x = {x.right ^ feistel(seed, round, x.left, mask), x.left};
    }
    return x;
  });
}

/// Standard normal quantile, relative error 1.2e-9 (P. J. Acklam's rational approximation).
[[nodiscard]] double normal_quantile(double probability);

/// The last year up to `year` in which a thing that is renewed with `hazard` a year was renewed;
/// `first` if not since then. The same for every later `year` until it is renewed again.
[[nodiscard]] inline std::int64_t renewed(std::uint64_t seed, double hazard, std::int64_t year,
                                          std::int64_t first) {
  for (auto t = year; t > first; --t) {
    if (uniform(key(seed, t)) < hazard) return t;
  }
  return first;
}

/// Index in [0, size) with probability proportional to (index + offset)^-exponent, exponent != 1.
[[nodiscard]] inline std::int64_t draw_by_rank(double u, std::int64_t size, double exponent,
                                               double offset) {
  const double power = 1 - exponent;
  const double low = std::pow(offset, power);
  const double high = std::pow(static_cast<double>(size) + offset, power);
  const double x = std::pow(low + u * (high - low), 1 / power) - offset;
  return x <= 0 ? 0 : x >= static_cast<double>(size) ? size - 1 : static_cast<std::int64_t>(x);
}

}  // namespace tradegraph::app::synth
