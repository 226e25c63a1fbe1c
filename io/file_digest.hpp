#pragma once
/// SHA-256 of files (FIPS 180-4).

#include <string>

namespace tradegraph::io {

/// Hexadecimal SHA-256 of the file's bytes, as sha256sum prints it. Throws `ErrorKind::io`. Not
/// collective.
[[nodiscard]] std::string sha256_of_file(const std::string& path);

}  // namespace tradegraph::io
