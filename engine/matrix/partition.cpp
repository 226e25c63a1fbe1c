#include "engine/matrix/partition.hpp"

#include <bit>

#include "engine/base/error.hpp"

namespace tradegraph::matrix {

Partition::Partition(std::int64_t size, int parts, Deal deal, std::int64_t strip_length)
    : size_(size), parts_(parts), deal_(deal), strip_length_(strip_length) {
  require(size >= 0 && parts >= 1 && strip_length >= 1, ErrorKind::internal,
          "a partition needs size >= 0, parts >= 1 and strip length >= 1");
}

std::int64_t Partition::local_size(int part) const {
  const auto round_length = parts_ * strip_length_;
  const auto full_rounds = size_ / round_length;
  const auto turn = (part - rotation(full_rounds) % parts_ + parts_) % parts_;
  const auto rest = size_ % round_length - turn * strip_length_;
  return full_rounds * strip_length_ + std::clamp<std::int64_t>(rest, 0, strip_length_);
}

std::vector<std::int64_t> Partition::globals_of(int part) const {
  std::vector<std::int64_t> globals(static_cast<std::size_t>(local_size(part)));
  for (std::size_t begin = 0; begin < globals.size();) {
    const auto first = global_of(part, static_cast<std::int64_t>(begin)).value();
    const auto end = std::min(globals.size(), begin + static_cast<std::size_t>(strip_length_));
    for (auto global = first; begin < end; ++begin) globals[begin] = global++;
  }
  return globals;
}

PartitionTable::PartitionTable(const Partition& partition)
    : length_(partition.strip_length()),
      shift_(std::has_single_bit(static_cast<std::uint64_t>(length_))
                 ? std::countr_zero(static_cast<std::uint64_t>(length_))
                 : -1) {
  for (std::int64_t first = 0; first < partition.size(); first += length_) {
    const GlobalIndex index(first);
    strips_.push_back({partition.part_of(index), partition.local_of(index) - first});
  }
}

}  // namespace tradegraph::matrix
