#pragma once
/// Clusters of two years: which continues which, which were born, died, split and merged.
///
/// cost(a, b) = 1 - overlap * similarity, with overlap = Jaccard of the cells that the clusters
/// cover and similarity = cosine of their firms by industry group; or, by firms, cost = 1 - Jaccard
/// of their firms. Optimal one-to-one assignment, where a cluster that stays alone costs
/// `max_cost`: pairs at `max_cost` or above are none.

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/cluster_tally.hpp"
#include "kernels/shared_keys.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

enum class MatchBy { footprint, firms };

struct MatchConfig {
  MatchBy by = MatchBy::footprint;
  double max_cost = 0.8;      ///< in (0, 1]
  double split_share = 0.25;  ///< in (0, 1]: what a successor holds at least
  /// Throws `ErrorKind::usage`.
  void validate() const;
};

/// Two clusters that share a cell or a firm.
struct ClusterPair {
  Label a;
  Label b;
  double overlap;       ///< Jaccard of cells; undefined if neither has a place
  double similarity;    ///< cosine of firms by group
  double firm_jaccard;  ///< undefined if neither has firms
  double cost;          ///< 1 where it would be undefined
  double share_of_a;    ///< part of a that b holds: cells * similarity, or firms
  double share_of_b;
};

/// `cells` and `firms` of the same clusters; `profiles_a` and `_b`: firms by group, sorted by
/// (label, key) as `collect_everywhere` leaves them, keys common to both years, -1 = no group,
/// which counts as a group of its own. One entry a pair that shares anything, by (a, b). Not
/// collective.
[[nodiscard]] std::vector<ClusterPair> cluster_pairs(const SharedKeys& cells,
                                                     const SharedKeys& firms,
                                                     const std::vector<Tally>& profiles_a,
                                                     const std::vector<Tally>& profiles_b,
                                                     MatchBy by);

enum class Event { continued, born, died, split, merged, promoted, demoted };
[[nodiscard]] const char* name(Event event);

/// A line of history. `a` or `b` is `kNoCluster` for what was born or died.
struct Match {
  Label a;
  Label b;
  Event event;
  bool matched;             ///< by the assignment; other pairs are parts of a split or a merger
  std::int64_t successors;  ///< clusters that hold at least `split_share` of a
  std::int64_t predecessors;
  std::int64_t pair;  ///< of `cluster_pairs`; -1 = none
};

/// Every matched pair, every successor of a cluster that split (at least two hold `split_share` of
/// it), every predecessor of one that merged, and each cluster that is in none of these: born or
/// died. A matched pair is promoted if only b is selected, demoted if only a is; else the pair is
/// split, merged or continued, the first that holds. By (a, b), the born last. `selected_*` has one
/// entry a label. Cost: the assignment's. Not collective; the same input gives the same result.
[[nodiscard]] std::vector<Match> match_clusters(const std::vector<ClusterPair>& pairs,
                                                const std::vector<std::uint8_t>& selected_a,
                                                const std::vector<std::uint8_t>& selected_b,
                                                const MatchConfig& config = {});

}  // namespace tradegraph::kernels
