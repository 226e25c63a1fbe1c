#include "io/aligned_chunks.hpp"

#include <algorithm>

#include "engine/comm/collectives.hpp"

namespace tradegraph::io {

namespace {

std::int64_t chunks_below(std::int64_t element, std::int64_t chunk_elements) {
  return (element + chunk_elements - 1) / chunk_elements;
}

/// The rank that holds `element`, given one past the last element of each rank.
std::size_t holder(const std::vector<std::int64_t>& ends, std::int64_t element) {
  return static_cast<std::size_t>(std::ranges::upper_bound(ends, element) - ends.begin());
}

}  // namespace

AlignedChunks::AlignedChunks(const comm::Communicator& comm, const ColumnSlice& slice,
                             std::int64_t chunk_elements)
    : slice_(slice),
      chunk_elements_(chunk_elements),
      begin_(chunks_below(slice.first, chunk_elements)),
      end_(chunks_below(slice.first + slice.count(), chunk_elements)) {
  const auto last = slice.first + slice.count();
  const auto ends = comm::all_gather(comm, last);
  const auto foreign = std::min(begin_ * chunk_elements, last) - slice.first;
  std::vector<std::int64_t> counts(ends.size(), 0);
  const auto foreign_bytes = static_cast<std::size_t>(foreign) * element_bytes(slice.type);
  if (foreign > 0) {
    counts[holder(ends, (begin_ - 1) * chunk_elements)] = static_cast<std::int64_t>(foreign_bytes);
  }
  tail_ = comm::all_to_all_v(comm, slice.bytes.first(foreign_bytes), counts).values;
}

std::span<const std::byte> AlignedChunks::bytes(std::int64_t c,
                                                std::vector<std::byte>& scratch) const {
  const auto width = element_bytes(slice_.type);
  const auto wanted = static_cast<std::size_t>(chunk_elements_) * width;
  const auto start = static_cast<std::size_t>(c * chunk_elements_ - slice_.first) * width;
  const auto own = slice_.bytes.subspan(start, std::min(wanted, slice_.bytes.size() - start));
  if (own.size() == wanted) return own;
  scratch.assign(own.begin(), own.end());
  scratch.insert(scratch.end(), tail_.begin(), tail_.end());
  scratch.resize(wanted);
  return scratch;
}

}  // namespace tradegraph::io
