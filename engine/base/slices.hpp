#pragma once
/// The one way in which rows of files and tables are cut over ranks.

#include <cstdint>

namespace tradegraph {

/// n things in contiguous, near-equal slices: slice r is [begin(r), begin(r + 1)).
class Slices {
 public:
  Slices(std::int64_t size, int parts) : size_(size), parts_(parts) {}

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t begin(int part) const { return scaled(size_, part, parts_); }
  [[nodiscard]] std::int64_t count(int part) const { return begin(part + 1) - begin(part); }
  [[nodiscard]] int part_of(std::int64_t index) const {
    if (parts_ == 1) return 0;
    auto part = static_cast<int>(scaled(index, parts_, size_ > 0 ? size_ : 1));
    while (part + 1 < parts_ && begin(part + 1) <= index) ++part;
    while (part > 0 && begin(part) > index) --part;
    return part;
  }

 private:
  /// value * factor / divisor. 128 bits where it must be: size * part overflows 64 bits for 10^15
  /// things on 10^4 ranks.
  [[nodiscard]] static std::int64_t scaled(std::int64_t value, std::int64_t factor,
                                           std::int64_t divisor) {
    __extension__ using Wide = __int128;
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(value, factor, &product)) return product / divisor;
    return static_cast<std::int64_t>(static_cast<Wide>(value) * factor / divisor);
  }

  std::int64_t size_;
  int parts_;
};

}  // namespace tradegraph
