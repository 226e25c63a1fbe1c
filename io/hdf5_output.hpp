#pragma once
/// An HDF5 file that all ranks fill column by column.
///
/// Every rank filters (shuffle, deflate) the chunks it holds, by all its threads, and hands them to
/// rank 0, which puts them in place with H5Dwrite_chunk. HDF5's own collective compressed write
/// filters on one thread a rank and takes about twice the processor time (measured on the
/// columns of 1M firms and 4.5M links); and as only rank 0 can meet a full disk, all learn of it.

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/error.hpp"
#include "engine/comm/communicator.hpp"
#include "io/aligned_chunks.hpp"
#include "io/column_slice.hpp"
#include "io/hdf5_driver.hpp"
#include "io/hdf5_handle.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::io {

/// Bytes of a chunk before filters: fits a core's second-level cache, and leaves work for many
/// threads.
inline constexpr std::int64_t kChunkBytes = 512 * 1024;

class Hdf5Output {
 public:
  /// Creates the file under a temporary name. Collective; throws `ErrorKind::io` on all ranks if
  /// that fails. `deflate_level` 0 (none) .. 9.
  Hdf5Output(const comm::Communicator& comm, const std::string& path, int deflate_level);
  /// Removes the file unless it was committed.
  ~Hdf5Output();
  Hdf5Output(const Hdf5Output&) = delete;
  Hdf5Output& operator=(const Hdf5Output&) = delete;

  /// Makes a group. Done by rank 0; every rank may call it. Failures surface at the next `agree`.
  void make_group(const std::string& name);
  /// Attribute of an object that exists ("/" is the file). Like `make_group`.
  void attribute(const std::string& object, const std::string& name, std::int64_t value);
  void attribute(const std::string& object, const std::string& name, double value);
  void attribute(const std::string& object, const std::string& name, const std::string& value);

  /// Writes a dataset from the slices of all ranks (also ranks without rows take part). Collective.
  /// Cost: the encoded bytes travel to rank 0, at most 256 MiB of raw data at a time.
  void write(const std::string& name, const ColumnSlice& slice);
  /// Throws on all ranks what failed on rank 0 so far. Collective.
  void agree();
  /// Closes, flushes to the device, renames. Collective; throws `ErrorKind::io`.
  void commit();

 private:
  template <class Value>
  void put_attribute(const std::string& object, const std::string& name, const Value& value);
  /// Runs `work` on rank 0 unless something failed before; keeps what it throws.
  template <class Work>
  void on_root(Work&& work);
  void create_dataset(const std::string& name, const ColumnSlice& slice, std::int64_t chunk);
  void place_chunks(const AlignedChunks& chunks, std::int64_t begin, std::int64_t end);
  void create_file();
  void check_written() const;
  void close_descriptor() noexcept;

  const comm::Communicator& comm_;
  int deflate_level_;
  std::optional<TemporaryFile> temporary_;  ///< rank 0 only
  OutputDescriptor descriptor_;             ///< rank 0 only
  Hdf5File file_;                           ///< rank 0 only
  Hdf5Dataset dataset_;                     ///< rank 0 only: the one being written
  std::optional<Error> failure_;
};

}  // namespace tradegraph::io
