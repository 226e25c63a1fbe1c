#include "kernels/z_scores.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/compensated_sum.hpp"
#include "engine/base/error.hpp"

namespace tradegraph::kernels {

namespace {

std::vector<double> defined(std::span<const double> values,
                            std::span<const std::uint8_t> population, std::int64_t& skipped) {
  std::vector<double> result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!population.empty() && population[i] == 0) continue;
    if (std::isnan(values[i])) {
      ++skipped;
    } else {
      result.push_back(values[i]);
    }
  }
  return result;
}

double mean_of(std::span<const double> values) {
  CompensatedSum sum;
  for (const double x : values) sum.add(x);
  return ratio(sum.value(), static_cast<double>(values.size()));
}

double sample_deviation(std::span<const double> values, double mean) {
  if (values.size() < 2) return kUndefined;
  const auto [least, largest] = std::minmax_element(values.begin(), values.end());
  if (*least == *largest) return 0;  // exactly, whatever the rounding of the mean
  CompensatedSum squares;
  for (const double x : values) squares.add((x - mean) * (x - mean));
  return std::sqrt(squares.value() / static_cast<double>(values.size() - 1));
}

}  // namespace

ZScores z_scores(std::span<const double> values, std::span<const std::uint8_t> population) {
  require(population.empty() || population.size() == values.size(), ErrorKind::internal,
          "population and values differ in size");
  ZScores result;
  const auto counted = defined(values, population, result.skipped);
  result.counted = static_cast<std::int64_t>(counted.size());
  result.mean = mean_of(counted);
  result.standard_deviation = sample_deviation(counted, result.mean);
  for (const double x : values)
    result.z.push_back(ratio(x - result.mean, result.standard_deviation));
  return result;
}

}  // namespace tradegraph::kernels
