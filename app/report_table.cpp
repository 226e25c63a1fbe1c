#include "app/report_table.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/base/error.hpp"
#include "io/csv_reader.hpp"

namespace tradegraph::app {

namespace {

using Cells = std::vector<std::string>;

struct CsvText {
  Cells header;
  std::vector<Cells> rows;

  [[nodiscard]] std::size_t at(const std::string& name, const std::string& path) const {
    const auto found = std::ranges::find(header, name);
    require(found != header.end(), ErrorKind::bad_input, path + ": has no column '" + name + "'");
    return static_cast<std::size_t>(found - header.begin());
  }
};

CsvText read(std::string_view csv, const std::string& path) {
  CsvText text;
  io::CsvCursor cursor(csv, 1);
  io::CsvRecord record;
  while (cursor.next(record)) {
    const auto place = path + ":" + std::to_string(record.line);
    require(record.quoting == io::CsvQuoting::good, ErrorKind::bad_input,
            place + ": broken quoting");
    Cells cells(record.fields.begin(), record.fields.end());
    if (text.header.empty()) {
      text.header = std::move(cells);
      continue;
    }
    require(cells.size() == text.header.size(), ErrorKind::bad_input,
            place + ": has " + std::to_string(cells.size()) + " cells, the header has " +
                std::to_string(text.header.size()));
    text.rows.push_back(std::move(cells));
  }
  require(!text.header.empty(), ErrorKind::bad_input, path + ": is empty");
  return text;
}

/// Names and codes may look like numbers ("0123", "29", "1e5") without being any.
bool is_text_column(const std::string& name) {
  static const std::set<std::string> names{
      "id",   "name",  "group", "region", "code",
      "kind", "event", "type",  "role",   "missing_indicators"};
  return names.contains(name) || name.starts_with("name_") || name.starts_with("type_");
}

/// Steps over digits; how many there were.
std::size_t skip_digits(std::string_view& text) {
  const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
  text.remove_prefix(count);
  return count;
}

bool skip_one_of(std::string_view& text, std::string_view marks) {
  if (text.empty() || marks.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

/// RFC 8259, section 6.
bool is_json_number(std::string_view text) {
  skip_one_of(text, "-");
  const bool starts_with_zero = text.starts_with('0');
  const auto digits = skip_digits(text);
  if (digits == 0 || (starts_with_zero && digits > 1)) return false;
  if (skip_one_of(text, ".") && skip_digits(text) == 0) return false;
  if (skip_one_of(text, "eE")) {
    skip_one_of(text, "+-");
    if (skip_digits(text) == 0) return false;
  }
  return text.empty();
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

bool is_numeric(const CsvText& text, std::size_t column) {
  return !is_text_column(text.header[column]) &&
         std::ranges::all_of(text.rows, [column](const Cells& row) {
           return row[column].empty() || is_json_number(row[column]);
         });
}

std::string column_as_json(const CsvText& text, std::size_t column) {
  const bool numeric = is_numeric(text, column);
  std::string json = quoted(text.header[column]) + ":[";
  for (const auto& row : text.rows) {
    const auto& cell = row[column];
    if (json.back() != '[') json += ',';
    json += cell.empty() ? "null" : numeric ? cell : quoted(cell);
  }
  return json + "]";
}

std::string as_json(const CsvText& text) {
  std::string json = "{\"rows\":" + std::to_string(text.rows.size()) + ",\"columns\":{";
  for (std::size_t column = 0; column < text.header.size(); ++column) {
    if (column > 0) json += ',';
    json += column_as_json(text, column);
  }
  return json + "}}";
}

std::int64_t whole_number(const std::string& cell, const std::string& path) {
  std::int64_t value = 0;
  const auto* end = cell.data() + cell.size();
  require(std::from_chars(cell.data(), end, value).ptr == end, ErrorKind::bad_input,
          path + ": '" + cell + "' is no number of firms");
  return value;
}

}  // namespace

std::string csv_as_json(std::string_view csv, const std::string& path,
                        const std::vector<std::string>& needed) {
  const auto text = read(csv, path);
  for (const auto& name : needed) static_cast<void>(text.at(name, path));
  return as_json(text);
}

std::string largest_codes(std::string_view csv, const std::string& path, std::int64_t most) {
  auto text = read(csv, path);
  const auto year = text.at("year", path);
  const auto label = text.at("label", path);
  const auto kind = text.at("kind", path);
  const auto firms = text.at("firms", path);
  std::map<Cells, std::vector<std::pair<std::int64_t, std::size_t>>> of_cluster;
  for (std::size_t i = 0; i < text.rows.size(); ++i) {
    const auto& row = text.rows[i];
    of_cluster[{row[year], row[label], row[kind]}].emplace_back(-whole_number(row[firms], path), i);
  }
  std::set<std::size_t> kept;
  for (auto& [cluster, codes] : of_cluster) {
    std::ranges::sort(codes);
    for (std::size_t i = 0; i < std::min(codes.size(), static_cast<std::size_t>(most)); ++i) {
      kept.insert(codes[i].second);
    }
  }
  std::vector<Cells> rows;
  for (const auto i : kept) rows.push_back(std::move(text.rows[i]));
  text.rows = std::move(rows);
  return as_json(text);
}

}  // namespace tradegraph::app
