#pragma once
/// Deals batches of work to all threads of all ranks as they get free, so that no rank waits for
/// the slowest longer than one batch.

#include <cstdint>
#include <functional>

#include "engine/base/checkpoint.hpp"
#include "engine/base/progress.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::kernels {

struct BatchPlan {
  std::int64_t batches = 0;
  int threads = 1;  ///< of this rank
  /// Does one batch, on a thread of this rank; must not communicate.
  std::function<void(std::int64_t batch, int thread)> work;
  /// Sums of all ranks so far, for a checkpoint; wanted on rank 0. Collective.
  std::function<PartialWork()> gather_sums;
};

/// Does the batches from `first` on, in order of their numbers as far as they are begun. With a
/// `checkpoint`, saves at its intervals; when any process is asked to stop, saves and throws
/// `ErrorKind::interrupted`. Collective over `world`; an error of one rank is thrown on all.
void run_batches(const comm::Communicator& world, const BatchPlan& plan, std::int64_t first,
                 ProgressSink& progress, Checkpoint* checkpoint);

}  // namespace tradegraph::kernels
