#pragma once
/// z-scores of one indicator over a population of clusters.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

struct ZScores {
  std::vector<double> z;  ///< one a value
  double mean = kUndefined;
  double standard_deviation = kUndefined;  ///< of the sample: divided by counted - 1
  std::int64_t counted = 0;                ///< defined values of the population
  std::int64_t skipped = 0;                ///< undefined values of the population
};

/// z = (value - mean) / standard deviation, both over the values with `population` set (all, if it
/// is empty) that are defined; values outside the population are scored too. Undefined for
/// undefined values, and for all where the population has fewer than two values or they do not
/// vary. To pool years, pass their values in one vector. Not collective: values that are the same
/// on all ranks give scores that are. Throws `ErrorKind::internal` for a population of another
/// size.
[[nodiscard]] ZScores z_scores(std::span<const double> values,
                               std::span<const std::uint8_t> population = {});

}  // namespace tradegraph::kernels
