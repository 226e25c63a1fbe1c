#include "io/matrix_market.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>

#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/import/number.hpp"
#include "io/parallel.hpp"
#include "io/text_lines.hpp"
#include "io/utf8.hpp"

namespace tradegraph::io {

namespace {

enum class Symmetry { general, symmetric, skew_symmetric };

struct Header {
  bool pattern = false;
  Symmetry symmetry = Symmetry::general;
  std::int64_t nodes = 0;
  std::int64_t entries = 0;
  std::int64_t bytes = 0;  ///< of the lines up to the sizes
  std::int64_t lines = 0;
};

[[noreturn]] void refuse(const std::string& path, std::int64_t line, const std::string& reason) {
  throw Error(ErrorKind::bad_input, path + ":" + std::to_string(line) + ": " + reason);
}

bool is_space(char c) { return c == ' ' || c == '\t'; }

std::string_view take_word(std::string_view& line) {
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  std::size_t size = 0;
  while (size < line.size() && !is_space(line[size])) ++size;
  const auto word = line.substr(0, size);
  line.remove_prefix(size);
  return word;
}

bool parse_integer(std::string_view word, std::int64_t& value) {
  const auto [end, code] = std::from_chars(word.data(), word.data() + word.size(), value);
  return code == std::errc() && end == word.data() + word.size();
}

std::string lower(std::string_view word) {
  std::string text(word);
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// "%%MatrixMarket matrix coordinate FIELD SYMMETRY"
void parse_banner(const std::string& path, std::string_view line, Header& header) {
  if (lower(take_word(line)) != "%%matrixmarket" || lower(take_word(line)) != "matrix") {
    refuse(path, 1, "a Matrix Market file begins with '%%MatrixMarket matrix'");
  }
  const auto format = lower(take_word(line));
  const auto field = lower(take_word(line));
  const auto symmetry = lower(take_word(line));
  if (format != "coordinate") {
    refuse(path, 1, "format '" + shown(format) + "': only 'coordinate' is a network");
  }
  if (field != "pattern" && field != "real" && field != "integer") {
    refuse(path, 1, "field '" + shown(field) + "': pattern, real and integer are understood");
  }
  header.pattern = field == "pattern";
  if (symmetry == "symmetric") {
    header.symmetry = Symmetry::symmetric;
  } else if (symmetry == "skew-symmetric") {
    header.symmetry = Symmetry::skew_symmetric;
  } else if (symmetry != "general") {
    refuse(
        path, 1,
        "symmetry '" + shown(symmetry) + "': general, symmetric and skew-symmetric are understood");
  }
  if (header.pattern && header.symmetry == Symmetry::skew_symmetric) {
    refuse(path, 1, "a pattern cannot be skew-symmetric");
  }
}

void parse_sizes(const std::string& path, std::string_view line, Header& header) {
  std::int64_t rows = 0, columns = 0;
  const bool sound = parse_integer(take_word(line), rows) &&
                     parse_integer(take_word(line), columns) &&
                     parse_integer(take_word(line), header.entries) && take_word(line).empty();
  if (!sound || rows < 0 || columns < 0 || header.entries < 0) {
    refuse(path, header.lines, "three counts expected: rows, columns, entries");
  }
  if (rows != columns) {
    refuse(path, header.lines,
           "a network is square; this matrix is " + std::to_string(rows) + " x " +
               std::to_string(columns));
  }
  header.nodes = rows;
}

bool is_blank_or_comment(std::string_view line) {
  auto rest = line;
  return line.starts_with('%') || take_word(rest).empty();
}

constexpr std::int64_t kHeadBytes = 1 << 20;

Header parse_header(const std::string& path, const TextFile& file) {
  require(file.bytes > 0, ErrorKind::bad_input, path + " is empty");
  Header header;
  std::string_view rest = file.head;
  parse_banner(path, take_line(rest), header);
  header.lines = 1;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    ++header.lines;
    if (is_blank_or_comment(line)) continue;
    parse_sizes(path, line, header);
    header.bytes = static_cast<std::int64_t>(file.head.size() - rest.size());
    return header;
  }
  refuse(path, header.lines, "the line of sizes is missing (or follows too many comments)");
}

/// Entries of a piece of the file.
struct Entries {
  std::vector<std::int64_t> source;
  std::vector<std::int64_t> target;
  std::vector<double> weight;
  std::string negative_weight;  ///< as in EdgeList
};

/// Reads one entry; returns what is wrong with it, or nothing.
std::string parse_entry(std::string_view line, const Header& header, Entries& entries) {
  std::int64_t row = 0, column = 0;
  const auto whole = line;
  if (!parse_integer(take_word(line), row) || !parse_integer(take_word(line), column)) {
    return "two node numbers expected, not '" + shown(whole) + "'";
  }
  if (std::min(row, column) < 1 || std::max(row, column) > header.nodes) {
    return "node number outside 1 .. " + std::to_string(header.nodes) + " in '" + shown(whole) +
           "'";
  }
  if (header.symmetry != Symmetry::general && column > row) {
    return "entry above the diagonal of a symmetric matrix: '" + shown(whole) + "'";
  }
  if (header.symmetry == Symmetry::skew_symmetric && column == row) {
    return "entry on the diagonal of a skew-symmetric matrix: '" + shown(whole) + "'";
  }
  if (!header.pattern) {
    double weight = 0;
    if (parse_number(take_word(line), weight) != NumberState::good) {
      return "a finite number expected as third entry of '" + shown(whole) + "'";
    }
    entries.weight.push_back(weight);
  }
  if (!take_word(line).empty()) return "too many entries in '" + shown(whole) + "'";
  entries.source.push_back(row - 1);
  entries.target.push_back(column - 1);
  return {};
}

/// Whether the latest entry has a weight below 0, in either direction.
bool gives_negative_weight(const Header& header, const Entries& entries) {
  if (header.pattern) return false;
  const double weight = entries.weight.back();
  return weight < 0 || (header.symmetry == Symmetry::skew_symmetric && weight > 0);
}

Entries parse_piece(const std::string& path, const LinePiece& piece, const Header& header) {
  Entries entries;
  auto rest = piece.text;
  for (auto number = piece.first_line; !rest.empty(); ++number) {
    const auto line = take_line(rest);
    if (is_blank_or_comment(line)) continue;
    const auto fault = parse_entry(line, header, entries);
    if (!fault.empty()) refuse(path, number, fault);
    if (entries.negative_weight.empty() && gives_negative_weight(header, entries)) {
      entries.negative_weight = path + ":" + std::to_string(number) + ": '" + shown(line) +
                                "' has a negative weight" +
                                (entries.weight.back() < 0 ? "" : " in its other direction");
    }
  }
  return entries;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

EdgeList parse_part(const std::string& path, const TextPart& part, const Header& header) {
  constexpr std::int64_t kPieceBytes = 1 << 20;
  const auto pieces = line_pieces(part, kPieceBytes);
  std::vector<Entries> parsed(pieces.size());
  parallel_for(std::ssize(pieces), [&](std::int64_t i) {
    parsed[static_cast<std::size_t>(i)] =
        parse_piece(path, pieces[static_cast<std::size_t>(i)], header);
  });
  EdgeList edges;
  for (const auto& entries : parsed) {
    append(edges.source, entries.source);
    append(edges.target, entries.target);
    append(edges.weight, entries.weight);
    if (edges.negative_weight.empty()) edges.negative_weight = entries.negative_weight;
  }
  return edges;
}

/// The text of the first rank that has one. Collective.
std::string first_of_ranks(const comm::Communicator& comm, std::string text) {
  const int holder =
      comm::all_reduce(comm, text.empty() ? comm.size() : comm.rank(), comm::ReduceOp::min);
  if (holder < comm.size()) comm::broadcast(comm, text, holder);
  return text;
}

void add_negated_reverse(EdgeList& edges) {
  const auto count = edges.source.size();
  for (std::size_t i = 0; i < count; ++i) {
    edges.source.push_back(edges.target[i]);
    edges.target.push_back(edges.source[i]);
    edges.weight.push_back(-edges.weight[i]);
  }
}

StringColumn numbers_as_ids(const Slices& slices, int rank) {
  StringColumn ids;
  for (auto i = slices.begin(rank); i < slices.begin(rank + 1); ++i) {
    ids.push_back(std::to_string(i + 1));
  }
  return ids;
}

}  // namespace

MatrixMarketSizes read_matrix_market_sizes(const std::string& path) {
  const auto file = read_head(comm::Communicator::self(), path, kHeadBytes);
  const auto header = parse_header(path, file);
  // "1 1" and a line end: a header that claims more entries than fit is refused by the reader,
  // which counts them, and not for the memory that they would take.
  constexpr std::int64_t kLeastBytesAnEntry = 4;
  const auto entries = std::min(header.entries, file.bytes / kLeastBytesAnEntry);
  return {header.nodes, header.symmetry == Symmetry::skew_symmetric ? 2 * entries : entries};
}

EdgeList read_matrix_market(const comm::Communicator& comm, const std::string& path) {
  const auto file = read_head(comm, path, kHeadBytes);
  const auto header = comm::collectively(comm, [&] { return parse_header(path, file); });
  const auto part = read_part(comm, path, header.bytes, header.lines);
  auto edges = comm::collectively(comm, [&] { return parse_part(path, part, header); });
  const auto found = comm::all_reduce(comm, std::ssize(edges.source), comm::ReduceOp::sum);
  require(found == header.entries, ErrorKind::bad_input,
          path + ": " + std::to_string(found) + " entries where the header says " +
              std::to_string(header.entries));
  edges.nodes = header.nodes;
  edges.negative_weight = first_of_ranks(comm, std::move(edges.negative_weight));
  edges.symmetric = header.symmetry == Symmetry::symmetric;
  if (header.symmetry == Symmetry::skew_symmetric) add_negated_reverse(edges);
  edges.ids = comm::collectively(
      comm, [&] { return numbers_as_ids(Slices(edges.nodes, comm.size()), comm.rank()); });
  return edges;
}

}  // namespace tradegraph::io
