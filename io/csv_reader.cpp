#include "io/csv_reader.hpp"

#include <algorithm>
#include <cstring>

#include "io/cell_text.hpp"

namespace tradegraph::io {

namespace {

const char* find_byte(const char* begin, const char* end, char byte) {
  const void* found = std::memchr(begin, byte, static_cast<std::size_t>(end - begin));
  return found == nullptr ? end : static_cast<const char*>(found);
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::string_view without_carriage_return(std::string_view text) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  return text;
}

/// `quoted` with each doubled quote made single.
std::string unescaped(std::string_view quoted) {
  std::string cell;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    cell += quoted[i];
    if (quoted[i] == '"') ++i;
  }
  return cell;
}

/// First newline at an even number of quotes, or the end; `even` tells which.
const char* find_record_end(const char* at, const char* end, bool& even) {
  even = true;
  for (; at < end; ++at) {
    if (*at == '"') even = !even;
    if (*at == '\n' && even) break;
  }
  return at;
}

}  // namespace

void CsvCursor::skip_blank_lines() {
  while (at_ < end_) {
    const char* next = at_;
    if (*next == '\r') ++next;
    if (next < end_ && *next != '\n') return;
    at_ = next < end_ ? next + 1 : next;
    ++line_;
  }
}

bool CsvCursor::at_record_end() const {
  return at_ == end_ || *at_ == '\n' || (*at_ == '\r' && (at_ + 1 == end_ || at_[1] == '\n'));
}

bool CsvCursor::next(CsvRecord& record) {
  skip_blank_lines();
  if (at_ == end_) return false;
  const char* start = at_;
  record.line = line_;
  record.lines = 1;
  record.quoting = CsvQuoting::good;
  record.fields.clear();
  record.unescaped.clear();
  for (;;) {
    if (!read_field(record)) {
      skip_misquoted(start, record);
      return true;
    }
    if (at_ == end_ || *at_ != ',') break;
    ++at_;
  }
  finish_record(start, record);
  return true;
}

bool CsvCursor::read_field(CsvRecord& record) {
  if (at_ < end_ && *at_ == '"') return read_quoted(record);
  const char* start = at_;
  const char* at = at_;
  while (at < end_ && *at != ',' && *at != '\n' && *at != '"') ++at;
  at_ = at;
  auto cell = between(start, at);
  if (at < end_ && *at == '"') {
    record.fields.push_back(cell);
    return false;
  }
  if (at == end_ || *at == '\n') cell = without_carriage_return(cell);
  record.fields.push_back(cell);
  return true;
}

bool CsvCursor::read_quoted(CsvRecord& record) {
  const char* start = at_ + 1;
  const char* close = start;
  bool doubled = false;
  for (;;) {
    close = find_byte(close, end_, '"');
    if (close == end_) {
      record.fields.push_back(between(start, close));
      return false;
    }
    if (close + 1 == end_ || close[1] != '"') break;
    doubled = true;
    close += 2;
  }
  record.lines += std::count(start, close, '\n');
  at_ = close + 1;
  record.fields.push_back(doubled ? record.unescaped.emplace_back(unescaped(between(start, close)))
                                  : between(start, close));
  return at_record_end() || *at_ == ',';
}

void CsvCursor::finish_record(const char* start, CsvRecord& record) {
  record.text = without_carriage_return(between(start, at_ < end_ && *at_ == '\r' ? at_ + 1 : at_));
  if (at_ < end_ && *at_ == '\r') ++at_;
  line_ = record.line + record.lines;
  if (at_ < end_) ++at_;  // the newline
}

void CsvCursor::skip_misquoted(const char* start, CsvRecord& record) {
  bool even = true;
  const char* stop = find_record_end(start, end_, even);
  record.quoting = even ? CsvQuoting::stray : CsvQuoting::unclosed;
  record.text = without_carriage_return(between(start, stop));
  record.lines = 1 + std::count(start, stop, '\n');
  line_ = record.line + record.lines;
  at_ = stop < end_ ? stop + 1 : stop;
}

std::string csv_quoted(std::string_view cell) {
  std::string text;
  append_csv(text, cell);
  return text;
}

}  // namespace tradegraph::io
