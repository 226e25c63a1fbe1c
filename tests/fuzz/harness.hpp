#pragma once
/// What all fuzz targets share: one rank of MPI, a file that readers can open, and which errors are
/// answers and which are findings.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::fuzz {

/// This process alone.
[[nodiscard]] const comm::Communicator& self();

/// The path of a file of this process in memory, which ends in `name` and lasts until it ends.
[[nodiscard]] std::string path_of(const std::string& name);
/// Puts `content` into that file and returns its path.
std::string write_input(const std::string& name, std::string_view content);

/// Runs a reader. What it throws is its answer: bad input, wrong usage, no memory, a full disk. A
/// defect of the program (`internal`), an HDF5 error that nobody has explained, or a foreign
/// exception ends the process. Returns the message, or nothing when all is well.
std::string answer_of(const std::function<void()>& read);

/// Ends the process with a message unless `condition` holds.
void expect(bool condition, const char* message);

/// The bytes of an input as text.
[[nodiscard]] inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace tradegraph::fuzz
