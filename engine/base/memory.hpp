#pragma once
/// What the operating system says of this process's memory.

#include <cstdint>
#include <string>

namespace tradegraph {

/// Largest resident set so far, in bytes.
[[nodiscard]] std::int64_t peak_resident_bytes();

/// Bytes named by "512M", "4G", "1.5GiB", "800000" (powers of 1024). Throws `ErrorKind::usage`.
[[nodiscard]] std::int64_t parse_memory_size(const std::string& text);
/// The reverse, for people: "1 KiB", "34.5 MiB", in the largest unit that leaves 1 or more.
[[nodiscard]] std::string memory_text(std::int64_t bytes);

}  // namespace tradegraph
