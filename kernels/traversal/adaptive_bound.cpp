#include "kernels/traversal/adaptive_bound.hpp"

#include <algorithm>
#include <cmath>

namespace tradegraph::kernels {

namespace {

/// Of each side's quarter of delta, what is divided equally, so that no vertex has nothing.
constexpr double kEqualPart = 0.001;

/// The constant of the sample bound, as Riondato & Kornaropoulos estimate it.
constexpr double kSampleConstant = 0.5;

}  // namespace

AdaptiveBound::AdaptiveBound(double epsilon, double delta, std::int64_t path_vertices)
    : epsilon_(epsilon), delta_(delta) {
  const double inner = std::max<double>(1, static_cast<double>(path_vertices) - 2);
  const double dimension = std::floor(std::log2(inner)) + 1;
  limit_ = static_cast<std::int64_t>(
      std::ceil(kSampleConstant / (epsilon * epsilon) * (dimension + std::log(2 / delta))));
}

void AdaptiveBound::divide(std::span<const std::int64_t> counts, std::int64_t samples) {
  const double quarter = delta_ / 4;
  const double equal =
      quarter * kEqualPart / static_cast<double>(std::max<std::size_t>(1, counts.size()));
  // The share of a vertex is exp(-c epsilon^2 / mean); c is the smallest for which they fit.
  const auto share = [&](double c, std::int64_t count) {
    if (count == 0) return 0.0;
    return std::exp(-c * epsilon_ * epsilon_ * static_cast<double>(samples) /
                    static_cast<double>(count));
  };
  double low = 0;
  double high = std::log(1 / equal) / (epsilon_ * epsilon_);
  for (int step = 0; step < 60; ++step) {
    const double c = (low + high) / 2;
    double sum = 0;
    for (const auto count : counts) sum += share(c, count);
    (sum > quarter * (1 - kEqualPart) ? low : high) = c;
  }
  log_share_.resize(counts.size());
  for (std::size_t v = 0; v < counts.size(); ++v) {
    log_share_[v] = static_cast<float>(-std::log(share(high, counts[v]) + equal) * (1 + 1e-6));
  }
}

double AdaptiveBound::lower(double mean, double log_share, double samples) const {
  const double ratio = static_cast<double>(limit_) / samples;
  const double third = 1.0 / 3 - ratio;
  return log_share / samples *
         (third + std::sqrt(third * third + 2 * mean * static_cast<double>(limit_) / log_share));
}

double AdaptiveBound::upper(double mean, double log_share, double samples) const {
  const double ratio = static_cast<double>(limit_) / samples;
  const double third = 1.0 / 3 + ratio;
  return log_share / samples *
         (third + std::sqrt(third * third + 2 * mean * static_cast<double>(limit_) / log_share));
}

double AdaptiveBound::error(std::span<const std::int64_t> counts, std::int64_t samples) const {
  double worst = 0;
  for (std::size_t v = 0; v < counts.size(); ++v) {
    const auto total = static_cast<double>(samples);
    const double mean = static_cast<double>(counts[v]) / total;
    const double log_share = log_share_[v];
    worst = std::max({worst, lower(mean, log_share, total), upper(mean, log_share, total)});
    if (worst > epsilon_ && samples < limit_) return worst;
  }
  return samples >= limit_ ? std::min(worst, epsilon_) : worst;
}

AdaptiveBound::Interval AdaptiveBound::interval(std::size_t v, std::int64_t count,
                                                std::int64_t samples) const {
  const auto total = static_cast<double>(samples);
  const double mean = static_cast<double>(count) / total;
  const double widest = samples >= limit_ ? epsilon_ : 1;
  return {std::min(widest, lower(mean, log_share_[v], total)),
          std::min(widest, upper(mean, log_share_[v], total))};
}

std::int64_t AdaptiveBound::expected_samples(double mean) const {
  const double log_share = std::log(8 / delta_) + 2;
  const double expected = log_share * (2 * mean / (epsilon_ * epsilon_) + 8 / (3 * epsilon_));
  return std::min(limit_, static_cast<std::int64_t>(expected));
}

}  // namespace tradegraph::kernels
