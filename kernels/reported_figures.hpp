#pragma once
/// Figures of clusters from what their firms report: means over the firms that report, and ratios
/// of sums.
///
/// Of firm i the figure is  f_i = scale x_i / y_i + shift  (y_i = 1 where there is no denominator),
/// reported where x_i is known and y_i is known and positive. Of a cluster
///   mean     = sum f_i / number of firms that report,
///   of sums  = scale (sum x_i / sum y_i) + shift  over the same firms; without a denominator
///              sum x_i / number of all members,
/// undefined where the divisor is 0. E.g. growth in percent: x this year's, y last year's value,
/// scale 100, shift -100.
///
/// Sums are exact in fixed point (`engine/base/exact_sum.hpp`): the same at every rank count.

#include <cstdint>
#include <vector>

#include "kernels/cluster_sums.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::kernels {

using FirmValues = matrix::DistributedVector<double>;

struct FirmRatio {
  const FirmValues* numerator = nullptr;    ///< NaN = not known
  const FirmValues* denominator = nullptr;  ///< null: 1
  double scale = 1;
  double shift = 0;
};

struct ReportedFigure {
  double mean = kUndefined;
  double of_sums = kUndefined;
  double sum = kUndefined;     ///< of the numerators of the firms that report
  std::int64_t reporting = 0;  ///< firms
};

/// One a cluster, the same on all ranks. All vectors in the layout of `labels`. Cost: one
/// all-reduce of 3 values, one of 5 integers a cluster. Collective; throws `ErrorKind::internal`
/// for another layout or labels out of range.
[[nodiscard]] std::vector<ReportedFigure> reported_figure(const Labels& labels,
                                                          std::int64_t clusters,
                                                          const FirmRatio& of);

}  // namespace tradegraph::kernels
