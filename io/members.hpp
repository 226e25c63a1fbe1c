#pragma once
/// members.csv and groups.csv, as `identify` and `group` write them.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/base/types.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

/// One row a firm, in the order of the file; the rows of rank r precede those of rank r + 1.
struct Members {
  StringColumn id;                 ///< no two alike, over all ranks
  std::vector<std::int64_t> line;  ///< physical line of each row
  std::vector<Label> label;        ///< -1 = noise
  /// 1: a core member; without a column `role`, every member counts as one.
  std::vector<std::int32_t> is_core;
  StringColumn role;   ///< as it stands in the file; no cells = no column
  StringColumn group;  ///< industry group; an empty cell = none; no cells = no column
};

/// Reads `id,label` and, where the file has them, `role` and `group`; other columns are left out.
/// Collective; ids move once to the rank that their hash names. Errors, on all ranks: `bad_input`
/// with file, line, column and value, the first ten shown and all counted (missing file or column,
/// empty or repeated id, label that is no integer >= -1, unknown role, role noise with a label or
/// the reverse).
[[nodiscard]] Members read_members(const comm::Communicator& comm, const std::string& path);

/// One row an industry.
struct GroupRows {
  StringColumn industry;
  StringColumn group;
  std::vector<std::int64_t> line;  ///< physical line of each row
};

/// Reads `industry,group`; every rank gets all rows. Collective. Errors like `read_members`; an
/// industry may be repeated.
[[nodiscard]] GroupRows read_groups(const comm::Communicator& comm, const std::string& path);

}  // namespace tradegraph::io
