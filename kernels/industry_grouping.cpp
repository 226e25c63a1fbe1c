#include "kernels/industry_grouping.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/error.hpp"
#include "kernels/kmeans.hpp"
#include "kernels/undefined.hpp"
#include "kernels/ward.hpp"

namespace tradegraph::kernels {

namespace {

using Groups = std::vector<std::int32_t>;

std::size_t count_groups(const Groups& group) {
  return group.empty() ? 0 : static_cast<std::size_t>(*std::ranges::max_element(group)) + 1;
}

std::vector<double> sizes(const Groups& group) {
  std::vector<double> size(count_groups(group), 0);
  for (const auto g : group) size[static_cast<std::size_t>(g)] += 1;
  return size;
}

/// Relatedness of each industry to the members of each group, itself left out: industries x groups.
std::vector<double> sums_to_groups(const Relatedness& matrix, const Groups& group) {
  const auto groups = count_groups(group);
  std::vector<double> sums(matrix.industries * groups, 0);
  for (std::size_t i = 0; i < matrix.industries; ++i) {
    for (std::size_t j = 0; j < matrix.industries; ++j) {
      if (i != j) sums[i * groups + static_cast<std::size_t>(group[j])] += matrix(i, j);
    }
  }
  return sums;
}

/// Mean relatedness within against those to others.
struct Contrast {
  bool above_mean = false;
  bool above_high = false;
};

Contrast contrast(double within, std::vector<double> between) {
  if (std::isnan(within) || between.empty()) return {};
  double mean = 0;
  for (const double x : between) mean += x;
  mean /= static_cast<double>(between.size());
  std::ranges::sort(between);
  const auto rank = static_cast<std::size_t>(
      std::ceil(0.95 * static_cast<double>(between.size()) - 1e-9));  // nearest rank, from 1
  return {within > mean, within > between[rank - 1]};
}

/// Shares of contrasts.
struct Shares {
  void add(const Contrast& c) {
    count += 1;
    mean += c.above_mean ? 1 : 0;
    high += c.above_high ? 1 : 0;
  }
  double count = 0;
  double mean = 0;
  double high = 0;
};

Shares industry_shares(const std::vector<double>& sums, const Groups& group,
                       const std::vector<double>& size) {
  Shares shares;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto own = static_cast<std::size_t>(group[i]);
    std::vector<double> between;
    for (std::size_t g = 0; g < size.size(); ++g) {
      if (g != own) between.push_back(sums[i * size.size() + g] / size[g]);
    }
    shares.add(contrast(ratio(sums[i * size.size() + own], size[own] - 1), std::move(between)));
  }
  return shares;
}

Shares group_shares(const std::vector<double>& sums, const Groups& group,
                    const std::vector<double>& size) {
  const auto groups = size.size();
  std::vector<double> total(groups * groups, 0);
  for (std::size_t i = 0; i < group.size(); ++i) {
    for (std::size_t g = 0; g < groups; ++g) {
      total[static_cast<std::size_t>(group[i]) * groups + g] += sums[i * groups + g];
    }
  }
  Shares shares;
  for (std::size_t a = 0; a < groups; ++a) {
    std::vector<double> between;
    for (std::size_t b = 0; b < groups; ++b) {
      if (a != b) between.push_back(total[a * groups + b] / (size[a] * size[b]));
    }
    shares.add(contrast(ratio(total[a * groups + a], size[a] * (size[a] - 1)), std::move(between)));
  }
  return shares;
}

/// A matrix and how its rows are clustered.
struct Method {
  std::size_t matrix;
  bool ward;
  bool standardised;
  std::int64_t groups;
};

std::vector<Method> methods(std::size_t matrices, std::int64_t least, std::int64_t most) {
  std::vector<Method> result;
  for (std::size_t m = 0; m < matrices; ++m) {
    for (const bool ward : {false, true}) {
      for (const bool standardised : {false, true}) {
        for (auto k = least; k <= most; ++k) result.push_back({m, ward, standardised, k});
      }
    }
  }
  return result;
}

/// Distances between rows and Ward's trees, made once a matrix.
struct Prepared {
  SquaredDistances distances;
  std::vector<Merge> merges;
};

std::vector<Prepared> prepare(const std::vector<NamedRelatedness>& matrices) {
  std::vector<Prepared> result(2 * matrices.size());
#pragma omp parallel for schedule(dynamic)
  for (std::size_t k = 0; k < result.size(); ++k) {
    const auto& matrix = matrices[k / 2].matrix;
    result[k].distances = squared_distances(rows_of(matrix, k % 2 == 1), matrix.industries);
    result[k].merges = ward(result[k].distances);
  }
  return result;
}

Groups partition(const Method& method, const Prepared& prepared, std::size_t industries,
                 const GroupingConfig& config) {
  if (method.ward) {
    return cut(prepared.merges, industries, static_cast<std::size_t>(method.groups));
  }
  return kmeans(prepared.distances,
                {.clusters = method.groups, .restarts = config.restarts, .seed = config.seed})
      .cluster;
}

GroupingCandidate judge(const Method& method, const Groups& group,
                        const std::vector<NamedRelatedness>& matrices) {
  GroupingCandidate candidate{matrices[method.matrix].name,
                              method.ward ? "ward" : "kmeans",
                              method.standardised,
                              method.groups,
                              0,
                              {}};
  for (const auto& named : matrices) {
    candidate.by_matrix.push_back(validate_groups(named.matrix, group));
    candidate.score += candidate.by_matrix.back().score();
  }
  candidate.score /= static_cast<double>(matrices.size());
  return candidate;
}

/// Groups renumbered by first industries; those without any vanish.
Groups renumbered(const Groups& group) {
  std::vector<std::int32_t> number(count_groups(group), -1);
  Groups result;
  std::int32_t next = 0;
  for (const auto g : group) {
    auto& own = number[static_cast<std::size_t>(g)];
    if (own < 0) own = next++;
    result.push_back(own);
  }
  return result;
}

/// Each industry's group after the outliers have moved.
Groups with_outliers_moved(const Relatedness& matrix, const Groups& group, std::int64_t& moved) {
  const auto size = sizes(group);
  const auto sums = sums_to_groups(matrix, group);
  auto result = group;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto own = static_cast<std::size_t>(group[i]);
    double best = ratio(sums[i * size.size() + own], size[own] - 1);
    for (std::size_t g = 0; g < size.size(); ++g) {
      const double there = sums[i * size.size() + g] / size[g];
      if (g == own || !(std::isnan(best) || there > best)) continue;
      best = there;
      result[i] = static_cast<std::int32_t>(g);
    }
    moved += result[i] != group[i] ? 1 : 0;
  }
  return renumbered(result);
}

}  // namespace

void GroupingConfig::validate() const {
  require(least_groups >= 2 && most_groups >= least_groups, ErrorKind::usage,
          "the numbers of groups must be 2 or more, the least first");
  require(restarts >= 1, ErrorKind::usage, "restarts must be at least 1");
}

Validation validate_groups(const Relatedness& matrix, const std::vector<std::int32_t>& group) {
  require(group.size() == matrix.industries, ErrorKind::internal, "one group an industry");
  const auto size = sizes(group);
  if (size.size() < 2) return {};
  const auto sums = sums_to_groups(matrix, group);
  const auto of_groups = group_shares(sums, group, size);
  const auto of_industries = industry_shares(sums, group, size);
  return {of_groups.mean / of_groups.count, of_groups.high / of_groups.count,
          of_industries.mean / of_industries.count, of_industries.high / of_industries.count};
}

Grouping group_industries(const std::vector<NamedRelatedness>& matrices,
                          const GroupingConfig& config) {
  config.validate();
  require(!matrices.empty(), ErrorKind::internal, "no relatedness");
  const auto industries = matrices.front().matrix.industries;
  Grouping result;
  if (industries < 3) {
    result.before.assign(industries, 0);
    result.group = result.before;
    return result;
  }
  const auto most = std::min(config.most_groups, static_cast<std::int64_t>(industries) - 1);
  const auto all = methods(matrices.size(), std::min(config.least_groups, most), most);
  const auto prepared = prepare(matrices);
  result.candidates.resize(all.size());
  std::vector<Groups> groups(all.size());
#pragma omp parallel for schedule(dynamic)
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto& method = all[k];
    groups[k] = partition(method, prepared[2 * method.matrix + (method.standardised ? 1 : 0)],
                          industries, config);
    result.candidates[k] = judge(method, groups[k], matrices);
  }
  for (std::size_t k = 1; k < all.size(); ++k) {
    const auto& best = result.candidates[result.best];
    const auto& one = result.candidates[k];
    if (one.score > best.score || (one.score == best.score && one.groups < best.groups)) {
      result.best = k;
    }
  }
  result.before = groups[result.best];
  result.group =
      with_outliers_moved(matrices[all[result.best].matrix].matrix, result.before, result.moved);
  return result;
}

}  // namespace tradegraph::kernels
