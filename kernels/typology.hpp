#pragma once
/// Types of clusters in the plane of their centripetal and centrifugal forces.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

inline constexpr std::size_t kTypes = 4;
inline constexpr std::array<const char*, kTypes> kTypeNames{"path-dependent", "resilient",
                                                            "centrifugal", "other"};

/// z-scores of a cluster: specialisation, hierarchy, internal reach; related variety,
/// disassortativity, external reach.
using SixScores = std::array<double, 6>;

struct TypologyConfig {
  std::int64_t restarts = 100;
  std::int64_t least_clusters = 8;  ///< complete ones, below which there is no typology
  std::uint64_t seed = 1;
};

/// One force: the first principal component of its three indicators over the complete clusters.
struct Force {
  std::array<double, 3> loadings{kUndefined, kUndefined, kUndefined};
  double explained = kUndefined;
};

struct ClusterType {
  double centripetal = kUndefined;  ///< standardised over the complete clusters
  double centrifugal = kUndefined;
  std::int32_t type = -1;  ///< index of kTypeNames; -1 = none
  /// To the centroid of each type.
  std::array<double, kTypes> distance{kUndefined, kUndefined, kUndefined, kUndefined};
};

struct Typology {
  std::vector<ClusterType> clusters;  ///< one a row
  std::int64_t complete = 0;          ///< rows with all six scores
  Force centripetal;
  Force centrifugal;
  /// (centripetal, centrifugal) of each type; undefined if there is no typology.
  std::array<std::array<double, 2>, kTypes> centroids{};
  std::array<std::int64_t, kTypes> sizes{};
  double silhouette = kUndefined;
  bool exists = false;
};

/// k-means (k = 4) of both standardised forces; its centroids are named by the assignment to the
/// ideals path-dependent (+1, -1), resilient (+1, +1), centrifugal (-1, +1), other (-1, -1) of
/// least total squared distance. Rows that lack a score get no type and take no part. Deterministic
/// to the last bit. Not collective.
[[nodiscard]] Typology typology(std::span<const SixScores> scores,
                                const TypologyConfig& config = {});

}  // namespace tradegraph::kernels
