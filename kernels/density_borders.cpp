/// Border spans: which core a point joins at each level at which it is not core itself.

#include <algorithm>
#include <array>
#include <cstring>

#include "kernels/adjacent_cells.hpp"
#include "kernels/density_stages.hpp"
#include "kernels/point_scan.hpp"

namespace tradegraph::kernels {

namespace {

/// A core that the point could join from some level on.
struct Candidate {
  double ratio;  ///< d^2 / s^2
  std::uint32_t point;
  Level level;  ///< from which on the two are neighbours
};

/// The core that a point joins from level `first` on.
struct Join {
  std::size_t setting;
  std::uint32_t core;
  Level first;
};

constexpr auto kBlock = CoreLevels::kBlock;

/// Levels of some settings side by side, in one register (a vector of GCC and clang).
using Block [[gnu::vector_size(kBlock * sizeof(Level))]] = Level;

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

/// Finds the spans of cells' points; one object a thread.
class SpanFinder {
 public:
  SpanFinder(const SweepRound& round, const CoreLevels& core)
      : round_(round),
        core_(core),
        spans_(core.settings()),
        adjacent_(round.grid),
        own_((core.settings() + kBlock - 1) / kBlock * kBlock, 0) {}

  /// Of the cells treated, by setting.
  [[nodiscard]] std::vector<std::vector<BorderSpan>>& spans() { return spans_; }

  void treat(std::int64_t c) {
    const auto& cell = round_.grid.node(c);
    bool near_is_known = false;
    for (auto p = cell.first; p < cell.last; ++p) {
      const auto point = static_cast<std::size_t>(round_.grid.point(p));
      const auto settled = core_.of(point)[core_.settings() - 1];
      if (settled <= round_.first || settled > round_.last + 1) continue;
      if (!near_is_known) find_near(c, cell);
      const auto top = static_cast<Level>(settled - 1);
      // Firms of one tower have the same candidates, but for their trade.
      const bool is_known = near_is_known && has_same(point, round_.grid.place(p));
      near_is_known = true;
      if (!is_known) find(point, round_.grid.place(p), top);
      for (const auto& [setting, core, first] : joins_) {
        spans_[setting].push_back({static_cast<std::uint32_t>(point), core, first});
      }
    }
  }

 private:
  void find_near(std::int64_t c, const GridNode& cell) {
    runs_ = adjacent_.runs(c);
    is_small_ = points_of(runs_) <= kFewPoints;
    near_count_ = 0;
    if (is_small_) return;
    near_[near_count_++] = c;
    for (const auto other : adjacent_.around(c)) {
      const auto& node = round_.grid.node(other);
      if (least_squared_distance(cell.box, node.box) > round_.levels.squared(round_.last)) continue;
      near_[near_count_++] = other;
    }
  }

  [[nodiscard]] std::ptrdiff_t settings() const {
    return static_cast<std::ptrdiff_t>(core_.settings());
  }

  /// Whether what was found last holds for this point too.
  [[nodiscard]] bool has_same(std::size_t point, Place place) const {
    return !has_partners_ && round_.partners.of(point).empty() && place.x == place_.x &&
           place.y == place_.y &&
           std::equal(own_.begin(), own_.begin() + settings(), core_.of(point));
  }

  /// Up to level `top` the point lacks neighbours for the largest min_firms: so it has few.
  void find(std::size_t point, Place place, Level top) {
    place_ = place;
    std::copy_n(core_.of(point), settings(), own_.begin());
    has_partners_ = !round_.partners.of(point).empty();
    within_.clear();
    const double reach = round_.levels.squared(top);
    if (is_small_) {
      for (const auto& run : runs_) within_.add(round_.grid, run, place, reach);
    } else {
      for (std::size_t k = 0; k < near_count_; ++k) search(round_.grid.node(near_[k]), reach);
    }
    candidates_.clear();
    least_ = own_;
    for (std::size_t i = 0; i < within_.count(); ++i) {
      offer(within_.squared_distance(i),
            static_cast<std::uint32_t>(round_.grid.point(within_.position(i))),
            round_.levels.of(within_.squared_distance(i)));
    }
    for (const auto& partner : round_.partners.of(point)) {
      if (partner.trade <= top) offer(partner.ratio, partner.point, partner.trade);
    }
    find_joins();
  }

  /// The best candidate of a level is the first in order that is there by then: so each is best
  /// from its own start until the start of a better one. Done when no candidate starts earlier.
  void find_joins() {
    const auto& row = round_.points.row;
    const auto is_after = [&](const Candidate& a, const Candidate& b) {
      return a.ratio > b.ratio || (a.ratio == b.ratio && row[a.point] > row[b.point]);
    };
    joins_.clear();
    end_ = own_;
    auto last = candidates_.end();
    std::make_heap(candidates_.begin(), last, is_after);
    bool is_done = false;
    while (last != candidates_.begin() && !is_done) {
      std::pop_heap(candidates_.begin(), last--, is_after);
      is_done = join(*last);
    }
  }

  /// Whether no candidate starts earlier than those joined, for any setting.
  bool join(const Candidate& candidate) {
    const auto* core = core_.of(candidate.point);
    bool is_open = false;
    for (std::size_t first = 0; first < end_.size(); first += kBlock) {
      const auto start = starts(candidate.level, core + first);
      const auto end = block_of(&end_[first]);
      if (is_any_below(start, end)) {
        for (std::size_t k = 0; k < kBlock; ++k) {
          if (start[k] < end[k]) joins_.push_back({first + k, candidate.point, start[k]});
        }
        store(least(start, end), &end_[first]);
      }
      is_open |= is_any_below(block_of(&least_[first]), least(start, end));
    }
    return !is_open;
  }

  void search(const GridNode& node, double reach) {
    if (least_squared_distance(place_, node.box) > reach) return;
    if (node.is_leaf()) return within_.add(round_.grid, {node.first, node.last}, place_, reach);
    search(round_.grid.node(node.left), reach);
    search(round_.grid.node(node.left + 1), reach);
  }

  /// Keeps a core that the point could join while it is not core itself, for some min_firms.
  void offer(double ratio, std::uint32_t point, Level level) {
    const auto* core = core_.of(point);
    bool is_earlier = false;
    for (std::size_t first = 0; first < own_.size(); first += kBlock) {
      const auto start = starts(level, core + first);
      is_earlier |= is_any_below(start, block_of(&own_[first]));
      store(least(start, block_of(&least_[first])), &least_[first]);
    }
    if (is_earlier) candidates_.push_back({ratio, point, level});
  }

  /// From which levels on a core is one that the point can join; `core` are its own.
  [[nodiscard]] static Block starts(Level level, const Level* core) {
    const auto own = block_of(core);
    const auto any = Block{} + level;
    return own < any ? any : own;
  }

  const SweepRound& round_;
  const CoreLevels& core_;
  std::vector<std::vector<BorderSpan>> spans_;
  AdjacentCells adjacent_;
  std::span<const PointRun> runs_;  ///< all points of the cell and of those around it
  bool is_small_ = false;           ///< so few that all are looked at
  std::array<std::int64_t, SpatialGrid::kMostAdjacent> near_ = {};
  std::size_t near_count_ = 0;
  // Of the point looked at last:
  Place place_ = {};
  /// Its core levels, with 0 beyond the last setting: nothing starts below that.
  std::vector<Level> own_;
  bool has_partners_ = false;
  PointsWithin within_;
  std::vector<Candidate> candidates_;
  std::vector<Level> least_;  ///< by setting: where its first candidate starts, or the own level
  std::vector<Join> joins_;
  std::vector<Level> end_;  ///< while finding joins: by setting, from which level on they are known
};

}  // namespace

void find_border_spans(const SweepRound& round, CellDealer& cells, const CoreLevels& core,
                       SpanLists& spans) {
#pragma omp parallel
  {
    SpanFinder finder(round, core);
    cells.deal(round.grid.cells(), [&](std::int64_t cell) { finder.treat(cell); });
#pragma omp critical
    for (std::size_t setting = 0; setting < spans.size(); ++setting) {
      spans[setting].push_back(std::move(finder.spans()[setting]));
    }
  }
}

}  // namespace tradegraph::kernels
