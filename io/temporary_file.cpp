#include "io/temporary_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/base/error.hpp"

namespace tradegraph::io {

namespace {

[[noreturn]] void refuse(const std::string& path, int code) {
  throw Error(ErrorKind::io, "cannot write " + path + ": " + std::strerror(code));
}

/// Flushes a file or, so that a rename survives a power cut, a folder.
void flush_to_device(const std::string& path, int flags, const std::string& named) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) refuse(named, errno);
  const int code = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  // Some file systems have no fsync for folders; the data itself was flushed before.
  if (code != 0 && code != EINVAL) refuse(named, code);
}

/// `path`, or what it is a link to.
std::string without_link(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code code;
  const auto status = fs::status(path, code);
  require(!fs::is_directory(status), ErrorKind::io, "cannot write " + path + ": it is a folder");
  require(!fs::exists(status) || fs::is_regular_file(status), ErrorKind::io,
          "cannot write " + path + ": it is not a regular file");
  if (!fs::is_symlink(fs::symlink_status(path, code))) return path;
  const auto target = fs::weakly_canonical(path, code);
  return code ? path : target.string();
}

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

void check_writable(const std::string& path) {
  const auto folder = folder_of(without_link(path));
  require(std::filesystem::is_directory(folder), ErrorKind::io,
          "cannot write " + path + ": there is no folder " + folder);
  if (::access(folder.c_str(), W_OK | X_OK) != 0) refuse(path, errno);
}

TemporaryFile::TemporaryFile(const std::string& final_path)
    : final_path_(without_link(final_path)),
      path_(final_path_ + ".part-" + std::to_string(::getpid())) {}

TemporaryFile::~TemporaryFile() {
  if (!committed_) ::unlink(path_.c_str());
}

void TemporaryFile::commit() {
  flush_to_device(path_, O_RDONLY, final_path_);
  if (std::rename(path_.c_str(), final_path_.c_str()) != 0) refuse(final_path_, errno);
  committed_ = true;
  flush_to_device(folder_of(final_path_), O_RDONLY | O_DIRECTORY, final_path_);
}

TextFileWriter::TextFileWriter(const std::string& final_path) : file_(final_path) {
  descriptor_ = ::open(file_.path().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) refuse(file_.final_path(), errno);
}

TextFileWriter::~TextFileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void TextFileWriter::write(std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) refuse(file_.final_path(), errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void TextFileWriter::commit() {
  const int code = ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : errno;
  if (code != 0) refuse(file_.final_path(), code);
  file_.commit();
}

void write_text_file(const std::string& path, std::string_view text) {
  TextFileWriter file(path);
  file.write(text);
  file.commit();
}

}  // namespace tradegraph::io
