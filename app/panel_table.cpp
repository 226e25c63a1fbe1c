#include "app/panel_table.hpp"

#include <map>
#include <set>

#include "app/cluster_columns.hpp"
#include "app/table_rows.hpp"

namespace tradegraph::app {

namespace {

std::vector<std::string> figures() {
  return with_indicators(
      {"label", "name", "selected", "screened", "rank", "firms", "nodes", "links", "inclusiveness",
       "density", "connectivity", "compactness", "clustering"},
      {"centripetal", "centrifugal", "type"});
}

/// Rows of clusters.csv in the order of the panel; kNoRow where a year has no match.
struct Panel {
  IntegerCells reference;
  IntegerCells year;
  std::vector<std::size_t> row;
};

Panel make(const io::Table& clusters, std::int64_t reference_year) {
  const auto& year = cells_of<IntegerCells>(clusters, "year");
  const auto& label = cells_of<IntegerCells>(clusters, "label");
  const auto& partner = cells_of<IntegerCells>(clusters, "reference_label");
  const std::set<std::int64_t> years(year.begin(), year.end());
  std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> found;  // (reference, year)
  std::set<std::int64_t> references;
  for (std::size_t row = 0; row < year.size(); ++row) {
    const bool own = year[row] == reference_year;
    if (own) references.insert(label[row]);
    const auto reference = own ? label[row] : partner[row];
    if (reference != io::kEmptyInteger) found[{reference, year[row]}] = row;
  }
  Panel panel;
  for (const auto reference : references) {
    for (const auto one : years) {
      const auto at = found.find({reference, one});
      panel.reference.push_back(reference);
      panel.year.push_back(one);
      panel.row.push_back(at == found.end() ? kNoRow : at->second);
    }
  }
  return panel;
}

/// Names in the reference year.
io::Column reference_names(const io::Table& clusters, const Panel& panel,
                           std::int64_t reference_year) {
  const auto& name = cells_of<TextCells>(clusters, "name");
  std::map<std::int64_t, std::string> own;
  for (std::size_t i = 0; i < panel.row.size(); ++i) {
    if (panel.year[i] == reference_year) own[panel.reference[i]] = name[panel.row[i]];
  }
  TextCells names;
  for (const auto reference : panel.reference) names.push_back(own.at(reference));
  return {"reference_name", std::move(names)};
}

/// What stayed, came and went since the year before, in which the cluster is one row above.
void add_turnover(const IntegerCells& label, const Panel& panel,
                  const std::vector<YearMatch>& matches, const std::array<const char*, 3>& names,
                  kernels::SharedKeys YearMatch::*keys, io::Table& table) {
  std::array<IntegerCells, 3> cells;
  for (auto& column : cells) column.assign(panel.row.size(), io::kEmptyInteger);
  for (std::size_t i = 1; i < panel.row.size(); ++i) {
    if (panel.reference[i] != panel.reference[i - 1]) continue;
    if (panel.row[i] == kNoRow || panel.row[i - 1] == kNoRow) continue;
    const auto match = std::ranges::find(matches, panel.year[i], &YearMatch::year_b);
    const auto a = static_cast<Label>(label[panel.row[i - 1]]);
    const auto b = static_cast<Label>(label[panel.row[i]]);
    const auto& shared = (*match).*keys;
    cells[0][i] = shared.both(a, b);
    cells[1][i] = shared.of_a[static_cast<std::size_t>(a)] - cells[0][i];
    cells[2][i] = shared.of_b[static_cast<std::size_t>(b)] - cells[0][i];
  }
  for (std::size_t k = 0; k < 3; ++k) table.columns.push_back({names[k], std::move(cells[k])});
}

}  // namespace

io::Table panel_table(const io::Table& clusters, const std::vector<YearMatch>& matches,
                      std::int64_t reference_year) {
  const auto panel = make(clusters, reference_year);
  io::Table table{{{"reference_label", panel.reference},
                   reference_names(clusters, panel, reference_year),
                   {"year", panel.year}}};
  for (const auto& name : figures()) {
    const auto column = std::ranges::find(clusters.columns, name, &io::Column::name);
    require(column != clusters.columns.end(), ErrorKind::internal, "no column '" + name + "'");
    table.columns.push_back(cells_at(*column, panel.row));
  }
  const auto& label = cells_of<IntegerCells>(clusters, "label");
  add_turnover(label, panel, matches, {"firms_stayed", "firms_left", "firms_entered"},
               &YearMatch::firms, table);
  add_turnover(label, panel, matches, {"links_kept", "links_lost", "links_new"}, &YearMatch::links,
               table);
  return table;
}

}  // namespace tradegraph::app
