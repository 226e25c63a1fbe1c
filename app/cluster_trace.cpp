#include "app/cluster_trace.hpp"

#include <fmt/format.h>

#include "app/cluster_columns.hpp"
#include "kernels/typology.hpp"

namespace tradegraph::app {

namespace {

/// The columns that reasons quote.
struct Facts {
  explicit Facts(const io::Table& clusters)
      : year(cells_of<IntegerCells>(clusters, "year")),
        label(cells_of<IntegerCells>(clusters, "label")),
        rank(cells_of<IntegerCells>(clusters, "rank")),
        nodes(cells_of<IntegerCells>(clusters, "nodes")),
        links(cells_of<IntegerCells>(clusters, "links")),
        selected(cells_of<IntegerCells>(clusters, "selected")),
        partner(cells_of<IntegerCells>(clusters, "reference_label")),
        inclusiveness(cells_of<DoubleCells>(clusters, "inclusiveness")),
        centripetal(cells_of<DoubleCells>(clusters, "centripetal")),
        centrifugal(cells_of<DoubleCells>(clusters, "centrifugal")),
        type(cells_of<TextCells>(clusters, "type")),
        missing(cells_of<TextCells>(clusters, "missing_indicators")) {
    for (const auto* name : kIndicatorNames) {
      z.push_back(&cells_of<DoubleCells>(clusters, std::string("z_") + name));
    }
    for (const std::string name : kernels::kTypeNames) {
      auto column = "distance_" + name;
      std::ranges::replace(column, '-', '_');
      distance.push_back(&cells_of<DoubleCells>(clusters, column));
    }
  }

  const IntegerCells &year, &label, &rank, &nodes, &links, &selected, &partner;
  const DoubleCells &inclusiveness, &centripetal, &centrifugal;
  const TextCells &type, &missing;
  std::vector<const DoubleCells*> z;
  std::vector<const DoubleCells*> distance;
};

/// What the screening of the cluster's own year says.
std::string screening(const Facts& facts, std::size_t row, const SelectOptions& select) {
  const auto rank = facts.rank[row];
  if (rank == io::kEmptyInteger) return "no firm trades: without inclusiveness there is no rank";
  auto text = fmt::format("rank {} by inclusiveness {:.3f}", rank, facts.inclusiveness[row]);
  if (rank > select.top) return text + fmt::format(", not among the first {}", select.top);
  text += fmt::format(", among the first {}", select.top);
  if (facts.nodes[row] < select.min_nodes) {
    return text + fmt::format(", but {} of {} nodes", facts.nodes[row], select.min_nodes);
  }
  if (facts.links[row] < select.min_links) {
    return text + fmt::format(", but {} of {} links", facts.links[row], select.min_links);
  }
  return text + fmt::format("; {} nodes, {} links", facts.nodes[row], facts.links[row]);
}

std::string why_selected(const Facts& facts, std::size_t row, const SelectOptions& select,
                         std::int64_t reference_year) {
  const auto own = screening(facts, row, select);
  if (facts.year[row] == reference_year) return own;
  const auto partner = facts.partner[row];
  const auto by_match = partner == io::kEmptyInteger
                            ? fmt::format("matches no agglomeration of {}", reference_year)
                            : fmt::format("matches {} of {}, which is {}selected", partner,
                                          reference_year, facts.selected[row] == 1 ? "" : "not ");
  return by_match + " (by itself: " + own + ")";
}

std::string force(const Facts& facts, std::size_t row, const char* name, double score,
                  std::size_t first) {
  auto text = fmt::format("{} {:+.2f} (", name, score);
  for (std::size_t k = first; k < first + 3; ++k) {
    text +=
        fmt::format("{}{} {:+.2f}", k == first ? "" : ", ", kIndicatorNames[k], (*facts.z[k])[row]);
  }
  return text + ")";
}

/// Types from the nearest centroid on.
std::string distances(const Facts& facts, std::size_t row) {
  std::array<std::size_t, kernels::kTypes> order{0, 1, 2, 3};
  std::ranges::stable_sort(order, {}, [&](std::size_t t) { return (*facts.distance[t])[row]; });
  std::string text;
  for (const auto t : order) {
    text += fmt::format("{}{} {:.2f}", text.empty() ? "" : ", ", kernels::kTypeNames[t],
                        (*facts.distance[t])[row]);
  }
  return text;
}

std::string why_type(const Facts& facts, std::size_t row, const DiagnoseOptions& options) {
  if (options.population != "all" && facts.selected[row] != 1) {
    return "only selected clusters have types";
  }
  if (!facts.missing[row].empty()) return "not defined: " + facts.missing[row];
  if (facts.type[row].empty()) {
    return "too few clusters with all indicators, or one that does not vary";
  }
  return force(facts, row, "centripetal", facts.centripetal[row], 0) + ", " +
         force(facts, row, "centrifugal", facts.centrifugal[row], 3) +
         "; distances: " + distances(facts, row);
}

}  // namespace

io::Table trace_table(const io::Table& clusters, const SelectOptions& select,
                      const DiagnoseOptions& options, std::int64_t reference_year) {
  const Facts facts(clusters);
  TextCells selected;
  TextCells type;
  for (std::size_t row = 0; row < facts.year.size(); ++row) {
    selected.push_back(why_selected(facts, row, select, reference_year));
    type.push_back(why_type(facts, row, options));
  }
  return {{{"year", facts.year},
           {"label", facts.label},
           {"name", cells_of<TextCells>(clusters, "name")},
           {"selected", facts.selected},
           {"why_selected", std::move(selected)},
           {"type", facts.type},
           {"why_type", std::move(type)}}};
}

}  // namespace tradegraph::app
