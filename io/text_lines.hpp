#pragma once
/// A text file cut into pieces of whole lines, for all threads of all ranks.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

/// This rank's part of a file: the lines that start in its share of the bytes.
struct TextPart {
  std::string text;
  std::int64_t first_line = 1;  ///< number in the file of the first of them
};

/// A file as all ranks know it.
struct TextFile {
  std::string head;        ///< the first lines, up to `head_bytes`
  std::int64_t bytes = 0;  ///< size
};

/// The first `head_bytes` of a file. Collective: rank 0 reads. Throws `bad_input` if the file is
/// missing or cannot be read.
[[nodiscard]] TextFile read_head(const comm::Communicator& comm, const std::string& path,
                                 std::int64_t head_bytes);

/// Cuts what follows the first `skip` bytes, which hold `skipped_lines` lines, over the ranks.
/// Collective. Throws `io` if the operating system refuses.
[[nodiscard]] TextPart read_part(const comm::Communicator& comm, const std::string& path,
                                 std::int64_t skip, std::int64_t skipped_lines);

/// Pieces of about `piece_bytes`, cut behind line ends, with the number of their first line.
struct LinePiece {
  std::string_view text;
  std::int64_t first_line;
};
[[nodiscard]] std::vector<LinePiece> line_pieces(const TextPart& part, std::int64_t piece_bytes);

/// The next line of `text`, without its line end; `text` moves behind it.
[[nodiscard]] std::string_view take_line(std::string_view& text);

}  // namespace tradegraph::io
