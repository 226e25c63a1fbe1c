#include "io/text_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "engine/base/error.hpp"

namespace tradegraph::io {

void refuse_folder(const std::string& path) {
  std::error_code code;
  require(!std::filesystem::is_directory(path, code), ErrorKind::bad_input,
          path + ": is a folder, not a file");
}

std::ifstream open_text(const std::string& path) {
  refuse_folder(path);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(ErrorKind::bad_input, path + ": cannot be read: " + std::strerror(errno));
  }
  return file;
}

std::string read_text(const std::string& path) {
  auto file = open_text(path);
  std::ostringstream text;
  // Inserting an empty file fails, and is no error.
  if (file.peek() != std::ifstream::traits_type::eof()) text << file.rdbuf();
  require(!file.bad() && text.good(), ErrorKind::io, path + ": cannot be read");
  return std::move(text).str();
}

}  // namespace tradegraph::io
