#pragma once
/// Which rank clusters which firms: industry groups, and pieces of those that are too large for
/// their share, cut across the longer side of the group's extent.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "kernels/firm_directory.hpp"

namespace tradegraph::kernels {

inline constexpr std::int32_t kNoGroup = -1;

/// Group in which a firm is clustered; kNoGroup without a place or a group.
[[nodiscard]] std::int32_t group_of(const PlacedFirm& firm, const IdentifyConfig& config);

/// Ranks for tasks of these sizes: the largest first, each to the rank with least so far (Graham
/// 1969, doi:10.1137/0117039); ties by position and rank.
[[nodiscard]] std::vector<std::int32_t> deal(const std::vector<std::int64_t>& sizes, int ranks);

/// Size and extent of a group.
struct GroupExtent {
  std::int64_t group = kNoGroup;
  std::int64_t firms = 0;
  double least_x = std::numeric_limits<double>::infinity();
  double most_x = -std::numeric_limits<double>::infinity();
  double least_y = std::numeric_limits<double>::infinity();
  double most_y = -std::numeric_limits<double>::infinity();

  void merge(const GroupExtent& other) {
    group = other.group;
    firms += other.firms;
    least_x = std::min(least_x, other.least_x);
    most_x = std::max(most_x, other.most_x);
    least_y = std::min(least_y, other.least_y);
    most_y = std::max(most_y, other.most_y);
  }
  [[nodiscard]] double width() const { return most_x - least_x; }
  [[nodiscard]] double height() const { return most_y - least_y; }
  [[nodiscard]] double length() const { return std::max(width(), height()); }
  [[nodiscard]] double largest() const {
    return std::max({std::abs(least_x), std::abs(most_x), std::abs(least_y), std::abs(most_y)});
  }
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::GroupExtent> : std::true_type {};

namespace tradegraph::kernels {

/// The same on all ranks.
class GroupPieces {
 public:
  /// Collective: two all-gathers (extents of the groups a rank, and up to 1024 coordinates of each
  /// group that is cut). Groups are cut to near-equal pieces of about firms / ranks, at least two
  /// eps wide. Throws `ErrorKind::usage` if a group's extent exceeds 2^45 of its eps.
  GroupPieces(const comm::Communicator& comm, const std::vector<PlacedFirm>& firms,
              const IdentifyConfig& config);

  /// Rank that clusters a firm of this group.
  [[nodiscard]] std::int32_t rank_of(std::int32_t group, double x_m, double y_m) const;
  /// The same, and calls `visit(rank)` for each other rank that clusters some firm within eps of
  /// the place, and perhaps for more.
  template <class Visit>
  std::int32_t rank_of(std::int32_t group, double x_m, double y_m, Visit&& visit) const {
    const auto& cut = cuts_.at(group);
    const double at = cut.along_x ? x_m : y_m;
    const auto piece = piece_of(cut, at);
    for (auto p = piece; p > 0 && cut.end[p - 1] > at - cut.reach_m; --p) visit(cut.rank[p - 1]);
    for (auto p = piece; p < cut.end.size() && cut.end[p] <= at + cut.reach_m; ++p) {
      visit(cut.rank[p + 1]);
    }
    return cut.rank[piece];
  }

 private:
  struct Cut {
    bool along_x = true;
    double reach_m = 0;              ///< eps, and more than all rounding
    std::vector<double> end;         ///< where a piece ends and the next begins, ascending
    std::vector<std::int32_t> rank;  ///< one more than `end`
  };
  using Extent = GroupExtent;
  [[nodiscard]] static std::map<std::int32_t, Extent> gather_extents(
      const comm::Communicator& comm, const std::vector<PlacedFirm>& firms,
      const IdentifyConfig& config);
  void deal_pieces(const std::map<std::int32_t, Extent>& extents, int ranks);
  [[nodiscard]] static std::size_t piece_of(const Cut& cut, double at) {
    return static_cast<std::size_t>(std::upper_bound(cut.end.begin(), cut.end.end(), at) -
                                    cut.end.begin());
  }
  void find_ends(const comm::Communicator& comm, const std::vector<PlacedFirm>& firms,
                 const IdentifyConfig& config, const std::map<std::int32_t, std::size_t>& pieces);

  std::map<std::int32_t, Cut> cuts_;
};

}  // namespace tradegraph::kernels
