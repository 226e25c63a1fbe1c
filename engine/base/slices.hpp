#pragma once
/// The one way in which rows of files and tables are cut over ranks.

#include <cstdint>

namespace tradegraph {

/// n things in contiguous, near-equal slices: slice r is [begin(r), begin(r + 1)).
class Slices {
 public:
  Slices(std::int64_t size, int parts) : size_(size), parts_(parts) {}

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] std::int64_t begin(int part) const {
    // 128 bits: size * part overflows 64 bits for 10^15 things on 10^4 ranks.
    __extension__ using Wide = __int128;
    return static_cast<std::int64_t>(static_cast<Wide>(size_) * part / parts_);
  }
  [[nodiscard]] std::int64_t count(int part) const { return begin(part + 1) - begin(part); }
  [[nodiscard]] int part_of(std::int64_t index) const {
    __extension__ using Wide = __int128;
    auto part = static_cast<int>(static_cast<Wide>(index) * parts_ / (size_ > 0 ? size_ : 1));
    while (part + 1 < parts_ && begin(part + 1) <= index) ++part;
    while (part > 0 && begin(part) > index) --part;
    return part;
  }

 private:
  std::int64_t size_;
  int parts_;
};

}  // namespace tradegraph
