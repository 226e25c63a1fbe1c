#include "io/import/id_table.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/base/random.hpp"
#include "io/parallel.hpp"

namespace tradegraph::io {

namespace {

constexpr int kIndexBits = 40;
constexpr std::uint64_t kIndexMask = (std::uint64_t{1} << kIndexBits) - 1;
constexpr int kPartShift = 58;

std::uint64_t slot_of(std::uint64_t hash, std::int64_t index) {
  return ((hash >> 18) << kIndexBits) | static_cast<std::uint64_t>(index + 1);
}

bool same_tag(std::uint64_t slot, std::uint64_t hash) {
  return ((slot ^ ((hash >> 18) << kIndexBits)) >> kIndexBits) == 0;
}

std::int64_t index_of(std::uint64_t slot) {
  return static_cast<std::int64_t>(slot & kIndexMask) - 1;
}

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

IdTable::IdTable(const StringColumn& ids) : ids_(&ids) {
  const ByPart sorted = sort_by_part(ids);
  size_parts(sorted);
  std::array<std::vector<Repeat>, kParts> repeats;
  parallel_for(kParts, [&](std::int64_t part) {
    repeats[static_cast<std::size_t>(part)] = fill_part(sorted, static_cast<std::size_t>(part));
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
  sorted.hashes.resize(static_cast<std::size_t>(count));
  sorted.order.resize(static_cast<std::size_t>(count));
  std::vector<std::array<std::int64_t, kParts>> places(pieces);  // first counts, then positions
  parallel_pieces(
      count,
      [&](std::int64_t begin, std::int64_t end) {
        auto& counts = places[static_cast<std::size_t>(begin / kGrain)];
        counts.fill(0);
        for (std::int64_t i = begin; i < end; ++i) {
          const std::uint64_t hash = hash_text(ids[i]);
          sorted.hashes[static_cast<std::size_t>(i)] = hash;
          ++counts[hash >> kPartShift];
        }
      },
      kGrain);
  std::int64_t next = 0;
  for (std::size_t part = 0; part < kParts; ++part) {
    sorted.starts[part] = next;
    for (auto& piece : places) next += std::exchange(piece[part], next);
  }
  sorted.starts[kParts] = next;
  parallel_pieces(
      count,
      [&](std::int64_t begin, std::int64_t end) {
        auto& positions = places[static_cast<std::size_t>(begin / kGrain)];
        for (std::int64_t i = begin; i < end; ++i) {
          auto& at = positions[sorted.hashes[static_cast<std::size_t>(i)] >> kPartShift];
          sorted.order[static_cast<std::size_t>(at++)] = i;
        }
      },
      kGrain);
  return sorted;
}

void IdTable::size_parts(const ByPart& sorted) {
  std::size_t slots = 0;
  for (std::size_t part = 0; part < kParts; ++part) {
    const auto texts = static_cast<std::size_t>(sorted.starts[part + 1] - sorted.starts[part]);
    const std::size_t size = std::bit_ceil(2 * texts + 1);  // at most half full
    parts_[part] = {slots, size - 1};
    slots += size;
  }
  slots_.resize(slots);
}

std::vector<IdTable::Repeat> IdTable::fill_part(const ByPart& sorted, std::size_t part) {
  std::vector<Repeat> repeats;
  std::uint64_t* const slots = slots_.data() + parts_[part].first_slot;
  const std::size_t mask = parts_[part].mask;
  for (auto i = sorted.starts[part]; i < sorted.starts[part + 1]; ++i) {
    const std::int64_t index = sorted.order[static_cast<std::size_t>(i)];
    const std::uint64_t hash = sorted.hashes[static_cast<std::size_t>(index)];
    std::size_t at = hash & mask;
    while (slots[at] != 0) {
      const std::int64_t other = index_of(slots[at]);
      if (same_tag(slots[at], hash) && (*ids_)[other] == (*ids_)[index]) {
        repeats.push_back({index, other});
        break;
      }
      at = (at + 1) & mask;
    }
    if (slots[at] == 0) slots[at] = slot_of(hash, index);
  }
  return repeats;
}

std::int64_t IdTable::find(std::string_view id, std::uint64_t hash) const {
  const Part& part = parts_[hash >> kPartShift];
  const std::uint64_t* const slots = slots_.data() + part.first_slot;
  for (std::size_t at = hash & part.mask; slots[at] != 0; at = (at + 1) & part.mask) {
    if (!same_tag(slots[at], hash)) continue;
    const std::int64_t index = index_of(slots[at]);
    if ((*ids_)[index] == id) return index;
  }
  return -1;
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

void IdTable::prefetch_slot(std::uint64_t hash) const {
  const Part& part = parts_[hash >> kPartShift];
  __builtin_prefetch(slots_.data() + part.first_slot + (hash & part.mask));
}

void IdTable::prefetch_text(std::uint64_t hash) const {
  const Part& part = parts_[hash >> kPartShift];
  const std::uint64_t slot = slots_[part.first_slot + (hash & part.mask)];
  if (slot != 0) __builtin_prefetch(ids_->offsets.data() + index_of(slot));
}

}  // namespace tradegraph::io
