#include "io/csv_writer.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>

#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/cell_text.hpp"
#include "io/csv_reader.hpp"
#include "io/parallel.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::io {

namespace {

constexpr std::int64_t kRowsAPiece = 8192;
constexpr std::int64_t kRowsARound = 64 * kRowsAPiece;
constexpr std::int64_t kBytesARound = 64 * 1024 * 1024;

std::string header_line(const Table& table) {
  std::string line;
  for (const auto& column : table.columns) {
    if (!line.empty()) line += ',';
    line += csv_quoted(column.name);
  }
  return line + '\n';
}

void append_cell(std::string& text, const std::string& cell) { append_csv(text, cell); }
void append_cell(std::string& text, std::int64_t cell) { append_number(text, cell); }
void append_cell(std::string& text, double cell) { append_number(text, cell); }

std::string format_rows(const Table& table, std::int64_t begin, std::int64_t end) {
  std::string text;
  text.reserve(static_cast<std::size_t>(end - begin) * table.columns.size() * 12);
  for (auto row = begin; row < end; ++row) {
    const auto start = text.size();
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (c > 0) text += ',';
      std::visit(
          [&](const auto& cells) { append_cell(text, cells[static_cast<std::size_t>(row)]); },
          table.columns[c].cells);
    }
    if (text.size() == start) text += "\"\"";  // a blank line would be no row
    text += '\n';
  }
  return text;
}

/// Rows [begin, end) in pieces, each formatted by one thread.
std::vector<std::string> format_pieces(const Table& table, std::int64_t begin, std::int64_t end) {
  std::vector<std::string> parts(
      static_cast<std::size_t>((end - begin + kRowsAPiece - 1) / kRowsAPiece));
  parallel_for(std::ssize(parts), [&](std::int64_t p) {
    const auto first = begin + p * kRowsAPiece;
    parts[static_cast<std::size_t>(p)] =
        format_rows(table, first, std::min(first + kRowsAPiece, end));
  });
  return parts;
}

std::string format_table(const Table& table) {
  std::string text;
  for (const auto& part : format_pieces(table, 0, table.rows())) text += part;
  return text;
}

void check_table(const Table& table, const std::string& header) {
  for (const auto& column : table.columns) {
    const auto length =
        std::visit([](const auto& cells) { return std::ssize(cells); }, column.cells);
    require(length == table.rows(), ErrorKind::internal,
            "column " + column.name + " differs in length");
  }
  require(header_line(table) == header, ErrorKind::internal,
          "ranks write different columns to one file");
}

/// The writer of rank 0, and what went wrong there.
class RootFile {
 public:
  RootFile(const comm::Communicator& comm, const std::string& path, const std::string& header)
      : comm_(comm) {
    on_root([&] {
      file_.emplace(path);
      file_->write(header);
    });
  }
  template <class Work>
  void on_root(Work&& work) {
    if (!comm_.is_root() || failure_) return;
    try {
      work();
    } catch (...) {
      failure_.emplace(comm::current_error());
      file_.reset();
    }
  }
  void write(std::span<const char> text) {
    on_root([&] { file_->write({text.data(), text.size()}); });
  }
  void commit() {
    on_root([&] { file_->commit(); });
    comm::agree(comm_, failure_);
  }

 private:
  const comm::Communicator& comm_;
  std::optional<TextFileWriter> file_;
  std::optional<Error> failure_;
};

}  // namespace

namespace {

/// Without other ranks: some rows at a time are formatted by all threads, and written from where
/// they stand.
void write_alone(const comm::Communicator& comm, const std::string& path, const Table& table) {
  const auto header = header_line(table);
  check_table(table, header);
  RootFile file(comm, path, header);
  for (std::int64_t begin = 0; begin < table.rows(); begin += kRowsARound) {
    file.on_root([&] {
      const auto end = std::min(begin + kRowsARound, table.rows());
      for (const auto& part : format_pieces(table, begin, end)) file.write(part);
    });
  }
  file.commit();
}

}  // namespace

void write_csv(const comm::Communicator& comm, const std::string& path, const Table& slice) {
  if (comm.size() == 1) return write_alone(comm, path, slice);
  auto header = header_line(slice);
  comm::broadcast(comm, header);
  const auto text = comm::collectively(comm, [&] {
    check_table(slice, header);
    return format_table(slice);
  });
  const auto size = static_cast<std::int64_t>(text.size());
  const auto start = comm::exclusive_scan(comm, size);
  const auto total = comm::all_reduce(comm, size, comm::ReduceOp::sum);
  RootFile file(comm, path, header);
  for (std::int64_t begin = 0; begin < total; begin += kBytesARound) {
    // The part of this rank's text that lies in bytes [begin, begin + kBytesARound) of the file.
    const auto from = std::clamp<std::int64_t>(begin - start, 0, size);
    const auto until = std::clamp<std::int64_t>(begin + kBytesARound - start, 0, size);
    const std::span<const char> mine(text.data() + from, static_cast<std::size_t>(until - from));
    file.write(comm::gather_v(comm, mine).values);
  }
  file.commit();
}

}  // namespace tradegraph::io
