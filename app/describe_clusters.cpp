/// Clusters and flows as tables for people.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/cluster_tables.hpp"

namespace tradegraph::app {

namespace {

/// A figure with two digits, or a dot where it is not defined.
std::string figure(double value) { return std::isnan(value) ? "." : fmt::format("{:.2f}", value); }

std::vector<std::size_t> rows_shown(const Diagnosis& year, std::size_t rows) {
  std::vector<std::size_t> shown;
  const bool any = std::count(year.selected.begin(), year.selected.end(), 1) > 0;
  for (std::size_t c = 0; c < year.selected.size(); ++c) {
    if (!any || year.selected[c] != 0) shown.push_back(c);
  }
  std::stable_sort(shown.begin(), shown.end(), [&](std::size_t a, std::size_t b) {
    const auto rank = [&](std::size_t c) {  // undefined last
      return year.rank[c] > 0 ? year.rank[c] : year.clusters + 1;
    };
    return rank(a) < rank(b);
  });
  shown.resize(std::min(shown.size(), rows));
  return shown;
}

}  // namespace

std::string describe_clusters(const Diagnosis& year, std::size_t rows) {
  const auto selected = std::count(year.selected.begin(), year.selected.end(), 1);
  auto text = fmt::format("\n{}: {} agglomerations, {} selected as clusters\n", year.year,
                          year.clusters, selected);
  text += fmt::format("{:>5} {:>5} {:<24}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>8}{:>8}{:>9}{:>9}\n",
                      "rank", "label", "name", "firms", "nodes", "links", "incl.", "LQ", "hier.",
                      "disass.", "rel.var", "in share", "external");
  for (const auto c : rows_shown(year, rows)) {
    const auto& i = year.inclusiveness[c];
    text += fmt::format("{:>5} {:>5} {:<24.23}{:>7}{:>7}{:>7}{:>7}{:>7}{:>7}{:>8}{:>8}{:>9}{:>9}\n",
                        year.rank[c] > 0 ? std::to_string(year.rank[c]) : ".", c,
                        cluster_name(year, static_cast<Label>(c)), i.firms, i.nodes, i.links,
                        figure(i.inclusiveness), figure(year.specialisation_firms[c].main),
                        figure(year.hierarchy_ordinal[c].hierarchy),
                        figure(-year.assortativity[c].pearson),
                        figure(year.variety_firms[c].related), figure(year.reach[c].uniform),
                        figure(kernels::external_reach(year.reach[c].uniform)));
  }
  return text;
}

std::string describe_flows(const Diagnosis& year, std::size_t rows) {
  std::vector<kernels::ClusterFlow> flows;
  for (const auto& flow : year.flows) {
    const bool between = flow.from != kNoCluster && flow.to != kNoCluster && flow.from != flow.to;
    if (between) flows.push_back(flow);
  }
  std::stable_sort(flows.begin(), flows.end(),
                   [](const auto& a, const auto& b) { return a.links > b.links; });
  auto text =
      fmt::format("\n{}: {} flows between clusters, the largest\n", year.year, flows.size());
  text += fmt::format("{:<32}{:<32}{:>8}{:>16}\n", "from", "to", "links", "amount");
  for (std::size_t i = 0; i < std::min(rows, flows.size()); ++i) {
    const auto& flow = flows[i];
    const auto end = [&](Label label) {
      return fmt::format("{} ({})", cluster_name(year, label), label);
    };
    text += fmt::format("{:<32.31}{:<32.31}{:>8}{:>16}\n", end(flow.from), end(flow.to), flow.links,
                        std::isnan(flow.amount) ? "." : fmt::format("{:.0f}", flow.amount));
  }
  return text;
}

}  // namespace tradegraph::app
