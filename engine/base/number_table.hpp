#pragma once
/// Where each number of a list stands in it.

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/random.hpp"

namespace tradegraph {

/// Positions of distinct numbers, by open addressing. Memory: 16 to 32 bytes a number; a look-up
/// reads one or two cache lines.
class NumberTable {
 public:
  /// Of equal numbers the first is found; `repeat()` tells of the others.
  explicit NumberTable(std::span<const std::int64_t> numbers)
      : slots_(std::bit_ceil(2 * numbers.size() + 2)) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      auto& slot = slots_[slot_of(numbers[i])];
      if (slot.position >= 0) {
        if (!repeat_) repeat_ = numbers[i];
        continue;
      }
      slot = {numbers[i], static_cast<std::int64_t>(i)};
    }
  }

  /// -1 if the number is not in the list.
  [[nodiscard]] std::int64_t find(std::int64_t number) const {
    return slots_[slot_of(number)].position;
  }
  /// A number that stands there twice, if any does.
  [[nodiscard]] std::optional<std::int64_t> repeat() const { return repeat_; }

 private:
  struct Slot {
    std::int64_t number = 0;
    std::int64_t position = -1;
  };

  /// The slot of `number`, or the free one where it would go.
  [[nodiscard]] std::size_t slot_of(std::int64_t number) const {
    auto at = mix64(static_cast<std::uint64_t>(number)) & (slots_.size() - 1);
    while (slots_[at].position >= 0 && slots_[at].number != number) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  std::vector<Slot> slots_;
  std::optional<std::int64_t> repeat_;
};

}  // namespace tradegraph
