/// Core levels: how many neighbours a point has at each level, counted once for all min_firms.

#include <algorithm>

#include "kernels/density_stages.hpp"
#include "kernels/point_scan.hpp"
#include "kernels/surroundings.hpp"
#include "kernels/work_count.hpp"

namespace tradegraph::kernels {

Buffer<Level> CoreLevels::column(std::size_t setting) const {
  Buffer<Level> result(static_cast<std::int64_t>((level_.size() - kBlock) / settings_));
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = level_[i * settings_ + setting];
  return result;
}

namespace {

/// Counts a point's neighbours by level and narrows the search as soon as they suffice for the
/// largest min_firms.
class LevelCounter {
 public:
  explicit LevelCounter(const SweepRound& round)
      : round_(round),
        wanted_(round.min_firms.back()),
        count_(static_cast<std::size_t>(round.levels.count()), 0) {}

  void start(std::size_t point, Place place) {
    point_ = point;
    place_ = place;
    has_extra_ = !round_.partners.of(point).empty();
    std::fill(count_.begin() + round_.first, count_.begin() + round_.last + 1, 0);
    below_ = 0;
    set_bound(round_.last);
  }

  /// True once the neighbours found decide all settings.
  [[nodiscard]] bool is_done() const {
    return bound_ == round_.first && count_[bound_] + extra_at(bound_) >= wanted_;
  }

  void add(Level level, std::int64_t points) {
    level = std::max(level, round_.first);
    count_[level] += points;
    if (level >= bound_) return;
    below_ += points;
    while (bound_ > round_.first && below_ + extra_below_ >= wanted_) {
      below_ -= count_[static_cast<std::size_t>(bound_ - 1)];
      set_bound(static_cast<Level>(bound_ - 1));
    }
  }

  void search(const GridNode& node) {
    const double least = least_squared_distance(place_, node.box);
    if (least > reach_) return;
    if (node.size() > 4) {
      const auto level = std::max(round_.first, round_.levels.of(least));
      const double most = most_squared_distance(place_, node.box);
      if (std::max(round_.first, round_.levels.of(most)) == level) return add(level, node.size());
    }
    if (node.is_leaf()) return search_points(node);
    const auto* near = &round_.grid.node(node.left);
    const auto* far = &round_.grid.node(node.left + 1);
    if (least_squared_distance(place_, far->box) < least_squared_distance(place_, near->box)) {
      std::swap(near, far);
    }
    search(*near);
    if (!is_done()) search(*far);
  }

  /// Counts all points of `runs`, which hold all neighbours.
  void count(std::span<const PointRun> runs) {
    std::int64_t below = 0;
    const auto last = round_.count() <= kFewLevels ? round_.last : round_.first;
    for (auto level = round_.first; level <= last; ++level) {
      const auto found = count_within(round_.grid, runs, place_, round_.levels.squared(level));
      count_[level] = found - below;
      below = found;
      if (found + extra_at(level) >= wanted_) {
        bound_ = level;
        return;
      }
    }
    if (last == round_.last) return;
    // Where the first level has few, the others have not many more.
    count_[round_.first] = 0;
    within_.clear();
    for (const auto& run : runs) within_.add(round_.grid, run, place_, reach_);
    for (std::size_t i = 0; i < within_.count(); ++i) {
      ++count_[std::max(round_.first, round_.levels.of(within_.squared_distance(i)))];
    }
  }

  /// Writes the levels that are settled; `core` holds those of the point.
  void settle(Level* core) const {
    std::size_t setting = 0;
    while (setting < round_.min_firms.size() && core[setting] < round_.levels.count()) ++setting;
    std::int64_t total = 0;
    for (auto level = round_.first; level <= bound_; ++level) {
      total += count_[level];
      const auto neighbours = total + extra_at(level);
      while (setting < round_.min_firms.size() && neighbours >= round_.min_firms[setting]) {
        core[setting++] = level;
      }
    }
  }

 private:
  /// Points above the bound need no count: those below it suffice already.
  void set_bound(Level bound) {
    bound_ = bound;
    reach_ = round_.levels.squared(bound);
    extra_below_ = bound > round_.first ? extra_at(static_cast<Level>(bound - 1)) : 0;
  }
  [[nodiscard]] std::int64_t extra_at(Level level) const {
    return has_extra_ ? round_.partners.extra(point_, level) : 0;
  }
  void search_points(const GridNode& node) {
    const auto* x = round_.grid.x();
    const auto* y = round_.grid.y();
    distances_computed += node.size();
    if (bound_ == round_.first) {  // a loop that compilers vectorise
      std::int64_t found = 0;
      for (auto p = node.first; p < node.last; ++p) {
        found += squared_distance(x[p], y[p], place_.x, place_.y) <= reach_ ? 1 : 0;
      }
      return add(round_.first, found);
    }
    for (auto p = node.first; p < node.last; ++p) {
      const double squared = squared_distance(x[p], y[p], place_.x, place_.y);
      if (squared <= reach_) add(round_.levels.of(squared), 1);
    }
  }

  /// So many levels are counted one by one, by scans that keep no distances.
  static constexpr int kFewLevels = 3;

  const SweepRound& round_;
  std::int64_t wanted_;
  std::vector<std::int64_t> count_;  ///< by level; levels before the round's first count as it
  std::size_t point_ = 0;
  Place place_ = {};
  bool has_extra_ = false;
  Level bound_ = 0;
  double reach_ = 0;
  std::int64_t below_ = 0;        ///< points counted below the bound
  std::int64_t extra_below_ = 0;  ///< those by trade only, at the level before the bound
  PointsWithin within_;
};

/// Finds the core levels of cells; one object a thread.
class CellCounter {
 public:
  CellCounter(const SweepRound& round, CoreLevels& core)
      : round_(round), core_(core), around_(round), counter_(round) {}

  /// Points that got a core level.
  [[nodiscard]] const std::vector<std::uint32_t>& settled() const { return settled_; }

  void treat(std::int64_t c) {
    const auto& cell = round_.grid.node(c);
    bool near_is_known = false;
    for (auto p = cell.first; p < cell.last; ++p) {
      const auto point = static_cast<std::size_t>(round_.grid.point(p));
      auto* core = core_.of(point);
      if (core[core_.settings() - 1] < round_.levels.count()) continue;
      if (cell.size() >= round_.min_firms.back()) {
        std::replace(core, core + core_.settings(), round_.levels.count(), round_.first);
        settled_.push_back(static_cast<std::uint32_t>(point));
        continue;
      }
      if (!near_is_known) around_.move_to(c);
      near_is_known = true;
      count(point, round_.grid.place(p), cell, core);
    }
  }

 private:
  void count(std::size_t point, Place place, const GridNode& cell, Level* core) {
    std::size_t open = 0;
    while (core[open] < round_.levels.count()) ++open;
    const auto partners = static_cast<std::int64_t>(round_.partners.of(point).size());
    if (cell.size() + around_.others() + partners < round_.min_firms[open]) return;
    counter_.start(point, place);
    if (around_.are_few()) {
      counter_.count(around_.runs());
    } else {
      counter_.add(round_.first, cell.size());  // any two points of a cell are neighbours
      for (const auto other : around_.cells()) {
        if (counter_.is_done()) break;
        counter_.search(round_.grid.node(other));
      }
    }
    counter_.settle(core);
    if (core[open] < round_.levels.count()) settled_.push_back(static_cast<std::uint32_t>(point));
  }
  const SweepRound& round_;
  CoreLevels& core_;
  Surroundings around_;
  LevelCounter counter_;
  std::vector<std::uint32_t> settled_;
};

}  // namespace

std::vector<std::uint32_t> find_core_levels(const SweepRound& round, CellDealer& cells,
                                            CoreLevels& core) {
  std::vector<std::uint32_t> settled;
#pragma omp parallel
  {
    CellCounter counter(round, core);
    cells.deal(round.grid.cells(), [&](std::int64_t cell) { counter.treat(cell); });
#pragma omp critical
    settled.insert(settled.end(), counter.settled().begin(), counter.settled().end());
  }
  return settled;
}

}  // namespace tradegraph::kernels
