#include "kernels/industry_tallies.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/label_tally.hpp"

namespace tradegraph::kernels {

namespace {

/// NaN where the firm counts for nothing.
double weight_of(const Codes& codes, const Employees* employees, std::int64_t firm) {
  if (codes[firm] < 0) return std::nan("");
  return employees != nullptr ? (*employees)[firm] : 1;
}

void check(const Labels& labels, std::int64_t clusters, const Codes& codes, std::int64_t industries,
           const Employees* employees) {
  require_labels(labels.values(), clusters);
  for (std::int64_t i = 0; i < labels.count(); ++i) {
    require(codes[i] >= -1 && codes[i] < industries, ErrorKind::internal,
            "an industry code out of range");
    const double weight = weight_of(codes, employees, i);
    require(std::isnan(weight) || (weight >= 0 && std::isfinite(weight)), ErrorKind::internal,
            "negative or infinite number of employees");
  }
}

FixedPointScale weight_scale(const comm::Communicator& group, const Employees* employees) {
  if (employees == nullptr) return FixedPointScale(0);
  double largest = 0;
  for (const double x : employees->values()) {
    if (!std::isnan(x)) largest = std::max(largest, x);
  }
  largest = comm::all_reduce(group, largest, comm::ReduceOp::max);
  return FixedPointScale::for_range(largest, employees->size());
}

}  // namespace

IndustryTallies industry_tallies(const Labels& labels, std::int64_t clusters, const Codes& codes,
                                 std::int64_t industries, const Employees* employees) {
  const auto& group = labels.grid().group();
  require(codes.layout() == labels.layout() &&
              (employees == nullptr || employees->layout() == labels.layout()),
          ErrorKind::internal, "labels, codes and employees in different layouts");
  comm::collectively(group, [&] { check(labels, clusters, codes, industries, employees); });
  IndustryTallies result{weight_scale(group, employees), {}};
  result.tallies = comm::collectively(group, [&] {
    const LabelGroups groups(labels.values(), clusters);
    return tally_by_label(groups, industries + 1, [&](std::int64_t firm, TallyPad& pad) {
      const double weight = weight_of(codes, employees, firm);
      const auto key = std::isnan(weight) ? kUnknownIndustry : codes[firm];
      pad.add(key + 1, 1, std::isnan(weight) ? 0 : result.scale.units(weight));
    });
  });
  for (auto& tally : result.tallies) --tally.key;  // pads count from 0, unknown ones from -1
  return result;
}

}  // namespace tradegraph::kernels
