#pragma once
/// All searches of exact betweenness in a core, dealt over the threads of all ranks, with a
/// checkpoint.

#include "engine/base/checkpoint.hpp"
#include "engine/base/progress.hpp"
#include "engine/comm/communicator.hpp"
#include "kernels/traversal/betweenness_core.hpp"
#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

struct CoreSearch {
  int threads = 1;           ///< of this rank
  bool count_reach = false;  ///< `PathSums::beyond_*` are wanted
  bool count_links = false;  ///< `PathSums::crossing` is
};

/// Sums of all ranks, with what an earlier run, `checkpoint`'s, has done of them. Collective over
/// `world`. Throws `ErrorKind::bad_input` for a checkpoint of another network.
[[nodiscard]] PathSums search_core(const Core& core, const comm::Communicator& world,
                                   const CoreSearch& search, ProgressSink& progress,
                                   Checkpoint* checkpoint);

}  // namespace tradegraph::kernels
