#include "app/per_group.hpp"

#include <algorithm>
#include <charconv>

#include "engine/base/error.hpp"
#include "engine/base/suggest.hpp"
#include "engine/comm/communicator.hpp"
#include "io/import/number.hpp"
#include "io/text_table.hpp"

namespace tradegraph::app {

namespace {

using PerGroup = IdentifyOptions::PerGroup;

const std::vector<std::string>& known_columns() {
  static const std::vector<std::string> names{"group", "eps", "min_firms"};
  return names;
}

void check_header(const io::CsvFile& file) {
  for (const auto& name : file.header()) {
    require(std::ranges::find(known_columns(), name) != known_columns().end(), ErrorKind::bad_input,
            file.path() + ": unknown column '" + name + "'" + did_you_mean(name, known_columns()));
  }
}

/// A cell as a whole number; false if it is none. An empty cell is nothing.
bool read_cell(std::string_view cell, std::optional<std::int64_t>& value) {
  if (cell.empty()) return true;
  const auto [end, code] = std::from_chars(cell.data(), cell.data() + cell.size(), value.emplace());
  return code == std::errc() && end == cell.data() + cell.size();
}

bool read_cell(std::string_view cell, std::optional<double>& value) {
  double number = 0;
  const auto state = io::parse_number(cell, number);
  if (state == io::NumberState::good) value = number;
  return state == io::NumberState::good || state == io::NumberState::empty;
}

/// The settings of row `i`; adds what is wrong with them.
PerGroup read_row(const io::TextTable& table, std::int64_t i, io::FaultList& faults) {
  const auto cell = [&](std::size_t column) {
    return table.columns[column].size() > 0 ? table.columns[column][i] : std::string_view();
  };
  const auto fault = [&](std::size_t column, const std::string& reason) {
    faults.add({table.line[static_cast<std::size_t>(i)], known_columns()[column],
                std::string(cell(column)), "bad_row", reason, false});
  };
  PerGroup settings;
  if (cell(0).empty()) fault(0, "is empty");
  if (!read_cell(cell(1), settings.eps_m)) {
    fault(1, "is not a number");
  } else if (!read_cell(cell(2), settings.min_firms)) {
    fault(2, "is not a whole number");
  } else if (const auto wrong = settings.fault()) {
    fault(wrong->setting == "eps" ? 1 : 2, wrong->what);
  }
  return settings;
}

}  // namespace

std::map<std::string, PerGroup> read_per_group(const std::string& path) {
  const auto self = comm::Communicator::self();  // few rows, which every rank needs
  const auto file = io::CsvFile::open(self, path);
  check_header(file);
  const auto table = io::read_text_table(self, file, {"group"}, {"eps", "min_firms"});
  std::map<std::string, PerGroup> result;
  io::FaultList faults;
  for (std::int64_t i = 0; i < table.rows(); ++i) {
    const std::string group(table.columns[0][i]);
    const auto settings = read_row(table, i, faults);
    if (result.emplace(group, settings).second) continue;
    faults.add({table.line[static_cast<std::size_t>(i)], "group", group, "bad_row",
                "stands there twice", false});
  }
  io::refuse_faults(self, path, std::move(faults));
  return result;
}

}  // namespace tradegraph::app
