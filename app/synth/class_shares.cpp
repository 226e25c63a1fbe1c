#include "app/synth/class_shares.hpp"

#include <cmath>
#include <map>

#include "app/synth/industries.hpp"

namespace tradegraph::app::synth {

namespace {

const std::vector<IndustryClass>& classes_of(int group) {
  return industry_groups()[static_cast<std::size_t>(group)].classes;
}

std::map<int, double> division_shares(int group, const std::vector<double>& shares) {
  std::map<int, double> sums;
  const auto& classes = classes_of(group);
  for (std::size_t k = 0; k < classes.size(); ++k) sums[classes[k].division] += shares[k];
  return sums;
}

std::vector<double> falling_shares(int group, double exponent) {
  const auto& classes = classes_of(group);
  std::vector<double> weights;
  std::vector<double> usual;
  std::map<int, int> seen;
  for (const auto& klass : classes) {
    weights.push_back(std::pow(++seen[klass.division], -exponent));
    usual.push_back(klass.weight);
  }
  const auto total = division_shares(group, weights);
  const auto wanted = division_shares(group, usual);
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const int division = classes[k].division;
    weights[k] *= wanted.at(division) / total.at(division);
  }
  return weights;
}

}  // namespace

double related_variety(int group, const std::vector<double>& shares) {
  const auto totals = division_shares(group, shares);
  const auto& classes = classes_of(group);
  double bits = 0;
  for (std::size_t k = 0; k < classes.size(); ++k) {
    if (shares[k] > 0) bits += shares[k] * std::log2(totals.at(classes[k].division) / shares[k]);
  }
  return bits;
}

std::vector<double> shares_of_variety(int group, double bits) {
  double even = 0, uneven = 5;
  for (int step = 0; step < 40; ++step) {
    const double middle = (even + uneven) / 2;
    (related_variety(group, falling_shares(group, middle)) > bits ? even : uneven) = middle;
  }
  return falling_shares(group, even);
}

}  // namespace tradegraph::app::synth
