/// Clusters and flows as tables for people.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

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

/// Headings of the six indicators, in the order of `six_indicators`.
constexpr std::array kHeadings{"special.", "hierarchy",  "int.reach",
                               "rel.var.", "disassort.", "ext.reach"};

std::string header() {
  auto text = fmt::format("{:>5} {:>5} {:<28}{:>8}{:>8}{:>8}{:>11}", "rank", "label", "name",
                          "firms", "nodes", "links", "inclusive");
  for (const char* heading : kHeadings) text += fmt::format("{:>11}", heading);
  return text + "\n";
}

std::string share_inside(const DiagnoseOptions& options) {
  return "share of partners inside, " + options.reach_weight;
}

/// Which variants the table shows, in words.
std::string legend(const DiagnoseOptions& options) {
  const auto& shares = options.shares_of;
  return fmt::format(
      "nodes: firms that trade; links: pairs inside; inclusive: share of nodes with a link inside\n"
      "special.: location quotient ({}, by {}); rel.var.: related variety (by {})\n"
      "hierarchy: minus the slope of log degree on log rank (ties {}); disassort.: {}\n"
      "int.reach: {}; ext.reach: {}; . not defined\n",
      options.specialisation, shares, shares, options.hierarchy_ties,
      options.disassortativity == "slope" ? "-slope of partners' degree"
                                          : "-correlation with partners' degree",
      options.internal_reach == "share" ? share_inside(options) : "sum of 1/d inside, normalised",
      options.external_reach == "share" ? "100 (1 - " + share_inside(options) + ")"
                                        : "sum of 1/d to firms outside a node");
}

}  // namespace

std::string describe_clusters(const Diagnosis& year, const DiagnoseOptions& options,
                              std::size_t rows) {
  const auto selected = std::count(year.selected.begin(), year.selected.end(), 1);
  const auto shown = rows_shown(year, rows);
  auto text = fmt::format("\n{}: {} agglomerations, {} selected as clusters{}\n", year.year,
                          year.clusters, selected, selected > 0 ? "" : ": all are shown");
  if (shown.empty()) return text;
  text += header();
  const auto indicators = six_indicators(options);
  for (const auto c : shown) {
    const auto& i = year.inclusiveness[c];
    text += fmt::format("{:>5} {:>5} {:<28.27}{:>8}{:>8}{:>8}{:>11}",
                        year.rank[c] > 0 ? std::to_string(year.rank[c]) : ".", c, year.name[c],
                        i.firms, i.nodes, i.links, figure(i.inclusiveness));
    for (const auto& indicator : indicators) {
      text += fmt::format("{:>11}", figure(indicator.value(year, c)));
    }
    text += "\n";
  }
  return text + legend(options);
}

namespace {

/// Flows between different clusters, the largest first.
std::vector<kernels::ClusterFlow> sorted_flows(const Diagnosis& year, bool by_amount) {
  std::vector<kernels::ClusterFlow> flows;
  for (const auto& flow : year.flows) {
    const bool between = flow.from != kNoCluster && flow.to != kNoCluster && flow.from != flow.to;
    if (between) flows.push_back(flow);
  }
  const auto key = [&](const kernels::ClusterFlow& flow) {
    return std::tuple(by_amount ? -flow.amount : 0, -flow.links, flow.from, flow.to);
  };
  std::ranges::sort(flows, {}, key);
  return flows;
}

}  // namespace

std::string describe_flows(const Diagnosis& year, std::size_t rows) {
  const bool by_amount = std::ranges::none_of(
      year.flows, [](const kernels::ClusterFlow& flow) { return std::isnan(flow.amount); });
  const auto flows = sorted_flows(year, by_amount);
  auto text = fmt::format("\n{}: {} flows between clusters, the largest by {}\n", year.year,
                          flows.size(), by_amount ? "amount" : "links");
  if (flows.empty()) return text;
  text += fmt::format("{:<38}{:<38}{:>8}{:>16}\n", "from (label)", "to (label)", "links", "amount");
  for (std::size_t i = 0; i < std::min(rows, flows.size()); ++i) {
    const auto& flow = flows[i];
    const auto end = [&](Label label) {
      const auto& name = year.name[static_cast<std::size_t>(label)];
      return fmt::format("{:.27} ({})", name, label);
    };
    text += fmt::format("{:<38}{:<38}{:>8}{:>16}\n", end(flow.from), end(flow.to), flow.links,
                        by_amount ? fmt::format("{:.0f}", flow.amount) : ".");
  }
  return text;
}

}  // namespace tradegraph::app
