#pragma once
/// This process's memory, as the operating system counts it.

#include <cstdint>
#include <string>

namespace tradegraph {

/// Largest resident set so far, in bytes.
[[nodiscard]] std::int64_t peak_resident_bytes();

/// Gives what has been freed back to the operating system; the C library keeps much of it. Worth
/// the milliseconds before work that lasts and allocates in other sizes.
void return_freed_memory();

/// Bytes named by "512M", "4G", "1.5GiB", "800000" (powers of 1024). Throws `ErrorKind::usage`.
[[nodiscard]] std::int64_t parse_memory_size(const std::string& text);
/// The reverse, for people: "1 KiB", "34.5 MiB", in the largest unit that leaves 1 or more.
[[nodiscard]] std::string memory_text(std::int64_t bytes);

}  // namespace tradegraph
