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
/// the groups that it trades with, a few that its city goes to, any), then by distance (its city,
/// cities near, the nation, mostly other large regions), then by rank within that block, where
/// small firms draw rank r with probability ~ (r + 0.1)^-1.3, large ones any rank.
///
/// Every seat has one of two sides, and links that are chosen go to the other side but for a few:
/// partners of one firm seldom trade with each other, while firms often share two partners. So it
/// is in production networks, which are bound by what complements, not by who knows whom (Mattsson
/// et al. 2021, doi:10.3389/fdata.2021.666712).
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
  /// `where`, 0 .. 1: in its city, near it, or in the nation.
  [[nodiscard]] int group(const Seat& seat, double where, std::uint64_t slot) const;
  [[nodiscard]] Block block(const Seat& seat, int group, double where, std::uint64_t slot) const;
  [[nodiscard]] Block block_near(const Seat& seat, int group, std::uint64_t draw) const;
  [[nodiscard]] Block nation(int group) const;
  /// Whether a partner is on the right side and, if `goes_out`, in another large region.
  [[nodiscard]] bool suits(const Seat& seat, std::int64_t other, bool is_any_side,
                           bool goes_out) const;
  /// Share of sales in the links that a firm chooses: 0, 1/2 or 1.
  [[nodiscard]] double selling_of(std::int64_t seat_number) const;
  /// Whether others choose the seat often.
  [[nodiscard]] bool is_large(const Seat& seat) const;
  /// A partner drawn by rank with probability `hubward`, else any; the seat itself if none is
  /// found.
  [[nodiscard]] std::int64_t partner(const Seat& seat, double where, double hubward,
                                     std::uint64_t slot) const;

  const Year& year_;
  std::uint64_t seed_;
  double most_;                         ///< links that one firm chooses
  double lomax_;                        ///< scale of the number of links a hub chooses
  std::vector<double> group_sums_;      ///< shares of the groups, cumulated
  std::vector<std::vector<int>> near_;  ///< of each city
};

/// Whole thousands of won, log-normal.
[[nodiscard]] std::int64_t amount_of(std::uint64_t link_key);

/// All links inside and between agglomerations: the same on all ranks, in the same order.
[[nodiscard]] std::vector<Link> cluster_links(const Year& year);

}  // namespace tradegraph::app::synth
