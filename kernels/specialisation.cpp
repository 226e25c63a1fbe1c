#include "kernels/specialisation.hpp"

#include <algorithm>

#include "engine/base/compensated_sum.hpp"

namespace tradegraph::kernels {

namespace {

/// e_g, and e, in units.
struct Nation {
  std::vector<Int128> of_group;
  Int128 all = 0;

  Nation(std::span<const Tally> table, std::int64_t groups)
      : of_group(static_cast<std::size_t>(groups), 0) {
    for (const auto& cell : table) {
      if (cell.key != kUnknownIndustry) of_group[static_cast<std::size_t>(cell.key)] += cell.weight;
      all += cell.weight;
    }
  }
  [[nodiscard]] double quotient(Int128 size, Int128 cluster, std::int64_t group) const {
    const auto e_g = static_cast<double>(of_group[static_cast<std::size_t>(group)]);
    return ratio(static_cast<double>(size) * static_cast<double>(all),
                 static_cast<double>(cluster) * e_g);
  }
};

Int128 weight_of(std::span<const Tally> run) {
  Int128 sum = 0;
  for (const auto& cell : run) sum += cell.weight;
  return sum;
}

/// The known group with the largest weight, the first of equals; none if there is no weight.
std::int32_t largest_group(std::span<const Tally> run) {
  const auto largest = std::max_element(
      run.begin(), run.end(), [](const Tally& a, const Tally& b) { return a.weight < b.weight; });
  return largest->weight > 0 ? static_cast<std::int32_t>(largest->key) : -1;
}

Int128 weight_in(std::span<const Tally> run, std::int64_t group) {
  const auto cell =
      std::find_if(run.begin(), run.end(), [&](const Tally& one) { return one.key == group; });
  return cell != run.end() ? cell->weight : 0;
}

ClusterSpecialisation figures(std::span<const Tally> run, const Nation& nation,
                              std::int32_t main_group) {
  ClusterSpecialisation result;
  const Int128 cluster = weight_of(run);
  CompensatedSum mean;
  double largest = 0;
  for (const auto& cell : run) {
    auto& firms = cell.key == kUnknownIndustry ? result.skipped : result.firms;
    firms += static_cast<std::int64_t>(cell.count);
    if (cell.weight == 0) continue;
    const double quotient = nation.quotient(cell.weight, cluster, cell.key);
    mean.add(static_cast<double>(cell.weight) / static_cast<double>(cluster) * quotient);
    largest = std::max(largest, quotient);
  }
  result.main_group = main_group;
  if (cluster == 0) return result;
  if (main_group >= 0) {
    result.main = nation.quotient(weight_in(run, main_group), cluster, main_group);
  }
  result.mean = mean.value();
  result.largest = largest;
  return result;
}

void append_quotients(std::span<const Tally> run, const Nation& nation, FixedPointScale scale,
                      std::vector<LocationQuotient>& to) {
  const Int128 cluster = weight_of(run);
  for (const auto& cell : run) {
    if (cell.key == kUnknownIndustry) continue;
    to.push_back({cell.label, static_cast<std::int32_t>(cell.key),
                  static_cast<std::int64_t>(cell.count), scale.value(cell.weight),
                  nation.quotient(cell.weight, cluster, cell.key)});
  }
}

}  // namespace

Specialisation specialisation(const Labels& labels, std::int64_t clusters, const Codes& groups,
                              std::int64_t group_count, const Employees* employees,
                              std::span<const std::int32_t> main_group) {
  require(main_group.empty() || static_cast<std::int64_t>(main_group.size()) == clusters,
          ErrorKind::internal, "not one main group a cluster");
  require(std::all_of(main_group.begin(), main_group.end(),
                      [&](std::int32_t g) { return g >= -1 && g < group_count; }),
          ErrorKind::internal, "a main group out of range");
  auto local = industry_tallies(labels, clusters, groups, group_count, employees);
  const auto table = collect_everywhere(labels.grid().group(), std::move(local.tallies));
  const Nation nation(table, group_count);
  Specialisation result;
  result.clusters.resize(static_cast<std::size_t>(clusters));
  for_each_label(table, [&](Label label, std::span<const Tally> run) {
    append_quotients(run, nation, local.scale, result.quotients);
    if (label == kNoCluster) return;
    const auto at = static_cast<std::size_t>(label);
    result.clusters[at] =
        figures(run, nation, main_group.empty() ? largest_group(run) : main_group[at]);
  });
  return result;
}

}  // namespace tradegraph::kernels
