#pragma once
/// Which cells of a row of the firms file mean what.

#include <string>
#include <vector>

#include "io/column_map.hpp"

namespace tradegraph::io {

/// Position of a column in the header; -1 = the file lacks it.
using ColumnIndex = int;

struct NumberColumn {
  std::string name;  ///< ours
  ColumnIndex index;
  bool known;  ///< a cell that is no number is an error, not a sign of a text column
};

struct FirmColumns {
  ColumnIndex id = -1;
  bool in_degrees = true;  ///< the place is longitude, latitude; else x, y
  ColumnIndex place[2] = {-1, -1};
  ColumnIndex industry = -1;
  ColumnIndex region = -1;
  ColumnIndex status = -1;
  std::vector<NumberColumn> numbers;  ///< known ones and any that may be numeric
  std::vector<std::string> left_out;  ///< header names that cannot be kept
};

/// What the place columns may be, from the input's reference system.
enum class PlaceKind { degrees, metres, degrees_or_local_metres };

struct TradeColumns {
  ColumnIndex supplier = -1;
  ColumnIndex buyer = -1;
  ColumnIndex amount = -1;
  ColumnIndex count = -1;
};

/// Throw `ErrorKind::bad_input` naming the file, the column that is missing and the nearest name
/// in its header. Not collective; equal on all ranks.
[[nodiscard]] FirmColumns find_firm_columns(const std::string& path,
                                            const std::vector<std::string>& header,
                                            const ColumnMap& map, PlaceKind place);
[[nodiscard]] TradeColumns find_trade_columns(const std::string& path,
                                              const std::vector<std::string>& header,
                                              const ColumnMap& map);

}  // namespace tradegraph::io
