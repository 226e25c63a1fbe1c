#pragma once
/// Strong index types: a global firm number cannot be used where a local row is meant.
///
/// Every index is 64-bit and signed (a difference of two is then a plain integer). Conversions are
/// explicit in both directions; `value()` is the way out.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tradegraph {

template <class Tag>
class StrongIndex {
 public:
  using Value = std::int64_t;

  constexpr StrongIndex() = default;
  constexpr explicit StrongIndex(Value value) : value_(value) {}

  [[nodiscard]] constexpr Value value() const { return value_; }
  /// For subscripting a standard container.
  [[nodiscard]] constexpr std::size_t offset() const { return static_cast<std::size_t>(value_); }

  constexpr StrongIndex& operator++() {
    ++value_;
    return *this;
  }
  friend constexpr auto operator<=>(StrongIndex, StrongIndex) = default;
  friend constexpr StrongIndex operator+(StrongIndex index, Value step) {
    return StrongIndex(index.value_ + step);
  }
  friend constexpr Value operator-(StrongIndex a, StrongIndex b) { return a.value_ - b.value_; }

 private:
  Value value_ = 0;
};

/// Row or column of the whole matrix: the position of a firm along the space-filling curve (or its
/// order of first appearance, for networks without places).
using GlobalIndex = StrongIndex<struct GlobalIndexTag>;
/// Row of the block that this rank holds.
using LocalRow = StrongIndex<struct LocalRowTag>;
/// Column of the block that this rank holds.
using LocalCol = StrongIndex<struct LocalColTag>;

/// Label of a cluster; `kNoCluster` is noise, as -1 is in the files.
using Label = std::int64_t;
inline constexpr Label kNoCluster = -1;

}  // namespace tradegraph

template <class Tag>
struct std::hash<tradegraph::StrongIndex<Tag>> {
  std::size_t operator()(tradegraph::StrongIndex<Tag> index) const noexcept {
    return std::hash<std::int64_t>{}(index.value());
  }
};
