#pragma once
/// Stopping early when a scheduler asks for it, instead of being killed at the time limit.

#include "engine/comm/communicator.hpp"

namespace tradegraph::app {

/// From now on USR1 and TERM ask this process to stop at the next chance; without this call they
/// end it.
void watch_for_interruption();

/// Whether this process has been asked to stop. Any thread may ask.
[[nodiscard]] bool asked_to_stop();

/// Throws `ErrorKind::interrupted` on every rank when any rank was asked to stop.
/// Collective over `world`: one 4-byte all-reduce.
void stop_if_interrupted(const comm::Communicator& world);

}  // namespace tradegraph::app
