#pragma once
/// A column that is spread over ranks, cut into chunks: each chunk lies on the rank that holds its
/// first element, which gets the chunk's last elements from the ranks behind it.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/column_slice.hpp"

namespace tradegraph::io {

class AlignedChunks {
 public:
  /// `slice` must outlive this object; `chunk_elements` > 0 is the same on all ranks. Collective:
  /// at most one chunk leaves each rank.
  AlignedChunks(const comm::Communicator& comm, const ColumnSlice& slice,
                std::int64_t chunk_elements);

  /// Chunks [begin(), end()) are this rank's.
  [[nodiscard]] std::int64_t begin() const { return begin_; }
  [[nodiscard]] std::int64_t end() const { return end_; }
  [[nodiscard]] std::int64_t chunk_elements() const { return chunk_elements_; }
  [[nodiscard]] const ColumnSlice& slice() const { return slice_; }
  /// All bytes of chunk `c`, from `scratch` where they had to be put together or padded by zeros.
  [[nodiscard]] std::span<const std::byte> bytes(std::int64_t c,
                                                 std::vector<std::byte>& scratch) const;

 private:
  ColumnSlice slice_;
  std::int64_t chunk_elements_;
  std::int64_t begin_;
  std::int64_t end_;
  std::vector<std::byte> tail_;  ///< elements that follow this rank's own in its last chunk
};

}  // namespace tradegraph::io
