#pragma once
/// Text of all ranks on every rank.

#include "engine/base/string_column.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::comm {

/// The strings of all ranks in rank order. Collective; each rank receives all bytes, and 8 a
/// string.
[[nodiscard]] StringColumn all_gather_strings(const Communicator& comm, const StringColumn& mine);

}  // namespace tradegraph::comm
