#pragma once
/// Records of a CSV text (RFC 4180): quoted commas, newlines and doubled quotes, LF or CRLF, with
/// or without a final newline.
///
/// A newline ends a record if and only if an even number of quotes precedes it. This holds for
/// every well-formed file and is the definition for all others, so that a file may be cut anywhere
/// and read from many places at once: the parity of the quotes before a place tells what it is.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tradegraph::io {

enum class CsvQuoting {
  good,
  stray,    ///< a quote inside an unquoted field, or text after a closing quote
  unclosed  ///< the text ends inside quotes
};

struct CsvRecord {
  std::int64_t line = 0;   ///< physical line on which it starts; the first of the file is 1
  std::int64_t lines = 1;  ///< physical lines that it covers
  std::string_view text;   ///< as it stands in the file, without its line end
  /// Cells without their quotes. If `quoting` is not good, the last one is the offending cell.
  std::vector<std::string_view> fields;
  CsvQuoting quoting = CsvQuoting::good;
  std::deque<std::string> unescaped;  ///< the cells that had doubled quotes; `fields` points here
};

/// Walks over the records of `text`, which must start at a record and outlive the cursor. Lines
/// without any byte are no records. Serial; cost linear in the text; allocates only for cells
/// with doubled quotes.
class CsvCursor {
 public:
  CsvCursor(std::string_view text, std::int64_t first_line)
      : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()), line_(first_line) {}

  /// The next record; false at the end of the text. The views in `record` hold as long as the text
  /// and the record, until it is read into again.
  [[nodiscard]] bool next(CsvRecord& record);

  /// Bytes consumed so far, and the physical line of what follows.
  [[nodiscard]] std::int64_t consumed() const { return at_ - begin_; }
  [[nodiscard]] std::int64_t line() const { return line_; }

 private:
  void skip_blank_lines();
  /// Reads the cell at `at_` and leaves `at_` behind it; false if it is misquoted.
  [[nodiscard]] bool read_field(CsvRecord& record);
  [[nodiscard]] bool read_quoted(CsvRecord& record);
  void finish_record(const char* start, CsvRecord& record);
  void skip_misquoted(const char* start, CsvRecord& record);
  [[nodiscard]] bool at_record_end() const;

  const char* begin_;
  const char* at_;
  const char* end_;
  std::int64_t line_;
};

/// `cell` as it is written in a CSV file: quoted when it has to be.
[[nodiscard]] std::string csv_quoted(std::string_view cell);

}  // namespace tradegraph::io
