#include "io/digest.hpp"

#include <bit>
#include <cstring>

#include "engine/base/random.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::io {

namespace {

__extension__ using Wide = unsigned __int128;

static_assert(std::endian::native == std::endian::little,
              "element bits are hashed, and chunks written, in the order of the file");

std::uint64_t key_of(std::string_view name) {
  std::uint64_t key = mix64(name.size());
  for (const char c : name) key = mix64(key ^ static_cast<unsigned char>(c));
  return key;
}

Wide term(std::uint64_t key, std::uint64_t index, std::uint64_t bits) {
  const auto place = mix64(index ^ key);
  const auto high = mix64(bits ^ place);
  const auto low = mix64(bits + std::rotl(place, 32));
  return (static_cast<Wide>(high) << 64) | low;
}

template <class Word>
Wide sum_of_terms(std::uint64_t key, const ColumnSlice& slice) {
  const auto count = slice.count();
  Wide sum = 0;
#pragma omp parallel if (count > 65536)
  {
    Wide mine = 0;
#pragma omp for schedule(static) nowait
    for (std::int64_t i = 0; i < count; ++i) {
      Word word;
      std::memcpy(&word, slice.bytes.data() + static_cast<std::size_t>(i) * sizeof(Word),
                  sizeof(Word));
      mine += term(key, static_cast<std::uint64_t>(slice.first + i), word);
    }
#pragma omp critical(tradegraph_digest)
    sum += mine;
  }
  return sum;
}

}  // namespace

void DatasetDigest::add(std::string_view name, const ColumnSlice& slice) {
  const auto key = key_of(name);
  switch (element_bytes(slice.type)) {
    case 1: sum_ += sum_of_terms<std::uint8_t>(key, slice); break;
    case 4: sum_ += sum_of_terms<std::uint32_t>(key, slice); break;
    default: sum_ += sum_of_terms<std::uint64_t>(key, slice);
  }
  if (is_root_) {
    sum_ +=
        term(~key, static_cast<std::uint64_t>(slice.total), static_cast<std::uint64_t>(slice.type));
  }
}

std::string DatasetDigest::total(const comm::Communicator& comm) const {
  Wide sum = 0;
  for (const auto half : comm::all_gather(comm, static_cast<std::uint64_t>(sum_))) sum += half;
  for (const auto half : comm::all_gather(comm, static_cast<std::uint64_t>(sum_ >> 64))) {
    sum += static_cast<Wide>(half) << 64;
  }
  std::string text(32, '0');
  for (std::size_t i = text.size(); i-- > 0; sum >>= 4) {
    text[i] = "0123456789abcdef"[static_cast<std::size_t>(sum & 15)];
  }
  return text;
}

}  // namespace tradegraph::io
