#include "kernels/variety.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/compensated_sum.hpp"

namespace tradegraph::kernels {

namespace {

struct ClassWeight {
  std::int32_t division;
  Int128 weight;
};

/// The classes with some weight, by division; within a division by class.
std::vector<ClassWeight> by_division(std::span<const Tally> run,
                                     std::span<const std::int32_t> division_of_class) {
  std::vector<ClassWeight> classes;
  for (const auto& tally : run) {
    if (tally.weight == 0) continue;
    classes.push_back({division_of_class[static_cast<std::size_t>(tally.key)], tally.weight});
  }
  std::stable_sort(classes.begin(), classes.end(), [](const ClassWeight& a, const ClassWeight& b) {
    return a.division < b.division;
  });
  return classes;
}

Int128 total(std::span<const ClassWeight> classes) {
  Int128 sum = 0;
  for (const auto& one : classes) sum += one.weight;
  return sum;
}

/// w log2(whole / w).
double surprise(Int128 weight, Int128 whole) {
  const auto w = static_cast<double>(weight);
  return w * std::log2(static_cast<double>(whole) / w);
}

void add_entropies(std::span<const ClassWeight> classes, Variety& variety) {
  const Int128 all = total(classes);
  if (all == 0) return;
  CompensatedSum related;
  CompensatedSum unrelated;
  CompensatedSum entropy;
  for (std::size_t begin = 0, end = 0; begin < classes.size(); begin = end) {
    while (end < classes.size() && classes[end].division == classes[begin].division) ++end;
    const auto division = classes.subspan(begin, end - begin);
    const Int128 whole = total(division);
    unrelated.add(surprise(whole, all));
    for (const auto& one : division) {
      related.add(surprise(one.weight, whole));
      entropy.add(surprise(one.weight, all));
    }
  }
  variety.related = related.value() / static_cast<double>(all);
  variety.unrelated = unrelated.value() / static_cast<double>(all);
  variety.entropy = entropy.value() / static_cast<double>(all);
}

}  // namespace

Variety variety_of(std::span<const Tally> run, std::span<const std::int32_t> division_of_class) {
  Variety result;
  for (const auto& tally : run) {
    auto& firms = tally.key == kUnknownIndustry ? result.skipped : result.firms;
    firms += static_cast<std::int64_t>(tally.count);
  }
  add_entropies(by_division(run, division_of_class), result);
  return result;
}

std::vector<Variety> variety(const Labels& labels, std::int64_t clusters, const Codes& classes,
                             std::span<const std::int32_t> division_of_class,
                             const Employees* employees) {
  const auto& group = labels.grid().group();
  auto table = industry_tallies(labels, clusters, classes,
                                static_cast<std::int64_t>(division_of_class.size()), employees);
  const auto collected = collect_by_label(group, std::move(table.tallies));
  return figures_by_label<Variety>(group, collected, clusters, [&](std::span<const Tally> run) {
    return variety_of(run, division_of_class);
  });
}

}  // namespace tradegraph::kernels
