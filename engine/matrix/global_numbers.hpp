#pragma once
/// The global numbers of what a rank holds, for loops that ask for each: no divisions.

#include <concepts>
#include <cstdint>
#include <vector>

#include "engine/matrix/layout.hpp"

namespace tradegraph::matrix {

/// The inverse of `PartitionTable`. One short number a strip, so that the table stays in the
/// nearest cache while it is asked at random. Memory: 4 bytes a strip of 64 (small networks: a
/// number).
class GlobalNumbers {
 public:
  /// Of a block's rows or columns.
  GlobalNumbers(const Partition& partition, int part);
  /// Of a rank's elements of a vector in the row or column layout.
  GlobalNumbers(const Layout& layout, int rank);

  template <std::integral I>
  [[nodiscard]] std::int64_t operator[](I position) const {
    const auto local = static_cast<std::int64_t>(position) + first_local_;
    const auto strip = static_cast<std::size_t>(local >> shift_);
    return (static_cast<std::int64_t>(strips_[strip]) << shift_) + (local & in_strip_);
  }

 private:
  int shift_;
  std::int64_t in_strip_;  ///< mask
  std::int64_t first_local_ = 0;
  std::vector<std::uint32_t> strips_;  ///< global numbers of strips
};

}  // namespace tradegraph::matrix
