#include "io/import/id_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>
#include <utility>

#include "engine/base/error.hpp"
#include "engine/base/random.hpp"
#include "io/parallel.hpp"

namespace tradegraph::io {

namespace {

constexpr int kPartShift = 58;
constexpr std::size_t kTextsABucket = 4;
constexpr std::size_t kLine = 64;  // bytes of a cache line

/// Before each text in a bucket: 8 bits of the hash, the index in 40 bits, and the length in 8, or
/// kLong and then in 64.
constexpr std::size_t kIndexBytes = 5;
constexpr std::size_t kHeadBytes = 2 + kIndexBytes;
constexpr std::uint8_t kLong = 255;

std::uint8_t tag_of(std::uint64_t hash) { return static_cast<std::uint8_t>(hash >> 50); }

std::size_t entry_bytes(std::size_t text_bytes) {
  return kHeadBytes + (text_bytes < kLong ? 0 : sizeof(std::uint64_t)) + text_bytes;
}

char* write_entry(char* to, std::uint64_t hash, std::int64_t index, std::string_view text) {
  *to++ = static_cast<char>(tag_of(hash));
  std::memcpy(to, &index, kIndexBytes);
  to += kIndexBytes;
  *to++ = static_cast<char>(text.size() < kLong ? text.size() : kLong);
  if (text.size() >= kLong) {
    const std::uint64_t size = text.size();
    std::memcpy(to, &size, sizeof size);
    to += sizeof size;
  }
  return std::copy(text.begin(), text.end(), to);
}

/// Reads the entry at `at` and leaves `at` behind it.
std::string_view read_entry(const char*& at, std::uint8_t& tag, std::int64_t& index) {
  tag = static_cast<std::uint8_t>(*at++);
  index = 0;
  std::memcpy(&index, at, kIndexBytes);
  at += kIndexBytes;
  std::uint64_t size = static_cast<std::uint8_t>(*at++);
  if (size == kLong) {
    std::memcpy(&size, at, sizeof size);
    at += sizeof size;
  }
  const std::string_view text(at, size);
  at += size;
  return text;
}

static_assert(std::endian::native == std::endian::little, "the low bytes of an index come first");

}  // namespace

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = text.size();
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), 8);
    hash = mix64(hash ^ word);
  }
  std::uint64_t rest = 0;
  for (const char c : text) rest = (rest << 8) | static_cast<std::uint8_t>(c);
  return mix64(hash ^ rest);
}

int hash_owner(std::uint64_t hash, int ranks) {
  return static_cast<int>(mix64(hash) % static_cast<std::uint64_t>(ranks));
}

IdTable::IdTable(const StringColumn& ids) {
  const ByPart sorted = sort_by_part(ids);
  std::array<std::vector<Repeat>, kParts> repeats;
  parallel_for(kParts, [&](std::int64_t i) {
    const auto part = static_cast<std::size_t>(i);
    const std::span texts(sorted.texts.begin() + sorted.starts[part],
                          sorted.texts.begin() + sorted.starts[part + 1]);
    parts_[part] = fill_part(ids, find_firsts(ids, texts, repeats[part]));
  });
  for (const auto& some : repeats) repeats_.insert(repeats_.end(), some.begin(), some.end());
  std::sort(repeats_.begin(), repeats_.end(),
            [](const Repeat& a, const Repeat& b) { return a.index < b.index; });
}

IdTable::ByPart IdTable::sort_by_part(const StringColumn& ids) {
  constexpr std::int64_t kGrain = 16384;
  const std::int64_t count = ids.size();
  const auto pieces = static_cast<std::size_t>((count + kGrain - 1) / kGrain);
  ByPart sorted;
  sorted.texts.resize(static_cast<std::size_t>(count));
  std::vector<std::array<std::int64_t, kParts>> places(pieces);  // first counts, then positions
  // Calls visit(place, hash, index) for each text, in order within a piece.
  const auto visit_all = [&](auto&& visit) {
    parallel_pieces(
        count,
        [&](std::int64_t begin, std::int64_t end) {
          auto& mine = places[static_cast<std::size_t>(begin / kGrain)];
          for (std::int64_t i = begin; i < end; ++i) {
            const std::uint64_t hash = hash_text(ids[i]);
            visit(mine[hash >> kPartShift], hash, i);
          }
        },
        kGrain);
  };
  visit_all([](std::int64_t& place, std::uint64_t, std::int64_t) { ++place; });
  std::int64_t next = 0;
  for (std::size_t part = 0; part < kParts; ++part) {
    sorted.starts[part] = next;
    for (auto& piece : places) next += std::exchange(piece[part], next);
  }
  sorted.starts[kParts] = next;
  visit_all([&](std::int64_t& place, std::uint64_t hash, std::int64_t index) {
    sorted.texts[static_cast<std::size_t>(place++)] = {hash, index};
  });
  return sorted;
}

std::vector<IdTable::Text> IdTable::find_firsts(const StringColumn& ids, std::span<const Text> part,
                                                std::vector<Repeat>& repeats) {
  const std::size_t mask = std::bit_ceil(2 * part.size() + 1) - 1;
  std::vector<Text> slots(mask + 1, Text{0, -1});  // open addressing, at most half full
  std::vector<Text> firsts;
  firsts.reserve(part.size());
  for (const auto& text : part) {
    std::size_t at = text.hash & mask;
    for (; slots[at].index >= 0; at = (at + 1) & mask) {
      if (slots[at].hash == text.hash && ids[slots[at].index] == ids[text.index]) break;
    }
    if (slots[at].index >= 0) {
      repeats.push_back({text.index, slots[at].index});
    } else {
      slots[at] = text;
      firsts.push_back(text);
    }
  }
  return firsts;
}

IdTable::Part IdTable::fill_part(const StringColumn& ids, std::span<const Text> firsts) {
  Part part;
  part.mask = std::bit_ceil(firsts.size() / kTextsABucket + 1) - 1;
  part.starts.assign(part.mask + 2, 0);
  std::uint64_t total = 0;
  for (const auto& text : firsts) {
    const auto size = entry_bytes(ids[text.index].size());
    total += size;
    part.starts[(text.hash & part.mask) + 1] += static_cast<std::uint32_t>(size);
  }
  require(total <= UINT32_MAX, ErrorKind::memory, "the ids are too much text for one rank");
  std::partial_sum(part.starts.begin(), part.starts.end(), part.starts.begin());
  part.bytes.resize(total + kLine);  // `prefetch_texts` looks one line ahead
  std::vector<std::uint32_t> next(part.starts.begin(), part.starts.end() - 1);
  for (const auto& text : firsts) {
    auto& place = next[text.hash & part.mask];
    const char* const end =
        write_entry(part.bytes.data() + place, text.hash, text.index, ids[text.index]);
    place = static_cast<std::uint32_t>(end - part.bytes.data());
  }
  return part;
}

std::int64_t IdTable::find(std::string_view id, std::uint64_t hash) const {
  const Part& part = parts_[hash >> kPartShift];
  const std::size_t bucket = hash & part.mask;
  const char* const end = part.bytes.data() + part.starts[bucket + 1];
  for (const char* at = part.bytes.data() + part.starts[bucket]; at != end;) {
    std::uint8_t tag = 0;
    std::int64_t index = 0;
    const auto text = read_entry(at, tag, index);
    if (tag == tag_of(hash) && text == id) return index;
  }
  return -1;
}

void IdTable::prefetch_bucket(std::uint64_t hash) const {
  const Part& part = parts_[hash >> kPartShift];
  __builtin_prefetch(part.starts.data() + (hash & part.mask));
}

void IdTable::prefetch_texts(std::uint64_t hash) const {
  const Part& part = parts_[hash >> kPartShift];
  const char* const at = part.bytes.data() + part.starts[hash & part.mask];
  __builtin_prefetch(at);
  __builtin_prefetch(at + kLine);
}

StringColumn distinct(const StringColumn& texts) {
  const IdTable table(texts);
  StringColumn result;
  auto repeat = table.repeats().begin();
  for (std::int64_t i = 0; i < texts.size(); ++i) {
    if (repeat != table.repeats().end() && repeat->index == i) {
      ++repeat;
    } else {
      result.push_back(texts[i]);
    }
  }
  return result;
}

}  // namespace tradegraph::io
