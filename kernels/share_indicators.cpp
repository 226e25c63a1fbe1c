#include "kernels/share_indicators.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "engine/base/exact_sum.hpp"
#include "kernels/assortativity.hpp"
#include "kernels/hierarchy.hpp"
#include "kernels/partition_similarity.hpp"
#include "kernels/typology.hpp"
#include "kernels/variety.hpp"
#include "kernels/z_scores.hpp"

namespace tradegraph::kernels {

Adjacency partners_of(const WholeNation& nation) {
  std::vector<std::uint64_t> pairs;
  pairs.reserve(2 * nation.buyers.links());
  for (std::size_t i = 0; i < nation.firms(); ++i) {
    const auto firm = static_cast<std::uint32_t>(i);
    for (const auto j : nation.buyers.of(i)) pairs.push_back(Adjacency::pair(firm, j));
    for (const auto j : nation.suppliers.of(i)) pairs.push_back(Adjacency::pair(firm, j));
  }
  return {nation.firms(), pairs};
}

namespace {

struct LinkSums {
  std::int64_t nodes = 0;
  std::int64_t linked = 0;
  std::int64_t links = 0;
  Int128 shares = 0;
};

/// Calls `visit(cluster, run)` for the cells of each cluster.
template <class Visit>
void for_each_cluster(std::span<const Overlap> cells, Visit&& visit) {
  for (std::size_t k = 0; k < cells.size();) {
    const auto begin = k;
    while (k < cells.size() && cells[k].a == cells[begin].a) ++k;
    visit(cells[begin].a, cells.subspan(begin, k - begin));
  }
}

}  // namespace

IndicatorSeries::IndicatorSeries(const WholeNation& nation, const Adjacency& partners,
                                 std::span<const std::int32_t> division_of_class)
    : nation_(nation),
      partners_(partners),
      division_of_class_(division_of_class),
      degrees_(nation, partners) {
  for (const auto group : nation.industry_group) {
    if (group < 0) continue;
    const auto at = static_cast<std::size_t>(group);
    if (at >= firms_of_group_.size()) firms_of_group_.resize(at + 1, 0);
    ++firms_of_group_[at];
    ++firms_with_group_;
  }
}

std::vector<ShareIndicators> IndicatorSeries::next(std::span<const std::int32_t> label,
                                                   std::size_t clusters) {
  auto same_as = degrees_.follow(label, clusters);
  const auto degrees = degrees_.partners();
  const auto largest = degrees.empty() ? 0 : std::int64_t{*std::ranges::max_element(degrees)};
  // Correlations are summed on a grid that the largest degree sets.
  const bool is_other_grid = assortativity_grid(largest) != assortativity_grid(largest_degree_);
  if (is_other_grid) std::ranges::fill(same_as, -1);
  largest_degree_ = largest;
  const auto before = std::exchange(result_, std::vector<ShareIndicators>(clusters));
  const auto changed = labels_of_changed(label, same_as);
  take_part(changed);
  mix(changed);
  specialise(changed);
  diversify(changed);
  for (std::size_t c = 0; c < clusters; ++c) {
    if (same_as[c] >= 0) result_[c] = before[static_cast<std::size_t>(same_as[c])];
  }
  return result_;
}

/// -1 for the firms of clusters that were the same before.
std::vector<std::int32_t> IndicatorSeries::labels_of_changed(
    std::span<const std::int32_t> label, std::span<const std::int32_t> same_as) const {
  std::vector<std::int32_t> changed(label.size());
  std::transform(label.begin(), label.end(), changed.begin(), [&](std::int32_t at) {
    return at >= 0 && same_as[static_cast<std::size_t>(at)] < 0 ? at : -1;
  });
  return changed;
}

/// Nodes, links, inclusiveness and internal reach.
void IndicatorSeries::take_part(std::span<const std::int32_t> label) {
  const auto scale = FixedPointScale::for_range(1, static_cast<std::int64_t>(nation_.firms()));
  std::vector<LinkSums> sums(result_.size());
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto all = partners_.of(i).size();
    if (label[i] < 0 || all == 0) continue;
    auto& to = sums[static_cast<std::size_t>(label[i])];
    const auto inside = degrees_.partners()[i];
    ++to.nodes;
    to.linked += inside > 0 ? 1 : 0;
    to.links += degrees_.buyers()[i];
    to.shares += scale.units(static_cast<double>(inside) / static_cast<double>(all));
  }
  for (std::size_t c = 0; c < sums.size(); ++c) {
    const auto nodes = static_cast<double>(sums[c].nodes);
    result_[c].nodes = sums[c].nodes;
    result_[c].links = sums[c].links;
    result_[c].inclusiveness = ratio(static_cast<double>(sums[c].linked), nodes);
    result_[c].share_in = ratio(scale.value(sums[c].shares), nodes);
  }
}

/// Hierarchy and disassortativity.
void IndicatorSeries::mix(std::span<const std::int32_t> label) {
  const auto mixing =
      assortativity({label, degrees_.partners(), degrees_.partner_degrees()}, result_.size());
  for (std::size_t c = 0; c < result_.size(); ++c) result_[c].disassortativity = -mixing[c].pearson;
  for_each_cluster(member_overlaps(label, degrees_.partners()), [&](std::int32_t cluster,
                                                                    std::span<const Overlap> run) {
    std::vector<Tally> degrees;
    for (const auto& cell : run) {
      if (cell.b > 0) degrees.push_back({cluster, cell.b, cell.firms, 0});
    }
    result_[static_cast<std::size_t>(cluster)].hierarchy = hierarchy_of(degrees).hierarchy;
  });
}

void IndicatorSeries::specialise(std::span<const std::int32_t> label) {
  for_each_cluster(member_overlaps(label, nation_.industry_group),
                   [&](std::int32_t cluster, std::span<const Overlap> run) {
                     std::int64_t known = 0;
                     const Overlap* main = nullptr;
                     for (const auto& cell : run) {
                       if (cell.b < 0) continue;
                       known += cell.firms;
                       if (main == nullptr || cell.firms > main->firms) main = &cell;
                     }
                     if (main == nullptr) return;
                     const auto of_group = firms_of_group_[static_cast<std::size_t>(main->b)];
                     result_[static_cast<std::size_t>(cluster)].specialisation = ratio(
                         static_cast<double>(main->firms) * static_cast<double>(firms_with_group_),
                         static_cast<double>(known) * static_cast<double>(of_group));
                   });
}

void IndicatorSeries::diversify(std::span<const std::int32_t> label) {
  for_each_cluster(member_overlaps(label, nation_.klass), [&](std::int32_t cluster,
                                                              std::span<const Overlap> run) {
    std::vector<Tally> classes;
    for (const auto& cell : run) {
      classes.push_back({cluster, cell.b, cell.firms, cell.b < 0 ? 0 : cell.firms});
    }
    result_[static_cast<std::size_t>(cluster)].related_variety =
        variety_of(classes, division_of_class_).related;
  });
}

namespace {

/// 1 for the clusters that are typed.
std::vector<std::uint8_t> screened(const std::vector<ShareIndicators>& clusters,
                                   const ScreenRule& rule) {
  std::vector<std::size_t> order;
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    if (!std::isnan(clusters[c].inclusiveness)) order.push_back(c);
  }
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) {
    return std::tuple(-clusters[a].inclusiveness, -clusters[a].nodes) <
           std::tuple(-clusters[b].inclusiveness, -clusters[b].nodes);
  });
  order.resize(std::min(order.size(), static_cast<std::size_t>(rule.top)));
  std::vector<std::uint8_t> result(clusters.size(), 0);
  for (const auto c : order) {
    const bool is_large =
        clusters[c].nodes >= rule.min_nodes && clusters[c].links >= rule.min_links;
    result[c] = is_large ? 1 : 0;
  }
  return result;
}

/// Specialisation, hierarchy, internal reach; related variety, disassortativity, external reach.
/// The reaches are not standardised, which components make up for.
SixScores indicators_of(const ShareIndicators& at) {
  return {at.specialisation,  at.hierarchy,        at.share_in,
          at.related_variety, at.disassortativity, -at.share_in};
}

void standardise(std::vector<SixScores>& scores, std::size_t indicator) {
  std::vector<double> values;
  for (const auto& six : scores) values.push_back(six[indicator]);
  const auto z = z_scores(values).z;
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i][indicator] = z[i];
}

}  // namespace

void find_types(std::vector<ShareIndicators>& clusters, const ScreenRule& rule) {
  const auto is_typed = screened(clusters, rule);
  std::vector<SixScores> scores;
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    if (is_typed[c] != 0) scores.push_back(indicators_of(clusters[c]));
  }
  for (const std::size_t indicator : {0U, 1U, 3U, 4U}) standardise(scores, indicator);
  const auto found = typology(scores);
  auto next = found.clusters.begin();
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    if (is_typed[c] != 0) clusters[c].type = (next++)->type;
  }
}

}  // namespace tradegraph::kernels
