#include "io/text_lines.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/text_file.hpp"

namespace tradegraph::io {

namespace {

std::string read_bytes(const std::string& path, std::int64_t begin, std::int64_t end) {
  auto file = open_text(path);
  std::string text(static_cast<std::size_t>(end - begin), '\0');
  file.seekg(begin);
  file.read(text.data(), end - begin);
  require(file.gcount() == end - begin, ErrorKind::io, "cannot read " + path);
  return text;
}

std::int64_t count_lines(std::string_view text) {
  return std::count(text.begin(), text.end(), '\n');
}

/// Bytes [begin, end) extended so that they hold the lines that start in them, and no part of one
/// that starts before. `start` is where lines begin.
std::string whole_lines(const std::string& path, std::int64_t begin, std::int64_t end,
                        std::int64_t start, std::int64_t file_bytes) {
  constexpr std::int64_t kMore = 1 << 16;
  // The byte before tells whether a line starts at `begin`.
  auto text = read_bytes(path, begin > start ? begin - 1 : begin, end);
  if (begin > start) {
    const auto first = text.find('\n');
    if (first == std::string::npos) return {};  // inside one long line
    text.erase(0, first + 1);
  }
  while (!text.empty() && text.back() != '\n' && end < file_bytes) {
    const auto stop = std::min(end + kMore, file_bytes);
    const auto more = read_bytes(path, end, stop);
    const auto line_end = more.find('\n');
    text.append(more, 0, line_end == std::string::npos ? line_end : line_end + 1);
    end = stop;
    if (line_end != std::string::npos) break;
  }
  return text;
}

}  // namespace

TextFile read_head(const comm::Communicator& comm, const std::string& path,
                   std::int64_t head_bytes) {
  TextFile file;
  file = comm::collectively(comm, [&] {
    TextFile mine;
    if (!comm.is_root()) return mine;
    (void)open_text(path);  // says why it cannot be read; asking for its size would not
    mine.bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    mine.head = read_bytes(path, 0, std::min(mine.bytes, head_bytes));
    return mine;
  });
  file.bytes = comm::broadcast_value(comm, file.bytes);
  comm::broadcast(comm, file.head);
  return file;
}

TextPart read_part(const comm::Communicator& comm, const std::string& path, std::int64_t skip,
                   std::int64_t skipped_lines) {
  TextPart part;
  part.text = comm::collectively(comm, [&] {
    const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path));
    const Slices slices(std::max<std::int64_t>(bytes - skip, 0), comm.size());
    return whole_lines(path, skip + slices.begin(comm.rank()), skip + slices.begin(comm.rank() + 1),
                       skip, bytes);
  });
  const auto lines = count_lines(part.text);
  part.first_line = 1 + skipped_lines + comm::exclusive_scan(comm, lines);
  return part;
}

std::vector<LinePiece> line_pieces(const TextPart& part, std::int64_t piece_bytes) {
  std::vector<LinePiece> pieces;
  std::string_view rest = part.text;
  auto line = part.first_line;
  while (!rest.empty()) {
    auto size = std::min(rest.size(), static_cast<std::size_t>(piece_bytes));
    const auto line_end = rest.find('\n', size - 1);
    size = line_end == std::string_view::npos ? rest.size() : line_end + 1;
    pieces.push_back({rest.substr(0, size), line});
    line += count_lines(pieces.back().text);
    rest.remove_prefix(size);
  }
  return pieces;
}

std::string_view take_line(std::string_view& text) {
  const auto line_end = text.find('\n');
  auto line = text.substr(0, line_end);
  text.remove_prefix(line_end == std::string_view::npos ? text.size() : line_end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace tradegraph::io
