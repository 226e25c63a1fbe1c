#pragma once
/// A CSV file that all threads of all ranks read together.
///
/// The file is cut into blocks of equal size. One pass counts quotes and newlines a block; their
/// prefix sums tell each block whether it starts inside quotes, where its first record starts and
/// on which line. A second pass parses. Blocks, and with them every record border, line number and
/// order, do not depend on the numbers of ranks and threads.

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/csv_reader.hpp"

namespace tradegraph::io {

struct CsvBlockSummary;  // of csv_file.cpp

class CsvFile {
 public:
  static constexpr std::int64_t kBlockBytes = std::int64_t{1} << 20;

  /// Opens `path` on all ranks and reads its header. Collective; each rank reads its share of the
  /// file once. Throws `ErrorKind::bad_input` if the file is missing, a folder, empty, or has a
  /// header that is not CSV or not UTF-8 or names a column twice; `ErrorKind::io` if the operating
  /// system cannot read it. `block_bytes` is for tests.
  [[nodiscard]] static CsvFile open(const comm::Communicator& comm, const std::string& path,
                                    std::int64_t block_bytes = kBlockBytes);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::int64_t bytes() const { return bytes_; }
  /// Column names; the same on all ranks.
  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  /// Pieces of the file that this rank reads; those of rank r precede those of rank r + 1.
  [[nodiscard]] std::int64_t units() const { return static_cast<std::int64_t>(mine_.size()); }

  /// Calls `read(unit, cursor)` for each of this rank's units 0, 1, ..., in any order and on many
  /// threads at once; the cursor walks over the records that start in the unit, without the header.
  /// Not collective. Rethrows what `read` throws; `ErrorKind::io` if the file cannot be read.
  void for_each_unit(const std::function<void(std::int64_t, CsvCursor&)>& read) const;

 private:
  struct Unit {
    std::int64_t begin;  ///< first byte of the first record
    std::int64_t end;
    std::int64_t line;   ///< physical line of that byte
    std::int64_t block;  ///< block that holds the byte before it
  };
  class Descriptor;

  CsvFile() = default;
  [[nodiscard]] Unit find_start() const;
  void find_units(const comm::Communicator& comm, std::int64_t block_bytes);
  void take_units(std::span<const CsvBlockSummary> blocks, std::int64_t block_bytes,
                  const Unit& start, std::int64_t first, std::int64_t last);
  void read_header(const comm::Communicator& comm);

  std::string path_;
  std::int64_t bytes_ = 0;
  std::shared_ptr<const Descriptor> file_;
  std::vector<std::string> header_;
  std::vector<Unit> mine_;
};

}  // namespace tradegraph::io
