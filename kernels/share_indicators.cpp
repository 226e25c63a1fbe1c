#include "kernels/share_indicators.hpp"

#include <algorithm>

#include "engine/base/exact_sum.hpp"
#include "kernels/partition_similarity.hpp"
#include "kernels/variety.hpp"

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

/// Calls `visit(cluster, run)` for the cells of each cluster; noise is left out.
template <class Visit>
void for_each_cluster(std::span<const Overlap> cells, Visit&& visit) {
  for (std::size_t k = 0; k < cells.size();) {
    const auto begin = k;
    while (k < cells.size() && cells[k].a == cells[begin].a) ++k;
    if (cells[begin].a >= 0) visit(cells[begin].a, cells.subspan(begin, k - begin));
  }
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
  specialise(nation, label, result);
  diversify(nation, label, division_of_class, result);
  return result;
}

}  // namespace tradegraph::kernels
