#pragma once
/// Partial sums of long work in one HDF5 file, replaced as a whole: after a crash it is the last
/// one that was complete.

#include <optional>
#include <string>

#include "engine/base/checkpoint.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

/// Writes `partial` of rank 0 under `path`, with the text that says which work it belongs to.
/// Collective; throws `ErrorKind::io` on all ranks.
void write_checkpoint(const comm::Communicator& comm, const std::string& path,
                      const std::string& work, const PartialWork& partial);

/// The same on every rank; nothing if there is no such file. Collective. Throws
/// `ErrorKind::bad_input` if it belongs to other work than `work`, or cannot be read.
[[nodiscard]] std::optional<PartialWork> read_checkpoint(const comm::Communicator& comm,
                                                         const std::string& path,
                                                         const std::string& work);

}  // namespace tradegraph::io
