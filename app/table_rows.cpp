#include "app/table_rows.hpp"

#include <string>
#include <type_traits>

#include "app/cluster_columns.hpp"
#include "kernels/undefined.hpp"

namespace tradegraph::app {

namespace {

template <class Cell>
Cell empty() {
  if constexpr (std::is_same_v<Cell, std::int64_t>) return io::kEmptyInteger;
  if constexpr (std::is_same_v<Cell, double>) return kernels::kUndefined;
  return Cell();
}

}  // namespace

io::Column cells_at(const io::Column& column, const std::vector<std::size_t>& rows) {
  io::Column result{column.name, {}};
  std::visit(
      [&]<class Cell>(const std::vector<Cell>& cells) {
        std::vector<Cell> chosen;
        for (const auto row : rows) chosen.push_back(row == kNoRow ? empty<Cell>() : cells[row]);
        result.cells = std::move(chosen);
      },
      column.cells);
  return result;
}

io::Table rows_of(const io::Table& table, const std::vector<std::size_t>& rows) {
  io::Table result;
  for (const auto& column : table.columns) result.columns.push_back(cells_at(column, rows));
  return result;
}

io::Table rows_of_year(const io::Table& table, std::int64_t year) {
  const auto& years = cells_of<IntegerCells>(table, "year");
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < years.size(); ++i) {
    if (years[i] == year) rows.push_back(i);
  }
  return rows_of(table, rows);
}

io::Table without_column(io::Table table, const std::string& name) {
  std::erase_if(table.columns, [&](const io::Column& column) { return column.name == name; });
  return table;
}

}  // namespace tradegraph::app
