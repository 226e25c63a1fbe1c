#pragma once
/// The firms that a rank clusters, by industry group, beside those of other ranks that are near
/// enough to matter.

#include <optional>
#include <vector>

#include "engine/base/number_table.hpp"
#include "kernels/group_pieces.hpp"

namespace tradegraph::kernels {

/// Points 0..own-1 are clustered here; the others are guests: they have a home on another rank, and
/// are known here because they lie within eps of the piece or trade with an own firm nearby.
struct LocalGroup {
  std::int32_t code = kNoGroup;
  std::size_t own = 0;
  std::vector<double> x_m, y_m;
  std::vector<std::int64_t> row;
  std::vector<std::int64_t> firm;
  std::vector<std::int64_t> first, second;  ///< pairs within stretch * eps, by point

  [[nodiscard]] PointSet points() const { return {x_m, y_m, row}; }
  [[nodiscard]] Pairs pairs() const { return {first, second}; }
};

/// A point of a local group.
struct LocalPoint {
  std::size_t group;
  std::size_t point;
};

class LocalGroups {
 public:
  /// `own` are the firms that this rank clusters, `guests` others, which may come repeatedly;
  /// `pairs` are trading pairs of two known firms of one group.
  LocalGroups(const std::vector<PlacedFirm>& own, std::vector<PlacedFirm> guests,
              const std::vector<Link>& pairs, const IdentifyConfig& config);

  [[nodiscard]] std::vector<LocalGroup>& groups() { return groups_; }
  [[nodiscard]] const std::vector<LocalGroup>& groups() const { return groups_; }
  /// Where the i-th of the own firms is.
  [[nodiscard]] const LocalPoint& own(std::size_t i) const { return own_[i]; }
  [[nodiscard]] std::optional<LocalPoint> find_own(std::int64_t firm) const;

 private:
  LocalGroup& group(std::int32_t code);
  void add(const PlacedFirm& firm, LocalGroup& group);

  std::map<std::int32_t, std::size_t> index_;  ///< of a group, by code
  std::vector<LocalGroup> groups_;
  std::vector<LocalPoint> own_;
  std::optional<NumberTable> own_numbers_;
};

/// Brings the firms of each rank's pieces, their neighbours on other ranks and the trading pairs
/// that are close enough to the ranks that need them. `home` is the delivery that brought the own
/// firms; its items are the directory's firms of `kept_at`. Collective: two exchanges of firms, two
/// of links.
struct LocalInput {
  std::vector<std::size_t> kept_at;
  comm::Delivery<PlacedFirm> home;
  LocalGroups groups;
};
[[nodiscard]] LocalInput distribute(const comm::Communicator& comm, const FirmDirectory& directory,
                                    const TradePairs& trade, const IdentifyConfig& config,
                                    const GroupPieces& pieces);

}  // namespace tradegraph::kernels
