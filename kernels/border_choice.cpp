#include "kernels/border_choice.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace tradegraph::kernels {

namespace {

/// Levels of some settings side by side, in one register (a vector of GCC and clang).
using Block [[gnu::vector_size(CoreLevels::kBlock * sizeof(Level))]] = Level;

Block block_of(const Level* levels) {
  Block block;
  std::memcpy(&block, levels, sizeof(block));
  return block;
}
void store(Block block, Level* levels) { std::memcpy(levels, &block, sizeof(block)); }
Block least(Block a, Block b) { return a < b ? a : b; }
bool is_any_below(Block a, Block b) {
  const auto below = a < b;
  std::uint64_t halves[2];
  static_assert(sizeof(halves) == sizeof(below));
  std::memcpy(halves, &below, sizeof(halves));
  return (halves[0] | halves[1]) != 0;
}

/// From which levels on a core is one that the point can join; `core` are its own.
Block starts(Level level, const Level* core) {
  const auto own = block_of(core);
  const auto any = Block{} + level;
  return own < any ? any : own;
}

template <class Entry>
void make_room(std::vector<Entry>& list, std::size_t entries) {
  if (list.size() < entries) list.resize(2 * entries);
}

}  // namespace

void BorderChoice::start(std::size_t point, std::size_t candidates) {
  std::copy_n(core_.of(point), core_.settings(), own_.begin());
  count_ = 0;
  make_room(candidates_, candidates);
}

bool BorderChoice::has_same_levels(std::size_t point) const {
  const auto settings = static_cast<std::ptrdiff_t>(core_.settings());
  return std::equal(own_.begin(), own_.begin() + settings, core_.of(point));
}

void BorderChoice::decide() {
  keep_earlier();
  put_in_order();
  make_room(joins_, (count_ + 1) * own_.size());
  join_count_ = 0;
  end_ = own_;
  bool is_done = false;
  for (std::size_t c = 0; c < count_ && !is_done; ++c) is_done = join(candidates_[c]);
}

/// Keeps those that start before the point is core itself, for some setting. Which do is hard to
/// predict: so without branches.
void BorderChoice::keep_earlier() {
  is_earlier_.assign(count_, 0);
  least_.resize(own_.size());
  for (std::size_t first = 0; first < own_.size(); first += kBlock) {
    const auto own = block_of(&own_[first]);
    auto earliest = own;
    for (std::size_t c = 0; c < count_; ++c) {
      const auto& candidate = candidates_[c];
      const auto start = starts(candidate.level, core_.of(candidate.point) + first);
      is_earlier_[c] =
          static_cast<std::uint8_t>(is_earlier_[c] | (is_any_below(start, own) ? 1 : 0));
      earliest = least(start, earliest);
    }
    store(earliest, &least_[first]);
  }
  std::size_t kept = 0;
  for (std::size_t c = 0; c < count_; ++c) {
    candidates_[kept] = candidates_[c];
    kept += is_earlier_[c];
  }
  count_ = kept;
}

/// By ratio, then row.
void BorderChoice::put_in_order() {
  const auto is_before = [&](const Candidate& a, const Candidate& b) {
    return a.ratio < b.ratio || (a.ratio == b.ratio && row_[a.point] < row_[b.point]);
  };
  const auto begin = candidates_.begin();
  if (count_ > kFew) {
    std::sort(begin, begin + static_cast<std::ptrdiff_t>(count_), is_before);
    return;
  }
  rank_few();
  for (std::size_t c = 1; c < count_; ++c) {  // rows of those with one ratio
    for (auto at = c; at > 0 && is_before(candidates_[at], candidates_[at - 1]); --at) {
      std::swap(candidates_[at], candidates_[at - 1]);
    }
  }
}

/// Puts few in the order of their ratios, by comparing all with all in a loop that compilers
/// vectorise.
void BorderChoice::rank_few() {
  std::array<double, kFew> ratio;
  std::array<std::int64_t, kFew> rank;  // as wide as the ratios in a register
  for (std::size_t c = 0; c < count_; ++c) {
    ratio[c] = candidates_[c].ratio;
    rank[c] = 0;
  }
  for (std::size_t c = 0; c < count_; ++c) {
    std::int64_t before = 0;
    for (std::size_t other = c + 1; other < count_; ++other) {
      const std::int64_t is_less = ratio[other] < ratio[c] ? 1 : 0;
      before += is_less;
      rank[other] += 1 - is_less;
    }
    rank[c] += before;
  }
  make_room(ordered_, count_);
  for (std::size_t c = 0; c < count_; ++c) {
    ordered_[static_cast<std::size_t>(rank[c])] = candidates_[c];
  }
  candidates_.swap(ordered_);
}

/// Whether no candidate starts earlier than those joined, for any setting.
bool BorderChoice::join(const Candidate& candidate) {
  const auto* core = core_.of(candidate.point);
  bool is_open = false;
  for (std::size_t first = 0; first < end_.size(); first += kBlock) {
    const auto start = starts(candidate.level, core + first);
    const auto end = block_of(&end_[first]);
    if (is_any_below(start, end)) {
      for (std::size_t k = 0; k < kBlock; ++k) {
        joins_[join_count_] = {first + k, candidate.point, start[k]};
        join_count_ += start[k] < end[k] ? 1 : 0;
      }
      store(least(start, end), &end_[first]);
    }
    is_open |= is_any_below(block_of(&least_[first]), least(start, end));
  }
  return !is_open;
}

}  // namespace tradegraph::kernels
