#pragma once
/// Our names of input columns, and theirs.

#include <map>
#include <string>
#include <vector>

namespace tradegraph::io {

/// Our name -> their header name; a name that is absent is spelled the same in both.
struct ColumnMap {
  std::map<std::string, std::string> firms;
  std::map<std::string, std::string> trade;
};

/// Numeric attributes of a firm that the study knows. A cell of such a column must be a number.
[[nodiscard]] const std::vector<std::string>& known_firm_numbers();
/// Every name that `[firms]` and `[trade]` of a column map may hold.
[[nodiscard]] const std::vector<std::string>& firm_column_names();
[[nodiscard]] const std::vector<std::string>& trade_column_names();

/// Reads MAP.toml:
///     [firms]
///     id = "corp_no"
///     [trade]
///     supplier = "seller"
/// Throws `ErrorKind::bad_input` for a file that cannot be read or is not TOML (with file and
/// line), for an unknown table or name (with the nearest known one) and for a value that is not
/// text. Not collective.
[[nodiscard]] ColumnMap read_column_map(const std::string& path);

}  // namespace tradegraph::io
