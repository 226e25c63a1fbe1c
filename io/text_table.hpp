#pragma once
/// Columns of a CSV as text, by name.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/comm/communicator.hpp"
#include "io/csv_file.hpp"
#include "io/import/faults.hpp"

namespace tradegraph::io {

/// The rows that one rank read; those of rank r precede those of rank r + 1.
struct TextTable {
  /// One a name asked for, in that order; without cells if the file lacks an optional one.
  std::vector<StringColumn> columns;
  std::vector<std::int64_t> line;  ///< physical line on which each row starts

  [[nodiscard]] std::int64_t rows() const { return static_cast<std::int64_t>(line.size()); }
};

/// Reads the columns `required` and then `optional` of an open file; others are left out.
/// Collective; all threads. Errors, on all ranks: `bad_input` (missing column; rows with broken
/// quoting, invalid UTF-8 or another number of cells, with file and line).
[[nodiscard]] TextTable read_text_table(const comm::Communicator& comm, const CsvFile& file,
                                        const std::vector<std::string>& required,
                                        const std::vector<std::string>& optional = {});

}  // namespace tradegraph::io
