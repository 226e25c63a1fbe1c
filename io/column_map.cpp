#include "io/column_map.hpp"

#include <toml++/toml.h>

#include <set>

#include "engine/base/error.hpp"
#include "engine/base/suggest.hpp"
#include "io/text_file.hpp"

namespace tradegraph::io {

namespace {

[[noreturn]] void fail(const std::string& path, const toml::source_region& place,
                       const std::string& message) {
  throw Error(ErrorKind::bad_input, path + ":" + std::to_string(place.begin.line) + ": " + message);
}

std::map<std::string, std::string> read_table(const std::string& path, const std::string& title,
                                              const toml::node& node,
                                              const std::vector<std::string>& known) {
  const auto* table = node.as_table();
  if (table == nullptr) fail(path, node.source(), "'" + title + "' is not a table");
  std::map<std::string, std::string> result;
  std::set<std::string> taken;
  for (const auto& [key, value] : *table) {
    const std::string name(key.str());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      fail(path, key.source(),
           "[" + title + "] has an unknown name '" + name + "'" + did_you_mean(name, known));
    }
    const auto text = value.value_exact<std::string>();
    if (!text || text->empty()) {
      fail(path, value.source(), "'" + name + "' is not the name of a column");
    }
    if (!taken.insert(*text).second) {
      fail(path, value.source(), "column '" + *text + "' is given two meanings");
    }
    result[name] = *text;
  }
  return result;
}

}  // namespace

const std::vector<std::string>& known_firm_numbers() {
  static const std::vector<std::string> names{
      "employees",        "employees_1",       "employees_2",  "revenue", "net_income",
      "operating_income", "value_added",       "rd",           "patents", "iso",
      "tangible_assets",  "intangible_assets", "total_assets", "founded"};
  return names;
}

const std::vector<std::string>& firm_column_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all{"id", "lon", "lat", "x", "y", "industry", "region", "status"};
    all.insert(all.end(), known_firm_numbers().begin(), known_firm_numbers().end());
    return all;
  }();
  return names;
}

const std::vector<std::string>& trade_column_names() {
  static const std::vector<std::string> names{"supplier", "buyer", "amount", "count"};
  return names;
}

ColumnMap read_column_map(const std::string& path) {
  const auto text = read_text(path);
  toml::table root;
  try {
    root = toml::parse(text, path);
  } catch (const toml::parse_error& error) {
    fail(path, error.source(), std::string(error.description()));
  }
  static const std::vector<std::string> titles{"firms", "trade"};
  ColumnMap map;
  for (const auto& [key, value] : root) {
    const std::string title(key.str());
    if (title == "firms") {
      map.firms = read_table(path, title, value, firm_column_names());
    } else if (title == "trade") {
      map.trade = read_table(path, title, value, trade_column_names());
    } else {
      fail(path, key.source(), "unknown table '" + title + "'" + did_you_mean(title, titles));
    }
  }
  return map;
}

}  // namespace tradegraph::io
