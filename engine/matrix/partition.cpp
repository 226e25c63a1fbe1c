#include "engine/matrix/partition.hpp"

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

}  // namespace tradegraph::matrix
