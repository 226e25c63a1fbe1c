#pragma once
/// members.csv and groups.csv, as `identify` and `group` write them.

#include <string>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/base/types.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

/// One row a firm, in the order of the file; the rows of rank r precede those of rank r + 1.
struct Members {
  StringColumn id;
  std::vector<Label> label;  ///< -1 = noise
  StringColumn role;         ///< core, border, absorbed, noise
  StringColumn group;        ///< industry group; empty = none
};

/// Reads `id,label,role,group`. Collective. Errors, on all ranks: `bad_input` with file and line
/// (missing file or column, empty id, label that is no integer >= -1, unknown role, role noise with
/// a label or the reverse).
[[nodiscard]] Members read_members(const comm::Communicator& comm, const std::string& path);

/// One row an industry.
struct GroupRows {
  StringColumn industry;
  StringColumn group;
};

/// Reads `industry,group`; every rank gets all rows. Collective. Errors like `read_members`.
[[nodiscard]] GroupRows read_groups(const comm::Communicator& comm, const std::string& path);

}  // namespace tradegraph::io
