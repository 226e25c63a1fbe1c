#include "io/chunk_codec.hpp"

#include <libdeflate.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

#include "engine/base/error.hpp"

namespace tradegraph::io {

namespace {

void shuffle(std::span<const std::byte> from, std::size_t element_bytes, std::byte* to) {
  const auto elements = from.size() / element_bytes;
  for (std::size_t plane = 0; plane < element_bytes; ++plane) {
    const auto* source = from.data() + plane;
    auto* target = to + plane * elements;
    for (std::size_t i = 0; i < elements; ++i) target[i] = source[i * element_bytes];
  }
}

/// Elements are put together in registers: one pass over eight planes at once.
template <class Word>
void unshuffle_words(const std::byte* from, std::size_t elements, std::byte* to) {
  const auto* planes = reinterpret_cast<const std::uint8_t*>(from);
  for (std::size_t i = 0; i < elements; ++i) {
    Word word = 0;
    for (std::size_t plane = 0; plane < sizeof(Word); ++plane) {
      word |= static_cast<Word>(planes[plane * elements + i]) << (8 * plane);
    }
    std::memcpy(to + i * sizeof(Word), &word, sizeof(Word));
  }
}

void unshuffle(const std::byte* from, std::size_t element_bytes, std::span<std::byte> to) {
  const auto elements = to.size() / element_bytes;
  if (element_bytes == 8) return unshuffle_words<std::uint64_t>(from, elements, to.data());
  if (element_bytes == 4) return unshuffle_words<std::uint32_t>(from, elements, to.data());
  for (std::size_t plane = 0; plane < element_bytes; ++plane) {
    for (std::size_t i = 0; i < elements; ++i) {
      to[i * element_bytes + plane] = from[plane * elements + i];
    }
  }
}

bool inflate(std::span<const std::byte> stored, std::span<std::byte> raw) {
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  if (!inflater) throw std::bad_alloc();
  return libdeflate_zlib_decompress(inflater.get(), stored.data(), stored.size(), raw.data(),
                                    raw.size(), nullptr) == LIBDEFLATE_SUCCESS;
}

}  // namespace

struct ChunkCodec::Deflater {
  explicit Deflater(int level) : handle(libdeflate_alloc_compressor(level)) {
    if (handle == nullptr) throw std::bad_alloc();
  }
  ~Deflater() { libdeflate_free_compressor(handle); }
  libdeflate_compressor* handle;
};

ChunkCodec::ChunkCodec(std::size_t element_bytes, int deflate_level)
    : element_bytes_(element_bytes) {
  if (deflate_level > 0) deflater_ = std::make_unique<Deflater>(deflate_level);
}

ChunkCodec::~ChunkCodec() = default;

std::vector<std::byte> ChunkCodec::encode(std::span<const std::byte> chunk) {
  if (!deflater_) return {chunk.begin(), chunk.end()};
  shuffled_.resize(chunk.size());
  shuffle(chunk, element_bytes_, shuffled_.data());
  packed_.resize(libdeflate_zlib_compress_bound(deflater_->handle, chunk.size()));
  const auto size = libdeflate_zlib_compress(deflater_->handle, shuffled_.data(), shuffled_.size(),
                                             packed_.data(), packed_.size());
  require(size > 0, ErrorKind::internal, "deflate overran its bound");
  return {packed_.begin(), packed_.begin() + static_cast<std::ptrdiff_t>(size)};
}

bool decode_chunk(std::span<const std::byte> stored, ChunkFilters filters,
                  std::size_t element_bytes, std::span<std::byte> chunk) {
  if (!filters.deflate && stored.size() != chunk.size()) return false;
  if (!filters.shuffle) {
    if (filters.deflate) return inflate(stored, chunk);
    std::ranges::copy(stored, chunk.begin());
    return true;
  }
  if (!filters.deflate) {
    unshuffle(stored.data(), element_bytes, chunk);
    return true;
  }
  std::vector<std::byte> shuffled(chunk.size());
  if (!inflate(stored, shuffled)) return false;
  unshuffle(shuffled.data(), element_bytes, chunk);
  return true;
}

}  // namespace tradegraph::io
