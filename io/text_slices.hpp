#pragma once
/// Text files that all ranks write at once.

#include <span>
#include <string>
#include <vector>

#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

/// Pieces of text, one after the other.
using TextPieces = std::span<const std::string>;

/// Writes `header` (that of rank 0), then section after section (equally many on all ranks): of
/// each the pieces of rank 0 in order, then those of rank 1, ... Each rank writes its own part of
/// the file, which all must be able to open. The file appears under its final name complete or not
/// at all. Collective. Throws `ErrorKind::io` on all ranks.
void write_text_slices(const comm::Communicator& comm, const std::string& path,
                       const std::string& header, const std::vector<TextPieces>& sections);

}  // namespace tradegraph::io
