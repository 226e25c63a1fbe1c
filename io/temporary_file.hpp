#pragma once
/// Files that appear under their final name complete or not at all.

#include <string>
#include <string_view>

namespace tradegraph::io {

/// Throws `ErrorKind::io` if no file can be written under this name: the folder is missing or not
/// writable, or the name is that of a folder or a device. For commands that compute for long before
/// they write. One process only.
void check_writable(const std::string& path);

/// A name in the folder of `final_path` to write to. `commit()` moves the finished file to its
/// final name; an object destroyed before that removes what was written. A link is followed. One
/// process only.
class TemporaryFile {
 public:
  /// Throws `ErrorKind::io` if the name is that of a folder or a device, which a renamed file would
  /// replace.
  explicit TemporaryFile(const std::string& final_path);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& final_path() const { return final_path_; }
  /// Flushes the (closed) file to the device and renames it. Throws `ErrorKind::io`.
  void commit();

 private:
  std::string final_path_;
  std::string path_;
  bool committed_ = false;
};

/// A text file written in pieces. Every failure (disk full, no permission) throws `ErrorKind::io`
/// and leaves nothing behind. One process only.
class TextFileWriter {
 public:
  explicit TextFileWriter(const std::string& final_path);
  ~TextFileWriter();
  TextFileWriter(const TextFileWriter&) = delete;
  TextFileWriter& operator=(const TextFileWriter&) = delete;

  void write(std::string_view text);
  void commit();

 private:
  TemporaryFile file_;
  int descriptor_ = -1;
};

/// Writes `text` as the whole of the file. One process only.
void write_text_file(const std::string& path, std::string_view text);

}  // namespace tradegraph::io
