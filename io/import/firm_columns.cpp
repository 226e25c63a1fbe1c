#include "io/import/firm_columns.hpp"

#include <algorithm>
#include <set>

#include "engine/base/error.hpp"
#include "engine/base/suggest.hpp"
#include "io/utf8.hpp"

namespace tradegraph::io {

namespace {

using Names = std::map<std::string, std::string>;

/// Looks names of ours up in a header.
class Header {
 public:
  Header(std::string path, const std::vector<std::string>& names, const Names& map)
      : path_(std::move(path)), names_(names), map_(map) {}

  /// -1 if the file lacks it; an error if the column map promises it.
  [[nodiscard]] ColumnIndex optional(const std::string& name) const {
    const auto mapped = map_.find(name);
    const std::string& theirs = mapped == map_.end() ? name : mapped->second;
    const auto at = std::find(names_.begin(), names_.end(), theirs);
    if (at != names_.end()) return static_cast<ColumnIndex>(at - names_.begin());
    if (mapped != map_.end()) fail_missing(theirs, " for '" + name + "'");
    return -1;
  }
  [[nodiscard]] ColumnIndex required(const std::string& name) const {
    const ColumnIndex index = optional(name);
    if (index < 0) fail_missing(name, "");
    return index;
  }
  [[noreturn]] void fail_missing(const std::string& column, const std::string& purpose) const {
    fail("has no column '" + column + "'" + purpose + did_you_mean(column, names_));
  }
  [[noreturn]] void fail(const std::string& message) const {
    std::string columns;
    for (const auto& name : names_) {
      if (!columns.empty()) columns += ", ";
      columns += shown(name);
    }
    throw Error(ErrorKind::bad_input, path_ + ": " + message + "; its columns: " + columns);
  }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::string path_;
  const std::vector<std::string>& names_;
  const Names& map_;
};

void find_place(const Header& header, PlaceKind kind, FirmColumns& columns) {
  const ColumnIndex degrees[2] = {header.optional("lon"), header.optional("lat")};
  const ColumnIndex metres[2] = {header.optional("x"), header.optional("y")};
  const bool any_degrees = degrees[0] >= 0 || degrees[1] >= 0;
  columns.in_degrees =
      kind == PlaceKind::degrees || (kind == PlaceKind::degrees_or_local_metres &&
                                     (any_degrees || (metres[0] < 0 && metres[1] < 0)));
  const auto& place = columns.in_degrees ? degrees : metres;
  const auto& other = columns.in_degrees ? metres : degrees;
  const char* const names[2] = {columns.in_degrees ? "lon" : "x", columns.in_degrees ? "lat" : "y"};
  if (place[0] < 0 && place[1] < 0 && other[0] >= 0 && other[1] >= 0) {
    header.fail(columns.in_degrees
                    ? "has places in metres (x, y), but its reference system is geographic; "
                      "name the projected one"
                    : "has places in degrees (lon, lat), but its reference system is projected");
  }
  if (place[0] < 0 && place[1] < 0 && kind == PlaceKind::degrees_or_local_metres) {
    header.fail("has no place: neither columns 'lon', 'lat' nor 'x', 'y'");
  }
  for (int axis = 0; axis < 2; ++axis) {
    if (place[axis] < 0) header.fail_missing(names[axis], "");
    columns.place[axis] = place[axis];
  }
}

/// Names that further columns cannot take, because the tables of a network use them.
bool is_reserved(const std::string& name) {
  static const std::set<std::string> names{"id",       "input_row", "x_m",    "y_m",   "longitude",
                                           "latitude", "status",    "lon",    "lat",   "x",
                                           "y",        "industry",  "region", "first", "total"};
  return names.contains(name) || name.find('/') != std::string::npos || name == ".";
}

void find_numbers(const Header& header, FirmColumns& columns) {
  std::set<ColumnIndex> taken{columns.id,       columns.place[0], columns.place[1],
                              columns.industry, columns.region,   columns.status};
  std::set<std::string> names;
  for (const auto& name : known_firm_numbers()) {
    const ColumnIndex index = header.optional(name);
    if (index < 0) continue;
    columns.numbers.push_back({name, index, true});
    taken.insert(index);
    names.insert(name);
  }
  for (std::size_t i = 0; i < header.names().size(); ++i) {
    const auto& name = header.names()[i];
    if (taken.contains(static_cast<ColumnIndex>(i))) continue;
    if (name.empty() || is_reserved(name) || names.contains(name)) {
      columns.left_out.push_back(name);
    } else {
      columns.numbers.push_back({name, static_cast<ColumnIndex>(i), false});
    }
  }
}

}  // namespace

FirmColumns find_firm_columns(const std::string& path, const std::vector<std::string>& header,
                              const ColumnMap& map, PlaceKind place) {
  const Header names(path, header, map.firms);
  FirmColumns columns;
  columns.id = names.required("id");
  find_place(names, place, columns);
  columns.industry = names.optional("industry");
  columns.region = names.optional("region");
  columns.status = names.optional("status");
  find_numbers(names, columns);
  return columns;
}

TradeColumns find_trade_columns(const std::string& path, const std::vector<std::string>& header,
                                const ColumnMap& map) {
  const Header names(path, header, map.trade);
  TradeColumns columns;
  columns.supplier = names.required("supplier");
  columns.buyer = names.required("buyer");
  columns.amount = names.optional("amount");
  columns.count = names.optional("count");
  return columns;
}

}  // namespace tradegraph::io
