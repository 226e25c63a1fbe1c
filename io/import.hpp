#pragma once
/// CSV files of one year to a network in memory, by all threads of all ranks.

#include <optional>
#include <string>

#include "engine/comm/communicator.hpp"
#include "io/column_map.hpp"
#include "io/csv_file.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::io {

/// Default of `ImportOptions::input_crs`.
inline constexpr const char* kWgs84 = "EPSG:4326";

struct ImportOptions {
  std::string firms;                 ///< path of the firms file
  std::optional<std::string> trade;  ///< path of the trade file; none = no trade
  std::int64_t year = 0;
  ColumnMap columns;
  /// What the places are in. A geographic system needs columns `lon`, `lat` (degrees), a projected
  /// one `x`, `y` (metres). With the default and a file that has only `x`, `y`, these are planar
  /// metres of an unknown system and are taken as they are.
  std::string input_crs = kWgs84;
  /// What distances are measured in: a projected system ("EPSG:5179", a PROJ string), or "auto":
  /// degrees are projected by the Lambert azimuthal equal-area projection centred on the data,
  /// metres are kept.
  std::string project = "auto";
  bool skip_bad_rows = false;          ///< drop and count bad rows instead of failing
  std::optional<std::string> rejects;  ///< file for the rows dropped; needs skip_bad_rows
  std::int64_t block_bytes =
      CsvFile::kBlockBytes;  ///< unit of parallel reading; any gives the same

  /// Throws `ErrorKind::usage`.
  void validate() const;
};

/// Reads, checks, projects and orders one year's network.
///
/// Firms come out along a Hilbert curve over their planar places (ties by input row, firms without
/// a place last in input order), in slices of equal length; trade as rows of the supplier's slice,
/// repeated pairs summed in the order of the file, self-trade dropped and counted. An empty amount
/// or count counts 0. The result does not depend on the numbers of ranks and threads.
///
/// Collective over `comm`. Throws, on all ranks the same, `ErrorKind::bad_input` for what
/// INTERFACE calls bad input (counts all bad rows, shows the first ten with file, line, column and
/// value; scale distortion above 10 %), `ErrorKind::usage` for options, `ErrorKind::io`. Warns of
/// scale distortion above 1 %, and says which columns it leaves out.
///
/// Memory a rank: its share of the columns about twice, and the ids of all firms or, if they are
/// more, the distinct ones in its share of the trade file. Cost: two passes over the firms file,
/// two (on many ranks three) over the trade file, a distributed sort of the firms, all-to-all
/// exchanges of firms and links.
[[nodiscard]] Network import_csv(const comm::Communicator& comm, const ImportOptions& options);

}  // namespace tradegraph::io
