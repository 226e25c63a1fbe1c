#pragma once
/// Reads slices of an HDF5 file. Each rank opens the file by itself and reads the hyperslabs it
/// wants: nothing here is collective.
///
/// Chunks that only went through shuffle and deflate are read as stored and decoded by all threads
/// of the rank; anything else (contiguous, other filters, other number formats, as h5repack or
/// h5py may leave them) goes through HDF5's own H5Dread.

#include <cstdint>
#include <string>
#include <vector>

#include "io/column_slice.hpp"
#include "io/hdf5_handle.hpp"

namespace tradegraph::io {

class Hdf5Input {
 public:
  /// Throws `ErrorKind::bad_input` if the file is missing, no HDF5 file, or truncated.
  explicit Hdf5Input(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] hid_t file() const { return file_.get(); }
  /// Whether an object (dataset or group) of that name exists; parents may be missing too.
  [[nodiscard]] bool has(const std::string& name) const;
  /// Elements of a one-dimensional dataset. Throws `ErrorKind::bad_input` if there is none.
  [[nodiscard]] std::int64_t length(const std::string& name) const;
  [[nodiscard]] Hdf5Object open(const std::string& name) const;

  /// Elements [first, first + count). Throws `ErrorKind::bad_input` if the dataset is missing, too
  /// short, of another type (text for numbers, integers for floats) or damaged.
  template <class T>
  [[nodiscard]] std::vector<T> read(const std::string& name, std::int64_t first,
                                    std::int64_t count) const {
    check_range(name, element_type<T>(), first, count);
    std::vector<T> values(static_cast<std::size_t>(count));
    read_bytes(name, element_type<T>(), first, count, values.data());
    return values;
  }
  template <class T>
  [[nodiscard]] std::vector<T> read_all(const std::string& name) const {
    return read<T>(name, 0, length(name));
  }

 private:
  void check_range(const std::string& name, ElementType type, std::int64_t first,
                   std::int64_t count) const;
  void read_bytes(const std::string& name, ElementType type, std::int64_t first, std::int64_t count,
                  void* values) const;
  [[nodiscard]] Hdf5Dataset open_dataset(const std::string& name) const;

  std::string path_;
  Hdf5File file_;
};

}  // namespace tradegraph::io
