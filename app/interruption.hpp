#pragma once
/// Stopping early when a scheduler asks for it, instead of being killed at the time limit.

#include "engine/comm/communicator.hpp"

namespace tradegraph::app {

/// From now on USR1 asks this process to stop at the next chance; without this call it ends it.
void watch_for_interruption();

/// Whether this process was asked to stop. Not collective.
[[nodiscard]] bool is_asked_to_stop();

/// Throws `ErrorKind::interrupted` on every rank when any rank was asked to stop.
/// Collective over `world`: one 4-byte all-reduce.
void stop_if_interrupted(const comm::Communicator& world);

}  // namespace tradegraph::app
