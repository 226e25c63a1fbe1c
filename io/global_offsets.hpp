#pragma once
/// Offsets of a rank's own cells turned into offsets over all ranks, and back: string columns and
/// compressed sparse rows alike.

#include <cstdint>
#include <vector>

#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

struct GlobalOffsets {
  /// One a cell of this rank; the last rank has one more, the total.
  std::vector<std::int64_t> values;
  std::int64_t before = 0;  ///< contents of the ranks before this one
  std::int64_t total = 0;   ///< contents of all ranks
};

/// `local` starts at 0 and has one entry more than this rank has cells. Collective.
[[nodiscard]] GlobalOffsets global_offsets(const comm::Communicator& comm,
                                           const std::vector<std::int64_t>& local);

}  // namespace tradegraph::io
