#pragma once
/// The best grouping of industries among many candidates (Delgado, Porter & Stern 2016,
/// doi:10.1093/jeg/lbv017).

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/relatedness.hpp"

namespace tradegraph::kernels {

struct NamedRelatedness {
  std::string name;
  Relatedness matrix;
};

struct GroupingConfig {
  std::int64_t least_groups = 20;  ///< both clipped to 2 .. industries - 1
  std::int64_t most_groups = 60;
  std::int64_t restarts = 10;  ///< of k-means
  std::uint64_t seed = 1;
  /// Throws `ErrorKind::usage`.
  void validate() const;
};

/// Shares 0 .. 1. A group's WCR is the mean relatedness of its pairs, its BCR that to each other
/// group; a singleton has no WCR and fails.
struct Validation {
  double cluster_mean = 0;  ///< groups with WCR above their mean BCR
  double cluster_high = 0;  ///< groups with WCR above the 95th percentile (nearest rank) of BCR
  double industry_mean = 0;
  double industry_high = 0;
  [[nodiscard]] double score() const {
    return (cluster_mean + cluster_high + industry_mean + industry_high) / 4;
  }
};

/// How well `group` (0 .. groups - 1, each with a member) fits `matrix`. O(industries^2). With
/// one group all shares are 0. Not collective.
[[nodiscard]] Validation validate_groups(const Relatedness& matrix,
                                         const std::vector<std::int32_t>& group);

struct GroupingCandidate {
  std::string relatedness;
  std::string function;  ///< "kmeans" or "ward"
  bool standardised = false;
  std::int64_t groups = 0;
  double score = 0;                   ///< mean over all matrices
  std::vector<Validation> by_matrix;  ///< in the order of the matrices
};

struct Grouping {
  std::vector<GroupingCandidate> candidates;
  std::size_t best = 0;              ///< of the candidates
  std::vector<std::int32_t> before;  ///< the best candidate's groups
  std::vector<std::int32_t> group;   ///< after outliers moved; numbered by first industries
  std::int64_t moved = 0;
};

/// Every matrix x {k-means, Ward} x {raw, standardised rows} x number of groups; the highest score
/// (tie: fewer groups, then the earlier candidate). Then every industry that is more related, by
/// the matrix of the best, to another group than to its own (or alone in its own) moves to the
/// group it is most related to, all at once. Candidates by all threads; the same bits on every
/// rank. Not collective. Fewer than 3 industries are one group.
[[nodiscard]] Grouping group_industries(const std::vector<NamedRelatedness>& matrices,
                                        const GroupingConfig& config);

}  // namespace tradegraph::kernels
