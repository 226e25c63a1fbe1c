#pragma once
/// Counter-based random numbers: the value depends on (seed, stream, index) only, never on which
/// rank or thread asks or in which order.
///
/// The mixing function is the finaliser of SplitMix64 (Steele, Lea & Flood 2014,
/// doi:10.1145/2660193.2660195), applied once per word of the key.

#include <cstdint>

namespace tradegraph {

[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// A stream of independent values, addressed by index. Cheap to copy; has no state.
class CounterRandom {
 public:
  constexpr CounterRandom(std::uint64_t seed, std::uint64_t stream)
      : key_(mix64(mix64(seed) ^ (stream * 0xda942042e4dd58b5ULL))) {}

  /// 64 uniform bits for `index`.
  [[nodiscard]] constexpr std::uint64_t bits(std::uint64_t index) const {
    return mix64(mix64(key_ ^ index) + key_);
  }
  /// Uniform in [0, 1), 53 bits.
  [[nodiscard]] constexpr double uniform(std::uint64_t index) const {
    return static_cast<double>(bits(index) >> 11) * 0x1.0p-53;
  }
  /// Uniform in [0, bound), bound > 0; the bias is below bound / 2^64.
  [[nodiscard]] constexpr std::uint64_t below(std::uint64_t index, std::uint64_t bound) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<Wide>(bits(index)) * bound) >> 64);
  }

 private:
  std::uint64_t key_;
};

}  // namespace tradegraph
