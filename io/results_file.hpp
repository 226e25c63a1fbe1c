#pragma once
/// results.h5: all result tables in one HDF5 file (docs/formats.md).

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/table.hpp"

namespace tradegraph::io {

inline constexpr std::int64_t kResultsSchemaVersion = 1;

/// Writes each table as a group of that name with one dataset a column; rows of rank 0 first. Every
/// rank passes the same tables and columns, with its own rows. `attributes` (settings,
/// conventions, ...) go to the file itself. Collective; complete under its final name or not at
/// all. Errors, on all ranks: `io`, `internal` (columns of unequal length).
void write_results(const comm::Communicator& comm, const std::string& path,
                   const std::vector<std::pair<std::string, Table>>& tables,
                   const std::map<std::string, std::string>& attributes = {});

/// Reads one table of a results file, all rows. Not collective. Throws `bad_input`.
[[nodiscard]] Table read_results_table(const std::string& path, const std::string& table);

/// What a results file holds, without its cells.
struct ResultsSummary {
  struct TableSummary {
    std::string name;
    std::int64_t rows = 0;
    std::vector<std::string> columns;  ///< in their order
  };

  std::string program_version;
  std::map<std::string, std::string> attributes;  ///< settings, conventions, ...
  std::vector<TableSummary> tables;               ///< in ascending order of names
};

/// Reads names and attributes only, whatever the size of the tables. Not collective. Throws
/// `bad_input`.
[[nodiscard]] ResultsSummary read_results_summary(const std::string& path);

/// Whether `path` is a results file; false for anything else. Not collective.
[[nodiscard]] bool is_results_file(const std::string& path);

/// Names of the tables, in ascending order. Not collective. Throws `bad_input`.
[[nodiscard]] std::vector<std::string> results_tables(const std::string& path);

}  // namespace tradegraph::io
