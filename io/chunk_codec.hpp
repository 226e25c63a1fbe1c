#pragma once
/// HDF5's shuffle and deflate filters on one chunk, outside HDF5: its library holds one lock, so
/// that it filters on one thread; here every thread of a rank filters chunks of its own.
///
/// Shuffle puts the first bytes of all elements first, then the second bytes, ... (HDF5 filter 2);
/// deflate is a zlib stream (RFC 1950, HDF5 filter 1).

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace tradegraph::io {

/// Filters of one thread; holds its working memory.
class ChunkCodec {
 public:
  /// `deflate_level` 0 stores the bytes as they are, 1 (fast) .. 9 shuffles and deflates.
  ChunkCodec(std::size_t element_bytes, int deflate_level);
  ~ChunkCodec();
  ChunkCodec(const ChunkCodec&) = delete;
  ChunkCodec& operator=(const ChunkCodec&) = delete;

  [[nodiscard]] std::vector<std::byte> encode(std::span<const std::byte> chunk);

 private:
  struct Deflater;
  std::size_t element_bytes_;
  std::unique_ptr<Deflater> deflater_;
  std::vector<std::byte> shuffled_;
  std::vector<std::byte> packed_;
};

/// Which filters a stored chunk went through.
struct ChunkFilters {
  bool shuffle = false;
  bool deflate = false;
};

/// Undoes the filters. `chunk` has the size of a whole chunk. Returns false if `stored` is no
/// zlib stream of that size (damaged).
[[nodiscard]] bool decode_chunk(std::span<const std::byte> stored, ChunkFilters filters,
                                std::size_t element_bytes, std::span<std::byte> chunk);

}  // namespace tradegraph::io
