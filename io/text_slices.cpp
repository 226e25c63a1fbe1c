#include "io/text_slices.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::io {

namespace {

[[noreturn]] void refuse(const std::string& path) {
  throw Error(ErrorKind::io, "cannot write " + path + ": " + std::strerror(errno));
}

/// A file open for writing at given offsets.
class Descriptor {
 public:
  Descriptor(const std::string& path, std::string named) : named_(std::move(named)) {
    value_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (value_ < 0) refuse(named_);
  }
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write(std::string_view text, std::int64_t at) const {
    while (!text.empty()) {
      const auto written = ::pwrite(value_, text.data(), text.size(), at);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) refuse(named_);
      text.remove_prefix(static_cast<std::size_t>(written));
      at += written;
    }
  }
  void write(TextPieces pieces, std::int64_t at) const {
    for (const auto& piece : pieces) {
      write(std::string_view(piece), at);
      at += static_cast<std::int64_t>(piece.size());
    }
  }
  void close() {
    if (::close(std::exchange(value_, -1)) != 0) refuse(named_);
  }

 private:
  std::string named_;
  int value_ = -1;
};

std::int64_t bytes_of(TextPieces pieces) {
  std::int64_t bytes = 0;
  for (const auto& piece : pieces) bytes += static_cast<std::int64_t>(piece.size());
  return bytes;
}

}  // namespace

void write_text_slices(const comm::Communicator& comm, const std::string& path,
                       const std::string& header, const std::vector<TextPieces>& sections) {
  std::optional<TemporaryFile> file;
  std::string part;
  comm::collectively(comm, [&] {
    if (!comm.is_root()) return;
    file.emplace(path);
    part = file->path();
    Descriptor head(part, path);  // a rest of an earlier run of the same name must not stay
    if (::truncate(part.c_str(), 0) != 0) refuse(path);
    head.write(header, 0);
    head.close();
  });
  comm::broadcast(comm, part);
  std::vector<std::int64_t> starts;
  auto start = comm::broadcast_value(comm, static_cast<std::int64_t>(header.size()));
  for (const auto& section : sections) {
    const auto bytes = bytes_of(section);
    starts.push_back(start + comm::exclusive_scan(comm, bytes));
    start += comm::all_reduce(comm, bytes, comm::ReduceOp::sum);
  }
  comm::collectively(comm, [&] {
    Descriptor own(part, path);
    for (std::size_t i = 0; i < sections.size(); ++i) own.write(sections[i], starts[i]);
    own.close();
  });
  comm::collectively(comm, [&] {
    if (file) file->commit();
  });
}

}  // namespace tradegraph::io
