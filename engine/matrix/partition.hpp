#pragma once
/// How n consecutive things are dealt to parts: all index arithmetic of the engine in one value
/// type, usable without MPI.
///
/// Firms lie along a space-filling curve, and half of the trade is local: contiguous parts would
/// heap it on the diagonal blocks. Short strips of the curve are therefore dealt to the parts in
/// rounds, one strip a part and round. Columns are dealt with the start of each round rotated by
/// one, so that a strip's trade with itself falls on another block in each round, also when grid
/// rows = grid columns. (Block-cyclic layout as in ScaLAPACK, with that rotation.)

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/base/types.hpp"

namespace tradegraph::matrix {

class Partition {
 public:
  enum class Deal { straight, rotated };

  /// `size` things to `parts` >= 1 parts, in strips of `strip_length` >= 1.
  Partition(std::int64_t size, int parts, Deal deal, std::int64_t strip_length);
  /// Strips as long as locality wants (64) and balance allows (16 strips a part).
  Partition(std::int64_t size, int parts, Deal deal)
      : Partition(size, parts, deal,
                  std::clamp<std::int64_t>(size / (std::int64_t{16} * parts), 1, 64)) {}

  [[nodiscard]] std::int64_t size() const { return size_; }
  [[nodiscard]] int parts() const { return parts_; }
  [[nodiscard]] std::int64_t strip_length() const { return strip_length_; }

  /// Part that holds `index`.
  [[nodiscard]] int part_of(GlobalIndex index) const {
    const auto strip = index.value() / strip_length_;
    return static_cast<int>((strip + rotation(strip / parts_)) % parts_);
  }
  /// Place of `index` within its part.
  [[nodiscard]] std::int64_t local_of(GlobalIndex index) const {
    const auto strip = index.value() / strip_length_;
    return strip / parts_ * strip_length_ + index.value() % strip_length_;
  }
  /// Inverse of (`part_of`, `local_of`); 0 <= local < local_size(part).
  [[nodiscard]] GlobalIndex global_of(int part, std::int64_t local) const {
    const auto round = local / strip_length_;
    const auto turn = (part - rotation(round) % parts_ + parts_) % parts_;
    return GlobalIndex((round * parts_ + turn) * strip_length_ + local % strip_length_);
  }
  /// How many things the part holds.
  [[nodiscard]] std::int64_t local_size(int part) const;
  /// All that the part holds, by local place; ascending.
  [[nodiscard]] std::vector<std::int64_t> globals_of(int part) const;

  friend bool operator==(const Partition&, const Partition&) = default;

 private:
  [[nodiscard]] std::int64_t rotation(std::int64_t round) const {
    return deal_ == Deal::rotated ? round : 0;
  }

  std::int64_t size_;
  int parts_;
  Deal deal_;
  std::int64_t strip_length_;
};

/// `part_of` and `local_of` of a partition by table, for those who ask once a link: no divisions.
/// Memory: 16 bytes a strip.
class PartitionTable {
 public:
  explicit PartitionTable(const Partition& partition);

  [[nodiscard]] int part_of(std::int64_t index) const {
    return static_cast<int>(strips_[strip_of(index)].part);
  }
  [[nodiscard]] std::int64_t local_of(std::int64_t index) const {
    return index + strips_[strip_of(index)].local_minus_global;
  }

 private:
  struct Strip {
    std::int64_t part;
    std::int64_t local_minus_global;
  };
  [[nodiscard]] std::size_t strip_of(std::int64_t index) const {
    return static_cast<std::size_t>(shift_ >= 0 ? index >> shift_ : index / length_);
  }

  std::int64_t length_;
  int shift_;  ///< -1: the length is no power of two
  std::vector<Strip> strips_;
};

}  // namespace tradegraph::matrix
