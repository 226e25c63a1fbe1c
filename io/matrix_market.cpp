#include "io/matrix_market.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/import/faults.hpp"
#include "io/import/number.hpp"
#include "io/parallel.hpp"
#include "io/text_lines.hpp"
#include "io/utf8.hpp"

namespace tradegraph::io {

namespace {

enum class Field { pattern, real, integer };
enum class Symmetry { general, symmetric, skew_symmetric };

struct Header {
  Field field = Field::real;
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
  if (field == "pattern") header.field = Field::pattern;
  if (field == "integer") header.field = Field::integer;
  if (symmetry == "symmetric") {
    header.symmetry = Symmetry::symmetric;
  } else if (symmetry == "skew-symmetric") {
    header.symmetry = Symmetry::skew_symmetric;
  } else if (symmetry != "general") {
    refuse(
        path, 1,
        "symmetry '" + shown(symmetry) + "': general, symmetric and skew-symmetric are understood");
  }
  if (header.field == Field::pattern && header.symmetry == Symmetry::skew_symmetric) {
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
  FaultList faults;
};

/// An optional sign and digits. Such a number may be larger than 64 bits: weights are doubles.
bool is_whole(std::string_view word) {
  if (word.starts_with('-') || word.starts_with('+')) word.remove_prefix(1);
  return !word.empty() && std::ranges::all_of(word, [](char c) { return '0' <= c && c <= '9'; });
}

/// A fault whose line its finder does not know.
Fault fault_in(std::string column, std::string_view value, std::string kind, std::string reason) {
  return {0, std::move(column), std::string(value), std::move(kind), std::move(reason), false};
}

std::optional<Fault> parse_node(std::string_view word, const char* column, std::int64_t nodes,
                                std::int64_t& node) {
  if (word.empty()) return fault_in(column, "", "empty", "is missing");
  if (!parse_integer(word, node)) {
    return fault_in(column, word, "not_a_number", "is not the number of a node");
  }
  if (1 <= node && node <= nodes) return {};
  return fault_in(column, word, "out_of_range", "is not between 1 and " + std::to_string(nodes));
}

std::optional<Fault> parse_weight(std::string_view word, Field field, double& weight) {
  if (word.empty()) return fault_in("weight", "", "empty", "is missing");
  if (field == Field::integer && !is_whole(word)) {
    return fault_in("weight", word, "not_whole", "is not a whole number, as field 'integer' has");
  }
  if (parse_number(word, weight) == NumberState::good) return {};
  return fault_in("weight", word, "not_finite", "is not a finite number");
}

/// What the symmetry of a matrix leaves no room for.
std::optional<Fault> misplaced(std::string_view line, std::int64_t row, std::int64_t column,
                               Symmetry symmetry) {
  if (symmetry != Symmetry::general && column > row) {
    return fault_in("", line, "misplaced", "is above the diagonal of a symmetric matrix");
  }
  if (symmetry == Symmetry::skew_symmetric && column == row) {
    return fault_in("", line, "misplaced", "is on the diagonal of a skew-symmetric matrix");
  }
  return {};
}

/// Reads one entry; returns what is wrong with it, and takes it if nothing is.
std::optional<Fault> parse_entry(std::string_view line, const Header& header, Entries& entries) {
  std::int64_t row = 0, column = 0;
  double weight = 0;
  const bool weighs = header.field != Field::pattern;
  auto rest = line;
  if (auto fault = parse_node(take_word(rest), "source", header.nodes, row)) return fault;
  if (auto fault = parse_node(take_word(rest), "target", header.nodes, column)) return fault;
  if (auto fault = misplaced(line, row, column, header.symmetry)) return fault;
  if (weighs) {
    if (auto fault = parse_weight(take_word(rest), header.field, weight)) return fault;
  }
  if (!take_word(rest).empty()) {
    return fault_in("", line, "wrong_cell_count",
                    std::string("has more than ") + (weighs ? "three" : "two") + " numbers");
  }
  entries.source.push_back(row - 1);
  entries.target.push_back(column - 1);
  if (weighs) entries.weight.push_back(weight);
  return {};
}

/// Whether the latest entry has a weight below 0, in either direction.
bool gives_negative_weight(const Header& header, const Entries& entries) {
  if (header.field == Field::pattern) return false;
  const double weight = entries.weight.back();
  return weight < 0 || (header.symmetry == Symmetry::skew_symmetric && weight > 0);
}

Entries parse_piece(const std::string& path, const LinePiece& piece, const Header& header) {
  Entries entries;
  auto rest = piece.text;
  for (auto number = piece.first_line; !rest.empty(); ++number) {
    const auto line = take_line(rest);
    if (is_blank_or_comment(line)) continue;
    if (auto fault = parse_entry(line, header, entries)) {
      fault->line = number;
      entries.faults.add(std::move(*fault));
      continue;
    }
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

EdgeList parse_part(const std::string& path, const TextPart& part, const Header& header,
                    FaultList& faults) {
  constexpr std::int64_t kPieceBytes = 1 << 20;
  const auto pieces = line_pieces(part, kPieceBytes);
  std::vector<Entries> parsed(pieces.size());
  parallel_for(std::ssize(pieces), [&](std::int64_t i) {
    parsed[static_cast<std::size_t>(i)] =
        parse_piece(path, pieces[static_cast<std::size_t>(i)], header);
  });
  EdgeList edges;
  for (auto& entries : parsed) {
    faults.merge(std::move(entries.faults));
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
  FaultList faults;
  auto edges = comm::collectively(comm, [&] { return parse_part(path, part, header, faults); });
  refuse_faults(comm, path, std::move(faults));
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
