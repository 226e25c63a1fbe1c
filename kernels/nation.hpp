#pragma once
/// All firms and all trade on every rank: what a sweep works on, whose ranks share out settings,
/// not firms.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/identify.hpp"

namespace tradegraph::kernels {

/// For each firm the firms on the other side of its links, ascending, without itself.
class Adjacency {
 public:
  Adjacency() : first_(1, 0) {}
  /// Keeps each pair once; firms are 0..firms-1.
  Adjacency(std::size_t firms, const std::vector<std::uint64_t>& pairs);

  [[nodiscard]] static std::uint64_t pair(std::uint32_t from, std::uint32_t to) {
    return static_cast<std::uint64_t>(from) << 32 | to;
  }
  [[nodiscard]] std::span<const std::uint32_t> of(std::size_t firm) const {
    return std::span(other_).subspan(first_[firm], first_[firm + 1] - first_[firm]);
  }
  [[nodiscard]] std::size_t links() const { return other_.size(); }
  /// The other direction. O(firms + links), nothing to sort.
  [[nodiscard]] Adjacency transposed() const;

 private:
  void drop_repeats();

  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> other_;
};

/// Columns by firm, in the order of the firms' global numbers.
struct WholeNation {
  std::vector<std::int64_t> row;
  std::vector<double> x_m, y_m;              ///< NaN = no place
  std::vector<std::int32_t> group;           ///< in which a firm is clustered; -1: in none
  std::vector<std::int32_t> industry_group;  ///< also of firms without a place; -1 = unknown
  std::vector<std::int32_t> klass;           ///< industry class; -1 = unknown
  std::vector<std::int32_t> region;          ///< negative = none
  Adjacency buyers;                          ///< of a supplier; distinct directed links
  Adjacency suppliers;                       ///< of a buyer
  std::int64_t placed = 0;                   ///< firms with a place

  [[nodiscard]] std::size_t firms() const { return row.size(); }
  [[nodiscard]] bool has_place(std::size_t firm) const { return x_m[firm] == x_m[firm]; }
};

/// Brings all firms and links to all ranks. Fewer than 2^31 firms. Links that name an unknown firm
/// are left out. `klass` is parallel to the firms, or empty on all ranks. Memory: 48 bytes a firm
/// and, at the peak, 24 a link, on every rank. Collective: two all-gathers. Throws
/// `ErrorKind::bad_input` on all ranks for a firm that is on two, `usage` for too many firms.
[[nodiscard]] WholeNation gather_nation(const comm::Communicator& comm, const FirmPlaces& firms,
                                        const TradePairs& trade, bool ungrouped,
                                        std::span<const std::int32_t> klass = {});

}  // namespace tradegraph::kernels
