#pragma once
/// One year's network as tables: what import makes, what a snapshot holds, what the engine's
/// matrices are built from.
///
/// Firms are numbered 0..n-1 along a space-filling curve over their places (firms without a place
/// last, in input order); networks without places keep their input order. Each rank holds a
/// contiguous slice of the firms, together with the trade they supply.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/string_column.hpp"

namespace tradegraph::io {

/// Rows [first, first + count()) of `total`. Columns that the input lacks are empty vectors.
struct FirmTable {
  std::int64_t total = 0;
  std::int64_t first = 0;

  StringColumn id;
  /// Row in the input file, from 0 to total - 1 (rows that import drops do not count): the public
  /// order.
  std::vector<std::int64_t> input_row;
  std::vector<double> x_m;  ///< planar metres; NaN = no place
  std::vector<double> y_m;
  std::vector<double> longitude;  ///< degrees, WGS 84; NaN = no place
  std::vector<double> latitude;
  CodeColumn industry;
  CodeColumn region;
  /// Any further numeric columns by name (employees, revenue, ...); NaN = empty.
  std::map<std::string, std::vector<double>> numbers;
  /// Further text columns by name; the only one that import fills is `status` (open, suspended,
  /// closed).
  std::map<std::string, CodeColumn> texts;

  [[nodiscard]] std::int64_t count() const { return id.size(); }
  [[nodiscard]] bool has_places() const { return !x_m.empty() || total == 0; }
};

/// Trade supplied by the firms of this rank's slice, as compressed sparse rows: buyers of firm
/// first + i are columns[row_pointers[i] .. row_pointers[i + 1]), ascending, without self-trade or
/// repeats. `amount` and `count` are parallel to `columns`; empty when the input has none.
struct TradeTable {
  std::int64_t total = 0;                     ///< links over all ranks
  std::vector<std::int64_t> row_pointers{0};  ///< count() + 1 entries, starting at 0 on each rank
  std::vector<std::int64_t> columns;          ///< global firm numbers
  std::vector<double> amount;
  std::vector<double> count;
};

/// A file that was read, for provenance.
struct InputFile {
  std::string path;
  std::int64_t bytes = 0;
  std::string sha256;
};

/// What a snapshot says of itself.
struct SnapshotMetadata {
  static constexpr std::int64_t kSchemaVersion = 1;

  std::int64_t year = 0;
  std::string input_crs;   ///< "EPSG:4326", ...
  std::string planar_crs;  ///< what x_m and y_m are in: "EPSG:5179" or a PROJ string; "local" =
                           ///< metres of an unknown system; empty = no firm has a place
  double scale_distortion = 0;  ///< largest |scale - 1| of the projection over the firms
  std::vector<InputFile> inputs;
  /// Rows dropped or merged, by reason: "self_trade", "repeated_pair", "unknown_firm", ...
  std::map<std::string, std::int64_t> dropped;
  std::string digest;  ///< of all datasets; independent of the number of ranks and of compression
};

struct Network {
  FirmTable firms;
  TradeTable trade;
  SnapshotMetadata metadata;
};

}  // namespace tradegraph::io
