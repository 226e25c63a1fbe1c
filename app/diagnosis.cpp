#include "app/diagnosis.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "app/attribute_columns.hpp"
#include "app/cluster_names.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "kernels/label_tally.hpp"

namespace tradegraph::app {

namespace {

using Codes = matrix::DistributedVector<std::int32_t>;

Codes no_codes(const TradeNetwork& network) { return Codes(network.grid(), network.rows(), -1); }

/// Codes of the table slice under a recoding, in the row layout; all -1 without the column.
Codes recoded(const TradeNetwork& network, const CodeColumn& column, const Recoding& recoding) {
  if (column.dictionary.size() == 0) return no_codes(network);
  return network.to_rows(apply(recoding, column.codes));
}

}  // namespace

FirmCodes firm_codes(const TradeNetwork& network, const StringColumn& group_names,
                     const std::vector<std::int32_t>& groups, const IndustryLevels& levels) {
  const auto& table = network.table();
  const auto& industries = table.industry.dictionary;
  const auto klass =
      recode(industries, [&](std::string_view code) { return class_of(code, levels); });
  const auto division =
      recode(industries, [&](std::string_view code) { return division_of(code, levels); });
  const auto division_of_class =
      recode(klass.names, [&](std::string_view code) { return division_of(code, levels); });
  return {
      group_names,
      klass.names,
      division.names,
      division_of_class.codes,
      network.to_rows(groups),
      recoded(network, table.industry, division),
      recoded(network, table.industry, klass),
      table.region.dictionary.size() > 0 ? network.to_rows(table.region.codes) : no_codes(network)};
}

namespace {

/// Most frequent key a label among known ones (tie: the smaller key); -1 = none.
std::vector<std::int32_t> most_frequent(const std::vector<kernels::Tally>& tallies,
                                        std::int64_t clusters) {
  std::vector<std::int32_t> best(static_cast<std::size_t>(clusters), -1);
  std::vector<Int128> count(static_cast<std::size_t>(clusters), 0);
  for (const auto& tally : tallies) {
    if (tally.label == kNoCluster || tally.key < 0) continue;
    const auto at = static_cast<std::size_t>(tally.label);
    if (tally.count <= count[at]) continue;
    count[at] = tally.count;
    best[at] = static_cast<std::int32_t>(tally.key);
  }
  return best;
}

/// Members of clusters by code; -1 stands for firms without one. Collective.
std::vector<kernels::Tally> tally_members(const kernels::Labels& labels, std::int64_t clusters,
                                          const Codes& codes) {
  const auto& group = labels.grid().group();
  auto mine = comm::collectively(group, [&] {
    const kernels::LabelGroups groups(labels.values(), clusters);
    const auto known = codes.values();
    const auto largest = known.empty() ? -1 : *std::ranges::max_element(known);
    return kernels::tally_by_label(groups, largest + 2,
                                   [&](std::int64_t firm, kernels::TallyPad& pad) {
                                     if (labels[firm] != kNoCluster) pad.add(codes[firm] + 1, 1, 0);
                                   });
  });
  for (auto& tally : mine) --tally.key;  // pads count from 0
  return kernels::collect_everywhere(group, std::move(mine));
}

/// Most frequent group of the core members a label; of all members where there is no core.
std::vector<std::int32_t> main_groups(const kernels::Labels& labels,
                                      const matrix::DistributedVector<std::int32_t>& is_core,
                                      std::int64_t clusters, const Codes& groups) {
  auto of_cores = labels;
  for (std::int64_t i = 0; i < labels.count(); ++i) {
    if (is_core[i] == 0) of_cores[i] = kNoCluster;
  }
  auto result = most_frequent(tally_members(of_cores, clusters, groups), clusters);
  const auto of_all = most_frequent(tally_members(labels, clusters, groups), clusters);
  for (std::size_t c = 0; c < result.size(); ++c) {
    if (result[c] < 0) result[c] = of_all[c];
  }
  return result;
}

std::vector<std::string> names(const std::vector<std::int32_t>& codes, const StringColumn& text) {
  std::vector<std::string> result;
  for (const auto code : codes) result.emplace_back(code < 0 ? "" : text[code]);
  return result;
}

/// Mean over the members with a value, a label; exact sums, so that ranks do not matter.
std::vector<double> cluster_means(const kernels::Labels& labels, std::int64_t clusters,
                                  const matrix::DistributedVector<double>& values) {
  struct Sums {
    Int128 sum;
    Int128 count;
  };
  constexpr double kLargestDegrees = 360;
  const auto scale = FixedPointScale::for_range(kLargestDegrees, labels.size());
  const auto sums =
      kernels::cluster_sums<Sums>(labels, clusters, [&](std::int64_t position, Sums& into) {
        if (std::isnan(values[position])) return;
        into.sum += scale.units(values[position]);
        into.count += 1;
      });
  std::vector<double> means;
  for (const auto& s : sums) {
    means.push_back(kernels::ratio(scale.value(s.sum), static_cast<double>(s.count)));
  }
  return means;
}

std::vector<double> mean_place(const TradeNetwork& network, const kernels::Labels& labels,
                               std::int64_t clusters, const std::vector<double>& degrees) {
  if (!comm::any_rank(network.grid().group(), !degrees.empty())) {
    return std::vector<double>(static_cast<std::size_t>(clusters), kernels::kUndefined);
  }
  return cluster_means(labels, clusters, network.to_rows(degrees));
}

void indicators_of_links(const TradeNetwork& network, const kernels::Labels& labels,
                         const DiagnoseOptions& options, Diagnosis& result) {
  const auto* amount = network.has(Weight::amount) ? &network.weights(Weight::amount) : nullptr;
  const auto links =
      kernels::cluster_links(network.links(), network.partners(), labels, result.clusters, amount);
  result.inclusiveness = kernels::inclusiveness(links);
  result.hierarchy_ordinal = kernels::hierarchy(links, kernels::TieRule::ordinal);
  result.hierarchy_average = kernels::hierarchy(links, kernels::TieRule::average);
  result.assortativity = kernels::assortativity(links);
  result.reach = kernels::share_reach(links);
  result.clustering = kernels::clustering(
      kernels::firm_triangles_inside(network.partners(), labels), labels, result.clusters);
  result.flows = kernels::membership_product(network.links(), labels, result.clusters, amount);
  result.gatekeepers = named_gatekeepers(network, links, options.gatekeepers);
}

void indicators_of_attributes(const TradeNetwork& network, const kernels::Labels& labels,
                              const FirmCodes& codes, Diagnosis& result) {
  result.attributes = heterophily_columns(network, labels, result.clusters, codes.group);
  for (auto& column : competitiveness_columns(network, labels, result.clusters)) {
    result.attributes.push_back(std::move(column));
  }
}

void indicators_of_industries(const TradeNetwork& network, const kernels::Labels& labels,
                              const FirmCodes& codes, const std::vector<std::int32_t>& main_group,
                              Diagnosis& result) {
  const auto groups = codes.group_names.size();
  result.specialisation_firms =
      kernels::specialisation(labels, result.clusters, codes.group, groups, nullptr, main_group)
          .clusters;
  result.variety_firms =
      kernels::variety(labels, result.clusters, codes.klass, codes.division_of_class);
  const auto found = network.table().numbers.find("employees");
  if (found == network.table().numbers.end()) return;
  const auto employees = network.to_rows(found->second);
  result.specialisation_employees =
      kernels::specialisation(labels, result.clusters, codes.group, groups, &employees, main_group)
          .clusters;
  result.variety_employees =
      kernels::variety(labels, result.clusters, codes.klass, codes.division_of_class, &employees);
}

/// Ranks by inclusiveness (tie: more nodes, then label), takes the top, then drops the small ones.
void screen(const SelectOptions& select, Diagnosis& result) {
  std::vector<std::int64_t> order;
  for (std::int64_t c = 0; c < result.clusters; ++c) {
    if (!std::isnan(result.inclusiveness[static_cast<std::size_t>(c)].inclusiveness)) {
      order.push_back(c);
    }
  }
  const auto at = [&](std::int64_t c) -> const kernels::Inclusiveness& {
    return result.inclusiveness[static_cast<std::size_t>(c)];
  };
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    if (at(a).inclusiveness != at(b).inclusiveness) {
      return at(a).inclusiveness > at(b).inclusiveness;
    }
    return at(a).nodes > at(b).nodes;
  });
  result.rank.assign(static_cast<std::size_t>(result.clusters), 0);
  result.selected.assign(static_cast<std::size_t>(result.clusters), 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto c = static_cast<std::size_t>(order[i]);
    result.rank[c] = static_cast<std::int64_t>(i) + 1;
    result.selected[c] = result.rank[c] <= select.top && at(order[i]).nodes >= select.min_nodes &&
                                 at(order[i]).links >= select.min_links
                             ? 1
                             : 0;
  }
  result.screened = result.selected;
  result.reference_label.resize(result.selected.size());
  std::iota(result.reference_label.begin(), result.reference_label.end(), Label{0});
}

}  // namespace

Diagnosis diagnose(const TradeNetwork& network, const kernels::Labels& labels,
                   const matrix::DistributedVector<std::int32_t>& is_core, std::int64_t clusters,
                   const FirmCodes& codes, const SelectOptions& select,
                   const DiagnoseOptions& options) {
  Diagnosis result;
  result.year = network.metadata().year;
  result.clusters = clusters;
  indicators_of_links(network, labels, options, result);
  indicators_of_attributes(network, labels, codes, result);
  const auto main_group = main_groups(labels, is_core, clusters, codes.group);
  indicators_of_industries(network, labels, codes, main_group, result);
  result.group = names(main_group, codes.group_names);
  result.region = names(most_frequent(tally_members(labels, clusters, codes.region), clusters),
                        network.table().region.dictionary);
  result.name = cluster_names(result.region, result.group);
  result.longitude = mean_place(network, labels, clusters, network.table().longitude);
  result.latitude = mean_place(network, labels, clusters, network.table().latitude);
  screen(select, result);
  return result;
}

bool wants_network_distances(const TradeNetwork& network, const Diagnosis& diagnosis,
                             const DiagnoseOptions& options) {
  constexpr double kAffordable = 1e12;  // members x links: some minutes on two cores
  if (options.external_reach == "distance") return true;
  if (options.network_distances != "auto") return options.network_distances == "yes";
  double members = 0;  // with a partner: one search each
  for (const auto& one : diagnosis.inclusiveness) members += static_cast<double>(one.nodes);
  return members * static_cast<double>(network.link_count()) <= kAffordable;
}

void add_distances(const Context& context, const TradeNetwork& network,
                   const kernels::Labels& labels, bool through_network, Diagnosis& result) {
  result.pairs_inside =
      kernels::pairs_inside(network.partners(), labels, result.clusters, context.progress());
  if (!through_network) return;
  log::info(
      "distances from the members of all clusters through the whole network "
      "(network_distances = no leaves them out)");
  result.pairs_through = kernels::pairs_through_network(network.partners(), labels, result.clusters,
                                                        context.progress());
}

namespace {

void add_composition(const char* kind, const StringColumn& text,
                     const std::vector<kernels::Tally>& tallies, const Diagnosis& diagnosis,
                     std::vector<CompositionRow>& rows) {
  for (const auto& tally : tallies) {
    if (tally.label == kNoCluster || tally.key < 0) continue;
    const auto firms = static_cast<std::int64_t>(tally.count);
    const auto all = diagnosis.inclusiveness[static_cast<std::size_t>(tally.label)].firms;
    rows.push_back({tally.label, kind, std::string(text[tally.key]), firms,
                    static_cast<double>(firms) / static_cast<double>(all)});
  }
}

}  // namespace

std::vector<CompositionRow> composition(const TradeNetwork& network, const kernels::Labels& labels,
                                        const FirmCodes& codes, const Diagnosis& diagnosis) {
  std::vector<CompositionRow> rows;
  const auto add = [&](const char* kind, const StringColumn& text, const Codes& of_firm) {
    add_composition(kind, text, tally_members(labels, diagnosis.clusters, of_firm), diagnosis,
                    rows);
  };
  add("group", codes.group_names, codes.group);
  add("division", codes.division_names, codes.division);
  add("class", codes.class_names, codes.klass);
  add("region", network.table().region.dictionary, codes.region);
  std::stable_sort(rows.begin(), rows.end(), [](const CompositionRow& a, const CompositionRow& b) {
    return a.label < b.label;
  });
  return rows;
}

}  // namespace tradegraph::app
