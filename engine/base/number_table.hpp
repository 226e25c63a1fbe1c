#pragma once
/// Where each number of a list stands in it.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/random.hpp"

namespace tradegraph {

/// Positions of distinct numbers: none are stored where each number follows the one before, a plain
/// table serves where they lie close together, else open addressing. Memory: none, or 16 to 32
/// bytes a number; a look-up reads one or two cache lines then.
class NumberTable {
 public:
  /// Of equal numbers the first is found; `repeat()` tells of the others.
  explicit NumberTable(std::span<const std::int64_t> numbers) {
    if (numbers.empty()) return;
    const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
    least_ = static_cast<std::uint64_t>(*least);
    if (follow_each_other(numbers)) {
      run_ = numbers.size();
      return;
    }
    const auto span = static_cast<std::uint64_t>(*most) - least_;
    is_plain_ = span / 4 < numbers.size();
    slots_.resize(is_plain_ ? 0 : std::bit_ceil(2 * numbers.size() + 2));
    positions_.assign(is_plain_ ? span + 1 : 0, -1);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      insert(numbers[i], static_cast<std::int64_t>(i));
    }
  }

  /// -1 if the number is not in the list.
  [[nodiscard]] std::int64_t find(std::int64_t number) const {
    const auto at = static_cast<std::uint64_t>(number) - least_;
    if (run_ > 0) return at < run_ ? static_cast<std::int64_t>(at) : -1;
    if (is_plain_) {
      return at < positions_.size() ? positions_[at] : -1;
    }
    return slots_.empty() ? -1 : slots_[slot_of(number)].position;
  }
  /// A number that stands there twice, if any does.
  [[nodiscard]] std::optional<std::int64_t> repeat() const { return repeat_; }

 private:
  struct Slot {
    std::int64_t number = 0;
    std::int64_t position = -1;
  };

  static bool follow_each_other(std::span<const std::int64_t> numbers) {
    const auto is_gap = [](std::int64_t a, std::int64_t b) {
      return static_cast<std::uint64_t>(b) - static_cast<std::uint64_t>(a) != 1;
    };
    return std::adjacent_find(numbers.begin(), numbers.end(), is_gap) == numbers.end();
  }

  void insert(std::int64_t number, std::int64_t position) {
    const bool is_new = find(number) < 0;
    if (!is_new && !repeat_) repeat_ = number;
    if (!is_new) return;
    if (is_plain_) {
      positions_[static_cast<std::uint64_t>(number) - least_] = position;
    } else {
      slots_[slot_of(number)] = {number, position};
    }
  }

  /// The slot of `number`, or the free one where it would go.
  [[nodiscard]] std::size_t slot_of(std::int64_t number) const {
    auto at = mix64(static_cast<std::uint64_t>(number)) & (slots_.size() - 1);
    while (slots_[at].position >= 0 && slots_[at].number != number) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  std::size_t run_ = 0;  ///< numbers, if each follows the one before
  bool is_plain_ = false;
  std::uint64_t least_ = 0;
  std::vector<std::int64_t> positions_;  ///< by number - least
  std::vector<Slot> slots_;
  std::optional<std::int64_t> repeat_;
};

}  // namespace tradegraph
