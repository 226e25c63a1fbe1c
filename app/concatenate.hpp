#pragma once
/// Tables of several years, each in slices over ranks, as one table in slices.

#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/table.hpp"

namespace tradegraph::app {

/// The rows of `tables[0]`, then those of `tables[1]`, ...; all with the same columns, each in
/// slices by rank. Collective over `group`; sends each cell once.
[[nodiscard]] io::Table concatenate(const comm::Communicator& group,
                                    const std::vector<io::Table>& tables);

}  // namespace tradegraph::app
