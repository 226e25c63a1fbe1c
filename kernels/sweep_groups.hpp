#pragma once
/// The industry groups of a nation as a sweep sees them: points, and the trade among them.

#include <cstdint>
#include <vector>

#include "engine/base/buffer.hpp"
#include "kernels/dbscan.hpp"
#include "kernels/nation.hpp"

namespace tradegraph::kernels {

/// One industry group: its points, in the order of firms.
struct SweepGroup {
  std::int32_t code;
  std::vector<std::uint32_t> firm;
  std::vector<double> x_m, y_m;
  std::vector<std::int64_t> row;

  [[nodiscard]] PointSet points() const { return {x_m, y_m, row}; }
};

/// By code ascending.
[[nodiscard]] std::vector<SweepGroup> sweep_groups(const WholeNation& nation);

/// The trade inside groups.
class GroupTrade {
 public:
  /// Pairs of points of one group: supplier, buyer.
  struct Lists {
    Buffer<std::int64_t> first;
    Buffer<std::int64_t> second;
    [[nodiscard]] Pairs pairs() const {
      return {{first.data(), first.size()}, {second.data(), second.size()}};
    }
  };

  /// The nation must outlive it. Memory: 4 bytes a firm.
  GroupTrade(const WholeNation& nation, const std::vector<SweepGroup>& groups);

  /// Those whose supplier is in a slice of the group's points. Memory: 16 bytes a pair.
  [[nodiscard]] Lists pairs_of(const SweepGroup& group, int slice, int slices) const;

 private:
  /// `use(supplier, buyer)` for each pair whose supplier is one of the points begin..end - 1.
  template <class Use>
  void for_pairs(const SweepGroup& group, std::int64_t begin, std::int64_t end, Use&& use) const;

  const WholeNation& nation_;
  Buffer<std::uint32_t> place_;  ///< by firm: its point
};

}  // namespace tradegraph::kernels
