#pragma once
/// Text files opened or read as a whole, by one process.

#include <fstream>
#include <string>

namespace tradegraph::io {

/// Throws `ErrorKind::bad_input` if `path` is a folder. The system opens one like a file and lets
/// streams find nothing in it, so that without a look it passes for an empty file.
void refuse_folder(const std::string& path);

/// A file open for reading, bytes as they are; pipes too. Throws `bad_input` with the reason if it
/// is missing, a folder or may not be read.
[[nodiscard]] std::ifstream open_text(const std::string& path);

/// All bytes of a file. Throws as `open_text`, and `ErrorKind::io` if the operating system refuses.
[[nodiscard]] std::string read_text(const std::string& path);

}  // namespace tradegraph::io
