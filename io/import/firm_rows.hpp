#pragma once
/// The firms file as this rank's rows, in input order.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/comm/communicator.hpp"
#include "io/csv_file.hpp"
#include "io/import/faults.hpp"
#include "io/import/firm_columns.hpp"

namespace tradegraph::io {

/// Columns that the file lacks are empty.
struct FirmRows {
  StringColumn id;
  std::vector<std::int64_t> line;           ///< physical line of the file
  std::vector<double> place[2];             ///< as given: degrees or metres; NaN = none
  std::map<std::string, CodeColumn> texts;  ///< industry, region, status
  std::map<std::string, std::vector<double>> numbers;

  [[nodiscard]] std::int64_t count() const { return id.size(); }
};

/// Reads the rows that are sound; the others go to `faults`. Further columns that hold text are
/// left out, which rank 0 says. Collective.
[[nodiscard]] FirmRows read_firms(const comm::Communicator& comm, const CsvFile& file,
                                  const FirmColumns& columns, FaultList& faults);

/// Keeps the rows of `kept`, which is ascending. Collective (dictionaries shrink).
[[nodiscard]] FirmRows select_rows(const comm::Communicator& comm, const FirmRows& rows,
                                   const std::vector<std::int64_t>& kept);

}  // namespace tradegraph::io
