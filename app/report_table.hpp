#pragma once
/// A CSV file of results as compact JSON, column by column, for report.html.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tradegraph::app {

/// `{"rows":n,"columns":{"name":[cells]}}` of a CSV text with a header. An empty cell is null. The
/// cells of a column are numbers, digit by digit as they stand in the text, if each of them is one
/// in JSON's grammar and the column is none of those that hold names and codes; else strings.
/// `path` is for messages. Linear in the text. Throws `ErrorKind::bad_input`: no header, one of the
/// columns `needed` missing, broken quoting, a row with another number of cells.
[[nodiscard]] std::string csv_as_json(std::string_view csv, const std::string& path,
                                      const std::vector<std::string>& needed);

/// The rows of composition.csv that a reader looks at: for each year, cluster and kind of code the
/// `most` codes with the most firms (tie: the first of the file), in the file's order. Throws as
/// `csv_as_json`, and where a column is missing.
[[nodiscard]] std::string largest_codes(std::string_view csv, const std::string& path,
                                        std::int64_t most);

}  // namespace tradegraph::app
