#include "kernels/reported_figures.hpp"

#include <array>
#include <cmath>
#include <optional>

namespace tradegraph::kernels {

namespace {

/// What one firm reports.
struct Report {
  double figure;
  double numerator;
  double denominator;
};

std::optional<Report> report(const FirmRatio& of, std::int64_t firm) {
  const double x = (*of.numerator)[firm];
  const double y = of.denominator != nullptr ? (*of.denominator)[firm] : 1;
  if (!(y > 0)) return std::nullopt;
  const double figure = of.scale * (x / y) + of.shift;
  if (!std::isfinite(x) || !std::isfinite(y) || !std::isfinite(figure)) return std::nullopt;
  return Report{figure, x, y};
}

struct Scales {
  FixedPointScale figure;
  FixedPointScale numerator;
  FixedPointScale denominator;
};

Scales scales(const Labels& labels, const FirmRatio& of) {
  std::array<double, 3> largest{};
  for (std::int64_t i = 0; i < labels.count(); ++i) {
    const auto one = labels[i] == kNoCluster ? std::nullopt : report(of, i);
    if (!one) continue;
    largest[0] = std::max(largest[0], std::abs(one->figure));
    largest[1] = std::max(largest[1], std::abs(one->numerator));
    largest[2] = std::max(largest[2], one->denominator);
  }
  comm::all_reduce_in_place(labels.grid().group(), std::span<double>(largest), comm::ReduceOp::max);
  const auto scale = [&](double range) { return FixedPointScale::for_range(range, labels.size()); };
  return {scale(largest[0]), scale(largest[1]), scale(largest[2])};
}

struct Sums {
  Int128 firms;
  Int128 reporting;
  Int128 figures;
  Int128 numerators;
  Int128 denominators;
};

ReportedFigure figure_of(const Sums& sums, const Scales& scale, const FirmRatio& of) {
  const auto reporting = static_cast<double>(sums.reporting);
  const double numerators = scale.numerator.value(sums.numerators);
  const double divisor = of.denominator != nullptr ? scale.denominator.value(sums.denominators)
                                                   : static_cast<double>(sums.firms);
  ReportedFigure result;
  result.reporting = static_cast<std::int64_t>(sums.reporting);
  if (result.reporting == 0) return result;
  result.mean = ratio(scale.figure.value(sums.figures), reporting);
  result.of_sums = of.scale * ratio(numerators, divisor) + of.shift;
  result.sum = numerators;
  return result;
}

}  // namespace

std::vector<ReportedFigure> reported_figure(const Labels& labels, std::int64_t clusters,
                                            const FirmRatio& of) {
  require(of.numerator->layout() == labels.layout() &&
              (of.denominator == nullptr || of.denominator->layout() == labels.layout()),
          ErrorKind::internal, "firms' values are not in the layout of the labels");
  const auto scale = scales(labels, of);
  const auto sums = cluster_sums<Sums>(labels, clusters, [&](std::int64_t firm, Sums& to) {
    to.firms += 1;
    const auto one = report(of, firm);
    if (!one) return;
    to.reporting += 1;
    to.figures += scale.figure.units(one->figure);
    to.numerators += scale.numerator.units(one->numerator);
    to.denominators += scale.denominator.units(one->denominator);
  });
  std::vector<ReportedFigure> result;
  result.reserve(sums.size());
  for (const auto& one : sums) result.push_back(figure_of(one, scale, of));
  return result;
}

}  // namespace tradegraph::kernels
