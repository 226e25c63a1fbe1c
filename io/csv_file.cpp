#include "io/csv_file.hpp"

#include <fcntl.h>
#include <omp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>

#include "engine/base/error.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/parallel.hpp"
#include "io/text_file.hpp"
#include "io/utf8.hpp"

namespace tradegraph::io {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

constexpr std::int64_t kNone = -1;

}  // namespace

/// What a block tells about record borders, for both of the states it may start in.
struct CsvBlockSummary {
  std::int64_t newlines = 0;
  std::int64_t quotes = 0;
  /// Offset within the block behind the first newline that an even (odd) number of the block's
  /// quotes precede; kNone if there is none. And how many newlines lie before that offset.
  std::int64_t border[2] = {kNone, kNone};
  std::int64_t lines_before[2] = {0, 0};

  [[nodiscard]] static CsvBlockSummary of(const char* text, std::int64_t size);
};

}  // namespace tradegraph::io

template <>
struct tradegraph::comm::IsRecord<tradegraph::io::CsvBlockSummary> : std::true_type {};

namespace tradegraph::io {

namespace {

std::int64_t count_byte(const char* text, std::int64_t size, char byte) {
  constexpr std::int64_t kLanes = 16;
  std::int64_t total = 0;
  std::int64_t at = 0;
  while (at + kLanes <= size) {
    std::uint8_t lanes[kLanes] = {};
    for (int round = 0; round < 255 && at + kLanes <= size; ++round, at += kLanes) {
#pragma omp simd
      for (std::int64_t lane = 0; lane < kLanes; ++lane) {
        lanes[lane] = static_cast<std::uint8_t>(lanes[lane] + (text[at + lane] == byte ? 1 : 0));
      }
    }
    for (const auto lane : lanes) total += lane;
  }
  return total + std::count(text + at, text + size, byte);
}

std::string system_message(const std::string& path, const char* what) {
  return path + ": " + what + ": " + std::strerror(errno);
}

}  // namespace

CsvBlockSummary CsvBlockSummary::of(const char* text, std::int64_t size) {
  CsvBlockSummary summary;
  summary.newlines = count_byte(text, size, '\n');
  summary.quotes = count_byte(text, size, '"');
  std::size_t odd = 0;
  std::int64_t newlines = 0;
  const bool odd_possible = summary.quotes > 0;
  for (std::int64_t i = 0; i < size; ++i) {
    if (text[i] == '"') odd ^= 1;
    if (text[i] != '\n') continue;
    ++newlines;
    if (summary.border[odd] == kNone) {
      summary.border[odd] = i + 1;
      summary.lines_before[odd] = newlines;
    }
    if (summary.border[0] != kNone && (!odd_possible || summary.border[1] != kNone)) break;
  }
  return summary;
}

/// An open file; readable from many threads.
class CsvFile::Descriptor {
 public:
  explicit Descriptor(const std::string& path) : path_(path) {
    handle_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    require(handle_ >= 0, ErrorKind::bad_input, system_message(path, "cannot be opened"));
    struct stat status {};
    const bool known = ::fstat(handle_, &status) == 0;
    const bool regular = known && S_ISREG(status.st_mode);
    if (!regular) ::close(handle_);
    require(known, ErrorKind::io, system_message(path, "cannot be examined"));
    refuse_folder(path);
    require(regular, ErrorKind::bad_input, path + ": is not a regular file");
    bytes_ = status.st_size;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(handle_); }

  [[nodiscard]] std::int64_t bytes() const { return bytes_; }

  void read(std::int64_t offset, std::int64_t count, char* into) const {
    for (std::int64_t done = 0; done < count;) {
      const auto got =
          ::pread(handle_, into + done, static_cast<std::size_t>(count - done), offset + done);
      if (got < 0 && errno == EINTR) continue;
      require(got >= 0, ErrorKind::io, system_message(path_, "cannot be read"));
      require(got > 0, ErrorKind::io, path_ + ": became shorter while it was read");
      done += got;
    }
  }
  [[nodiscard]] std::unique_ptr<char[]> read(std::int64_t offset, std::int64_t count) const {
    auto text = std::make_unique_for_overwrite<char[]>(static_cast<std::size_t>(count));
    read(offset, count, text.get());
    return text;
  }

 private:
  std::string path_;
  int handle_ = -1;
  std::int64_t bytes_ = 0;
};

CsvFile CsvFile::open(const comm::Communicator& comm, const std::string& path,
                      std::int64_t block_bytes) {
  CsvFile csv;
  csv.path_ = path;
  comm::collectively(comm, [&] {
    csv.file_ = std::make_shared<const Descriptor>(path);
    require(csv.file_->bytes() > 0, ErrorKind::bad_input, path + ": the file is empty");
  });
  csv.bytes_ = comm::broadcast_value(comm, csv.file_->bytes());
  csv.find_units(comm, block_bytes);
  csv.read_header(comm);
  return csv;
}

void CsvFile::find_units(const comm::Communicator& comm, std::int64_t block_bytes) {
  const std::int64_t blocks = (bytes_ + block_bytes - 1) / block_bytes;
  const std::int64_t first = blocks * comm.rank() / comm.size();
  const std::int64_t last = blocks * (comm.rank() + 1) / comm.size();
  std::vector<CsvBlockSummary> local(static_cast<std::size_t>(last - first));
  Unit start{};
  comm::collectively(comm, [&] {
    parallel_for(last - first, [&](std::int64_t i) {
      const std::int64_t begin = (first + i) * block_bytes;
      const std::int64_t size = std::min(block_bytes, bytes_ - begin);
      local[static_cast<std::size_t>(i)] =
          CsvBlockSummary::of(file_->read(begin, size).get(), size);
    });
    start = find_start();
  });
  const auto all = comm::all_gather_v(comm, std::span<const CsvBlockSummary>(local)).values;
  take_units(all, block_bytes, start, first, last);
}

/// All of the file behind its byte order mark and blank lines, which may be many: unit 0 has the
/// header.
CsvFile::Unit CsvFile::find_start() const {
  constexpr std::int64_t kPiece = 4096;
  std::int64_t at = 0;
  const auto mark = std::min<std::int64_t>(bytes_, kByteOrderMark.size());
  if (std::string_view(file_->read(0, mark).get(), static_cast<std::size_t>(mark)) ==
      kByteOrderMark) {
    at = mark;
  }
  Unit start{at, bytes_, 1, 0};
  while (at < bytes_) {
    const auto size = std::min(kPiece, bytes_ - at);
    const auto piece = file_->read(at, size);
    for (const auto end = at + size; at < end; ++at) {
      const char c = piece[static_cast<std::size_t>(at - (end - size))];
      if (c == '\n') {
        start.begin = at + 1;
        ++start.line;
      } else if (c != '\r' || at > start.begin) {
        return start;
      }
    }
  }
  start.begin = bytes_;
  return start;
}

/// Records start behind the first border of each block; a block without one belongs to the unit
/// before. Unit 0 is `start` up to the first border in it. Keeps the units that start in blocks
/// [first, last).
void CsvFile::take_units(std::span<const CsvBlockSummary> blocks, std::int64_t block_bytes,
                         const Unit& start, std::int64_t first, std::int64_t last) {
  std::size_t odd = 0;
  std::int64_t newlines = 0;
  std::vector<Unit> units{start};
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const auto& block = blocks[b];
    const auto index = static_cast<std::int64_t>(b);
    if (b > 0 && block.border[odd] != kNone) {
      const std::int64_t begin = index * block_bytes + block.border[odd];
      if (begin > start.begin) {
        units.back().end = begin;
        units.push_back({begin, bytes_, 1 + newlines + block.lines_before[odd], index});
      }
    }
    newlines += block.newlines;
    odd = (odd + static_cast<std::size_t>(block.quotes)) % 2;
  }
  std::copy_if(units.begin(), units.end(), std::back_inserter(mine_),
               [&](const Unit& unit) { return first <= unit.block && unit.block < last; });
}

void CsvFile::read_header(const comm::Communicator& comm) {
  const bool has_start = !mine_.empty() && mine_.front().block == 0;
  std::string text;
  comm::collectively(comm, [&] {
    if (!has_start) return;
    auto& unit = mine_.front();
    const auto body = file_->read(unit.begin, unit.end - unit.begin);
    CsvCursor cursor({body.get(), static_cast<std::size_t>(unit.end - unit.begin)}, unit.line);
    CsvRecord record;
    require(cursor.next(record), ErrorKind::bad_input, path_ + ": the file has no header");
    const auto where = path_ + ":" + std::to_string(record.line) + ": ";
    require(record.quoting == CsvQuoting::good, ErrorKind::bad_input,
            where + "the header has a misplaced quote");
    require(is_valid_utf8(record.text), ErrorKind::bad_input,
            where + "the header is not valid UTF-8: '" + shown(record.text) + "'");
    text = record.text;
    unit.begin += cursor.consumed();
    unit.line = cursor.line();
  });
  const int holder =
      comm::all_reduce(comm, has_start ? comm.rank() : comm.size(), comm::ReduceOp::min);
  comm::broadcast(comm, text, holder);
  CsvCursor cursor(text, 1);
  CsvRecord record;
  if (cursor.next(record)) header_.assign(record.fields.begin(), record.fields.end());
  std::set<std::string> seen;
  for (const auto& name : header_) {
    require(name.empty() || seen.insert(name).second, ErrorKind::bad_input,
            path_ + ": the header names column '" + shown(name) + "' twice");
  }
}

void CsvFile::for_each_unit(const std::function<void(std::int64_t, CsvCursor&)>& read) const {
  // A buffer a thread: fresh memory for every unit would cost as much as reading it.
  std::vector<std::vector<char>> buffers(static_cast<std::size_t>(omp_get_max_threads()));
  parallel_for(units(), [&](std::int64_t i) {
    const Unit& unit = mine_[static_cast<std::size_t>(i)];
    const auto size = static_cast<std::size_t>(unit.end - unit.begin);
    auto& buffer = buffers[static_cast<std::size_t>(omp_get_thread_num())];
    if (buffer.size() < size) buffer.resize(size);
    file_->read(unit.begin, unit.end - unit.begin, buffer.data());
    CsvCursor cursor({buffer.data(), size}, unit.line);
    read(i, cursor);
  });
}

}  // namespace tradegraph::io
