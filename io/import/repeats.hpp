#pragma once
/// Ids that stand in a file twice, over all ranks.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/comm/communicator.hpp"
#include "io/import/faults.hpp"

namespace tradegraph::io {

/// Adds a fault for every cell of column `name` that an earlier row of the file has, naming the
/// line of the first, and returns the rows of this rank that are no repeats. `lines` are those of
/// the rows; empty cells are no repeats. Collective: ids are sent once to the rank that their hash
/// names.
[[nodiscard]] std::vector<std::int64_t> find_distinct(const comm::Communicator& comm,
                                                      const StringColumn& ids,
                                                      const std::vector<std::int64_t>& lines,
                                                      const std::string& name, FaultList& faults);

}  // namespace tradegraph::io
