#include "app/sweep_results.hpp"

#include <limits>
#include <set>

#include "app/output.hpp"
#include "io/csv_file.hpp"
#include "io/import/number.hpp"
#include "io/results_file.hpp"
#include "io/text_table.hpp"

namespace tradegraph::app {

namespace {

/// The rest are numbers, but for `group`.
const std::set<std::string>& integers() {
  static const std::set<std::string> names{
      "min_firms", "clusters", "largest",  "label",         "firms",         "best",  "best_firms",
      "shared",    "survives", "parts",    "splits",        "merges",        "noise", "nodes",
      "links",     "settings", "survived", "min_firms_low", "min_firms_high"};
  return names;
}

double number(std::string_view cell) {
  double value = std::numeric_limits<double>::quiet_NaN();
  if (!cell.empty()) static_cast<void>(io::parse_number(cell, value));
  return value;
}

io::Column column_of(const std::string& name, const StringColumn& text) {
  if (name == "group") return {name, strings(text)};
  const bool whole = integers().contains(name);
  std::vector<double> numbers;
  std::vector<std::int64_t> counts;
  for (std::int64_t i = 0; i < text.size(); ++i) {
    const double value = number(text[i]);
    if (!whole) {
      numbers.push_back(value);
    } else {
      counts.push_back(text[i].empty() ? io::kEmptyInteger : static_cast<std::int64_t>(value));
    }
  }
  if (whole) return {name, std::move(counts)};
  return {name, std::move(numbers)};
}

/// This rank's rows. Collective.
io::Table read(const comm::Communicator& world, const std::string& path) {
  const auto file = io::CsvFile::open(world, path);
  const auto text = io::read_text_table(world, file, file.header());
  io::Table table;
  for (std::size_t c = 0; c < file.header().size(); ++c) {
    table.columns.push_back(column_of(file.header()[c], text.columns[c]));
  }
  return table;
}

}  // namespace

void write_sweep_results(const Context& context, const std::string& folder,
                         const Provenance& provenance) {
  const auto& world = context.world();
  std::vector<std::pair<std::string, io::Table>> tables;
  for (const char* name : {"sweep", "stability", "persistence"}) {
    tables.emplace_back(name, read(world, folder + "/" + name + ".csv"));
  }
  io::write_results(world, folder + "/results.h5", tables, provenance.attributes());
}

}  // namespace tradegraph::app
