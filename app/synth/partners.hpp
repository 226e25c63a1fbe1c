#pragma once
/// Whom firms trade with outside their agglomeration.

#include <cstdint>
#include <string>
#include <vector>

#include "app/synth/year.hpp"

namespace tradegraph::app::synth {

struct Link {
  std::int64_t supplier = 0;  ///< seats
  std::int64_t buyer = 0;
  std::uint64_t key = 0;  ///< of its amount; the same as long as the link lasts
};

/// Draws the links that a seat chooses: with dispersed firms of the tier `hubs`, by group (its own,
/// the groups that it trades with, a few that its city or the nation goes to), then by distance
/// (its city, its large region, the nation), then by rank within that block, where small firms draw
/// rank r with probability ~ r^-1.15 for buyers and r^-1.2 for suppliers, large ones any rank.
class PartnerChoice {
 public:
  explicit PartnerChoice(const Year& year);

  /// The links that a seat chooses, in `links`; none is there twice.
  void choose(const Seat& seat, std::vector<Link>& links) const;

 private:
  struct Block {
    std::int64_t begin, end;
  };
  [[nodiscard]] std::int64_t how_many(const Seat& seat) const;
  [[nodiscard]] int group(const Seat& seat, std::uint64_t slot) const;
  [[nodiscard]] Block block(const Seat& seat, int group, std::uint64_t slot) const;
  /// Share of sales in the links that a firm chooses: 0, 1/2 or 1.
  [[nodiscard]] double selling_of(std::int64_t seat_number) const;
  /// Whether others choose the seat often.
  [[nodiscard]] bool is_large(const Seat& seat) const;
  /// A partner drawn by rank with probability `hubward`, else any.
  [[nodiscard]] std::int64_t partner(const Seat& seat, bool is_buyer, double hubward,
                                     std::uint64_t slot) const;

  const Year& year_;
  std::uint64_t seed_;
  double most_;                          ///< links that one firm chooses
  double lomax_;                         ///< scale of the number of links a hub chooses
  int region_begin_[kLargeRegions + 1];  ///< first city of each large region
};

/// Whole thousands of won, log-normal.
[[nodiscard]] std::int64_t amount_of(std::uint64_t link_key);

/// All links inside and between agglomerations: the same on all ranks, in the same order.
[[nodiscard]] std::vector<Link> cluster_links(const Year& year);

}  // namespace tradegraph::app::synth
