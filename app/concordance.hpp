#pragma once
/// Industry codes of one revision brought to another.

#include <map>
#include <string>

#include "engine/base/string_column.hpp"

namespace tradegraph::app {

/// New code of an old one.
using Concordance = std::map<std::string, std::string, std::less<>>;

/// Reads a CSV file with the columns `from` and `to`; other columns are left out. Not collective.
/// Throws `ErrorKind::bad_input` with file and line for an empty cell and for a code that stands
/// there twice: a code that was split has to be given to one of its successors.
[[nodiscard]] Concordance read_concordance(const std::string& path);

/// Codes of the column that the table has.
[[nodiscard]] std::int64_t known_codes(const Concordance& concordance, const CodeColumn& column);

/// Every cell's code by the table; codes that it lacks stay. The dictionary stays sorted and the
/// same on all ranks. Not collective.
[[nodiscard]] CodeColumn renamed(const Concordance& concordance, const CodeColumn& column);

}  // namespace tradegraph::app
