#include "app/concatenate.hpp"

#include <span>

#include "app/input_order.hpp"
#include "app/output.hpp"

namespace tradegraph::app {

namespace {

using Integers = std::vector<std::int64_t>;
using Doubles = std::vector<double>;
using Texts = std::vector<std::string>;

Integers in_order(const InputOrder& order, const Integers& cells) {
  return order.apply(std::span<const std::int64_t>(cells));
}
Doubles in_order(const InputOrder& order, const Doubles& cells) {
  return order.apply(std::span<const double>(cells));
}
Texts in_order(const InputOrder& order, const Texts& cells) {
  StringColumn column;
  for (const auto& cell : cells) column.push_back(cell);
  return strings(order.apply(column));
}

/// Number of each of this rank's rows in the table of all years.
Integers row_numbers(const comm::Communicator& group, const std::vector<io::Table>& tables,
                     std::int64_t& total) {
  Integers numbers;
  total = 0;
  for (const auto& table : tables) {
    const auto first = total + comm::exclusive_scan(group, table.rows());
    for (std::int64_t i = 0; i < table.rows(); ++i) numbers.push_back(first + i);
    total += comm::all_reduce(group, table.rows(), comm::ReduceOp::sum);
  }
  return numbers;
}

template <class Cells>
Cells joined(const std::vector<io::Table>& tables, std::size_t column) {
  Cells all;
  for (const auto& table : tables) {
    const auto& cells = std::get<Cells>(table.columns[column].cells);
    all.insert(all.end(), cells.begin(), cells.end());
  }
  return all;
}

}  // namespace

io::Table concatenate(const comm::Communicator& group, const std::vector<io::Table>& tables) {
  if (tables.empty()) return {};
  std::int64_t total = 0;
  const auto numbers = row_numbers(group, tables, total);
  const InputOrder order(group, total, numbers);
  io::Table result;
  for (std::size_t c = 0; c < tables.front().columns.size(); ++c) {
    const auto& column = tables.front().columns[c];
    std::visit(
        [&]<class Cells>(const Cells&) {
          result.columns.push_back({column.name, in_order(order, joined<Cells>(tables, c))});
        },
        column.cells);
  }
  return result;
}

}  // namespace tradegraph::app
