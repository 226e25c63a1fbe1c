#include "engine/matrix/global_numbers.hpp"

#include <bit>
#include <limits>

#include "engine/base/error.hpp"

namespace tradegraph::matrix {

namespace {

int part_of(const Layout& layout, int rank) {
  return layout.count(rank) > 0 ? layout.partition().part_of(layout.global_of(rank, 0)) : 0;
}

}  // namespace

GlobalNumbers::GlobalNumbers(const Partition& partition, int part)
    : shift_(std::has_single_bit(static_cast<std::uint64_t>(partition.strip_length()))
                 ? std::countr_zero(static_cast<std::uint64_t>(partition.strip_length()))
                 : 0),
      in_strip_((std::int64_t{1} << shift_) - 1) {
  const auto size = partition.local_size(part);
  for (std::int64_t local = 0; local < size; local += in_strip_ + 1) {
    const auto strip = partition.global_of(part, local).value() >> shift_;
    require(strip <= std::numeric_limits<std::uint32_t>::max(), ErrorKind::internal,
            "more strips than 32 bits count");
    strips_.push_back(static_cast<std::uint32_t>(strip));
  }
}

GlobalNumbers::GlobalNumbers(const Layout& layout, int rank)
    : GlobalNumbers(layout.partition(), part_of(layout, rank)) {
  if (layout.count(rank) > 0) {
    first_local_ = layout.partition().local_of(layout.global_of(rank, 0));
  }
}

}  // namespace tradegraph::matrix
