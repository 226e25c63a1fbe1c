#pragma once
/// What a published study of Korea's regional industrial clusters says of its 38 clusters.

#include <span>

namespace tradegraph::app::synth {

/// Counts are those of the whole nation, about a million firms; money in thousand won.
struct PublishedCluster {
  const char* key;
  const char* name;
  const char* type;
  double latitude, longitude;  ///< approximate
  int group;                   ///< index into `industry_groups()`; ours, the study does not tell
  int rank_2010, rank_2020;    ///< by inclusiveness
  double links, inclusiveness;
  double firms, employees_per_firm, growth_1y_pct, growth_2y_pct;
  double revenue, net_income, operating_income, value_added;  ///< a firm
  double patents, iso;                                        ///< a firm
  double rnd_pct, tangible_pct, labour_productivity;
  /// z-scores; NaN = not given.
  double specialisation, related_variety, hierarchy, disassortativity, internal_reach,
      external_reach;
};

/// Links between two clusters, by index.
struct PublishedFlow {
  int a, b;
  double a_to_b, b_to_a;
};

[[nodiscard]] std::span<const PublishedCluster> published_clusters();
/// Each pair once (the source lists two pairs from both sides: the first is kept).
[[nodiscard]] std::span<const PublishedFlow> published_flows();

}  // namespace tradegraph::app::synth
