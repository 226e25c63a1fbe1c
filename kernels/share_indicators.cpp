#include "kernels/share_indicators.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

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
  return {nation.firms(), std::move(pairs)};
}

namespace {

struct LinkSums {
  std::int64_t nodes = 0;
  std::int64_t linked = 0;
  std::int64_t links = 0;
  Int128 shares = 0;
};

std::vector<LinkSums> sum_links(const WholeNation& nation, const Adjacency& partners,
                                std::span<const std::int32_t> label, std::size_t clusters,
                                FixedPointScale scale) {
  std::vector<LinkSums> sums(clusters);
  for (std::size_t i = 0; i < label.size(); ++i) {
    const auto all = partners.of(i);
    if (label[i] < 0 || all.empty()) continue;
    auto& to = sums[static_cast<std::size_t>(label[i])];
    const auto is_inside = [&](std::uint32_t j) { return label[j] == label[i]; };
    const auto inside = std::count_if(all.begin(), all.end(), is_inside);
    const auto buyers = nation.buyers.of(i);
    ++to.nodes;
    to.linked += inside > 0 ? 1 : 0;
    to.links += std::count_if(buyers.begin(), buyers.end(), is_inside);
    to.shares += scale.units(static_cast<double>(inside) / static_cast<double>(all.size()));
  }
  return sums;
}

/// By firm: partners in its cluster.
std::vector<std::int64_t> partners_inside(const Adjacency& partners,
                                          std::span<const std::int32_t> label) {
  std::vector<std::int64_t> inside(label.size(), 0);
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] < 0) continue;
    for (const auto j : partners.of(i)) inside[i] += label[j] == label[i] ? 1 : 0;
  }
  return inside;
}

/// By firm: the partners that those have in the cluster.
std::vector<std::int64_t> partner_degrees(const Adjacency& partners,
                                          std::span<const std::int32_t> label,
                                          const std::vector<std::int64_t>& inside) {
  std::vector<std::int64_t> sums(label.size(), 0);
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] < 0) continue;
    for (const auto j : partners.of(i)) sums[i] += label[j] == label[i] ? inside[j] : 0;
  }
  return sums;
}

/// Calls `visit(cluster, run)` for the cells of each cluster; noise is left out.
template <class Visit>
void for_each_cluster(std::span<const Overlap> cells, Visit&& visit) {
  for (std::size_t k = 0; k < cells.size();) {
    const auto begin = k;
    while (k < cells.size() && cells[k].a == cells[begin].a) ++k;
    if (cells[begin].a >= 0) visit(cells[begin].a, cells.subspan(begin, k - begin));
  }
}

void find_degree_indicators(const Adjacency& partners, std::span<const std::int32_t> label,
                            std::vector<ShareIndicators>& result) {
  const auto inside = partners_inside(partners, label);
  const auto around = partner_degrees(partners, label, inside);
  const auto mixing = assortativity({label, inside, around}, result.size());
  for (std::size_t c = 0; c < result.size(); ++c) result[c].disassortativity = -mixing[c].pearson;
  const std::vector<std::int32_t> degree(inside.begin(), inside.end());
  for_each_cluster(
      overlaps(label, degree), [&](std::int32_t cluster, std::span<const Overlap> run) {
        std::vector<Tally> degrees;
        for (const auto& cell : run) {
          if (cell.b > 0) degrees.push_back({cluster, cell.b, cell.firms, 0});
        }
        result[static_cast<std::size_t>(cluster)].hierarchy = hierarchy_of(degrees).hierarchy;
      });
}

void specialise(const WholeNation& nation, std::span<const std::int32_t> label,
                std::vector<ShareIndicators>& result) {
  const auto cells = overlaps(label, nation.industry_group);
  std::vector<std::int64_t> of_group;
  std::int64_t all = 0;
  for (const auto group : nation.industry_group) {
    if (group < 0) continue;
    of_group.resize(std::max(of_group.size(), static_cast<std::size_t>(group) + 1), 0);
    ++of_group[static_cast<std::size_t>(group)];
    ++all;
  }
  for_each_cluster(cells, [&](std::int32_t cluster, std::span<const Overlap> run) {
    std::int64_t known = 0;
    const Overlap* main = nullptr;
    for (const auto& cell : run) {
      if (cell.b < 0) continue;
      known += cell.firms;
      if (main == nullptr || cell.firms > main->firms) main = &cell;
    }
    if (main == nullptr) return;
    result[static_cast<std::size_t>(cluster)].specialisation =
        ratio(static_cast<double>(main->firms) * static_cast<double>(all),
              static_cast<double>(known) *
                  static_cast<double>(of_group[static_cast<std::size_t>(main->b)]));
  });
}

void diversify(const WholeNation& nation, std::span<const std::int32_t> label,
               std::span<const std::int32_t> division_of_class,
               std::vector<ShareIndicators>& result) {
  for_each_cluster(
      overlaps(label, nation.klass), [&](std::int32_t cluster, std::span<const Overlap> run) {
        std::vector<Tally> classes;
        for (const auto& cell : run) {
          classes.push_back({cluster, cell.b, cell.firms, cell.b < 0 ? 0 : cell.firms});
        }
        result[static_cast<std::size_t>(cluster)].related_variety =
            variety_of(classes, division_of_class).related;
      });
}

}  // namespace

std::vector<ShareIndicators> share_indicators(const WholeNation& nation, const Adjacency& partners,
                                              std::span<const std::int32_t> label,
                                              std::size_t clusters,
                                              std::span<const std::int32_t> division_of_class) {
  const auto scale = FixedPointScale::for_range(1, static_cast<std::int64_t>(nation.firms()));
  const auto sums = sum_links(nation, partners, label, clusters, scale);
  std::vector<ShareIndicators> result(clusters);
  for (std::size_t c = 0; c < clusters; ++c) {
    const auto nodes = static_cast<double>(sums[c].nodes);
    result[c].nodes = sums[c].nodes;
    result[c].links = sums[c].links;
    result[c].inclusiveness = ratio(static_cast<double>(sums[c].linked), nodes);
    result[c].share_in = ratio(scale.value(sums[c].shares), nodes);
  }
  find_degree_indicators(partners, label, result);
  specialise(nation, label, result);
  diversify(nation, label, division_of_class, result);
  return result;
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
  for (const std::size_t indicator : {0, 1, 3, 4}) standardise(scores, indicator);
  const auto found = typology(scores);
  auto next = found.clusters.begin();
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    if (is_typed[c] != 0) clusters[c].type = (next++)->type;
  }
}

}  // namespace tradegraph::kernels
