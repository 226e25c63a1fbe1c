#pragma once
/// When enough has been sampled: the adaptive bounds of KADABRA (Borassi & Natale 2019,
/// doi:10.1145/3284359, theorem 9), which hold at whatever moment the sampling stops.
///
/// With probability at least 1 - delta, for all vertices at once, the mean of a vertex's samples is
/// within [-lower, +upper] of its expectation when the sampling stops: at the latest after `limit`
/// samples (Riondato & Kornaropoulos 2016, doi:10.1007/s10618-015-0423-0), or as soon as all
/// vertices' bounds are below epsilon. Delta is divided half to the limit, a quarter to each side.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

class AdaptiveBound {
 public:
  /// `path_vertices`: no shortest path has more vertices. Epsilon and delta in (0, 1).
  AdaptiveBound(double epsilon, double delta, std::int64_t path_vertices);

  /// No more samples than this are needed, whatever they show.
  [[nodiscard]] std::int64_t limit() const { return limit_; }

  /// Divides delta over the vertices by how often each was met in a first run of `samples`, which
  /// must not be counted again: frequent ones need more.
  void divide(std::span<const std::int64_t> counts, std::int64_t samples);

  /// The largest bound over all vertices after `samples`, or more than epsilon as soon as one is.
  [[nodiscard]] double error(std::span<const std::int64_t> counts, std::int64_t samples) const;

  struct Interval {
    double below;
    double above;
  };
  /// How far vertex v's expectation may lie below and above the mean of its samples.
  [[nodiscard]] Interval interval(std::size_t v, std::int64_t count, std::int64_t samples) const;

  /// Samples that a vertex met with frequency `mean` needs, about, and with it all others.
  [[nodiscard]] std::int64_t expected_samples(double mean) const;

 private:
  [[nodiscard]] double lower(double mean, double log_share, double samples) const;
  [[nodiscard]] double upper(double mean, double log_share, double samples) const;

  double epsilon_;
  double delta_;
  std::int64_t limit_;
  std::vector<float> log_share_;  ///< ln(1 / share of delta), one a vertex, of either side
};

}  // namespace tradegraph::kernels
