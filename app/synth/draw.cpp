#include "app/synth/draw.hpp"

namespace tradegraph::app::synth {

namespace {

constexpr double kA[] = {-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                         1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
constexpr double kB[] = {-5.447609879822406e+01, 1.615858368580409e+02,  -1.556989798598866e+02,
                         6.680131188771972e+01,  -1.328068155288572e+01, 1.0};
constexpr double kC[] = {-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                         -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
constexpr double kD[] = {7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                         3.754408661907416e+00, 1.0};

template <int N>
double polynomial(const double (&coefficients)[N], double x) {
  double value = 0;
  for (const double c : coefficients) value = value * x + c;
  return value;
}

double lower_tail(double probability) {
  const double q = std::sqrt(-2 * std::log(probability));
  return polynomial(kC, q) / polynomial(kD, q);
}

}  // namespace

double normal_quantile(double probability) {
  constexpr double kTail = 0.02425;
  if (probability < kTail) return lower_tail(probability < 1e-300 ? 1e-300 : probability);
  if (probability > 1 - kTail) return -lower_tail(1 - probability);
  const double q = probability - 0.5;
  const double r = q * q;
  return polynomial(kA, r) * q / polynomial(kB, r);
}

}  // namespace tradegraph::app::synth
