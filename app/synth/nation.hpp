#pragma once
/// The plan of a synthetic nation: which agglomerations there are, how large, where, how linked,
/// and how many firms are dispersed over its cities. A function of (firms, seed) alone, small, and
/// made by every rank for itself.
///
/// The nation is a list of seats (premises). A seat is numbered by tier: dispersed firms that
/// others choose as partners, dispersed firms that only choose, the agglomerations one after the
/// other, and firms without a link. In a year each seat up to the size of its block has an
/// occupant, a firm; when a firm leaves, another takes its seat.

#include <cstdint>
#include <string>
#include <vector>

#include "app/synth/industries.hpp"
#include "app/synth/places.hpp"
#include "app/synth/published.hpp"

namespace tradegraph::app::synth {

struct Setting {
  std::int64_t firms = 0;  ///< a year
  std::uint64_t seed = 1;
};

/// Fewer have no room for 146 agglomerations.
inline constexpr std::int64_t kFewestFirms = 10000;
/// The years of the published study; between them sizes change linearly, outside not at all.
inline constexpr std::int64_t kFirstYear = 2010;
inline constexpr std::int64_t kLastYear = 2020;

struct Point {
  double longitude = 0;
  double latitude = 0;
};

/// Metres between two places, by the local scale of degrees; good to 1 % over 100 km.
[[nodiscard]] double distance_m(const Point& a, const Point& b);

/// Members of an agglomeration, numbered from 0: participants (linked inside), then other nodes
/// (linked outside only), then firms without a link.
struct Size {
  std::int64_t firms = 0;
  std::int64_t nodes = 0;
  std::int64_t participants = 0;
  std::int64_t links = 0;  ///< inside
};

struct Agglomeration {
  std::string name;
  const PublishedCluster* published = nullptr;
  int group = 0;
  int city = 0;
  std::vector<Point> cores;
  double radius_m = 0;         ///< of each core
  double corridor_share = 0;   ///< of the members, spread along the lines between the cores
  bool merges = false;         ///< two agglomerations until members fill the corridor
  double address_share = 0;    ///< of the members, many at one address
  Size first, last;            ///< in kFirstYear and kLastYear
  double rank_exponent = 0;    ///< concentration of inside links on the first participants
  double share_in = 0;         ///< planted mean over nodes of the share of links inside
  double hierarchy = 0;        ///< planted; NaN: too few links
  double related_variety = 0;  ///< planted, of the main group's classes, bits
  std::vector<double> class_shares;
  std::int64_t begin = 0;     ///< its first seat
  std::int64_t capacity = 0;  ///< its seats

  [[nodiscard]] Size size(std::int64_t year) const;
};

/// Dispersed firms of one tier by group and city: block g * cities + c is
/// [first[block], first[block + 1]).
struct DispersedTier {
  std::vector<std::int64_t> first;

  [[nodiscard]] std::int64_t begin(int group, int city) const;
  [[nodiscard]] std::int64_t end(int group, int city) const { return begin(group, city + 1); }
  /// Block of a seat.
  [[nodiscard]] std::int64_t block_of(std::int64_t seat) const;
};

struct FlowPlan {
  int from = 0, to = 0;  ///< agglomerations
  double links = 0;      ///< in kLastYear
};

struct Nation {
  Setting setting;
  std::vector<Agglomeration> agglomerations;
  DispersedTier hubs;         ///< chosen as partners
  DispersedTier leaves;       ///< only choose: one link each
  std::int64_t unlinked = 0;  ///< first seat of the tier without links
  std::int64_t seats = 0;
  std::vector<double> city_weights;  ///< cumulated over (group, city), for the tier without links
  std::vector<FlowPlan> flows;
  double hub_links = 0;  ///< mean of the links that a firm of the tier `hubs` chooses

  [[nodiscard]] int cities() const;
  [[nodiscard]] double scale() const { return static_cast<double>(setting.firms) / 1e6; }
  /// Firms without a link in the last tier.
  [[nodiscard]] std::int64_t unlinked_firms(std::int64_t year) const;
};

/// Throws `ErrorKind::usage` for fewer than kFewestFirms firms. Cost: O(1) but for the links inside
/// agglomerations, which are drawn a few times to fit their hierarchy: about 2 s.
[[nodiscard]] Nation plan_nation(const Setting& setting);

/// 0 in kFirstYear and before, 1 in kLastYear and after.
[[nodiscard]] double progress_of(std::int64_t year);

/// Radius within which a city's dispersed firms lie.
[[nodiscard]] double radius_m(const City& city);

/// Of an agglomeration: metres from its nearest core or corridor, 0 inside.
[[nodiscard]] double distance_m(const Agglomeration& agglomeration, const Point& place);

}  // namespace tradegraph::app::synth
