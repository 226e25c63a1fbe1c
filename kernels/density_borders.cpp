/// Border spans: which core a point joins at each level at which it is not core itself.

#include <algorithm>
#include <array>

#include "kernels/density_stages.hpp"
#include "kernels/work_count.hpp"

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

/// Finds the spans of cells' points; one object a thread.
class SpanFinder {
 public:
  SpanFinder(const SweepRound& round, const CoreLevels& core)
      : round_(round), core_(core), spans_(core.settings()), adjacent_(round.grid) {}

  /// Of the cells treated, by setting.
  [[nodiscard]] std::vector<std::vector<BorderSpan>>& spans() { return spans_; }

  void treat(std::int64_t c) {
    const auto& cell = round_.grid.node(c);
    bool near_is_known = false;
    for (auto p = cell.first; p < cell.last; ++p) {
      const auto point = static_cast<std::size_t>(round_.grid.point(p));
      const auto settled = core_.of(point)[core_.settings() - 1];
      const bool here = round_.first <= settled && settled <= round_.last;
      const bool never = round_.is_final() && settled == round_.levels.count();
      if ((!here && !never) || settled == 0) continue;
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

  /// Whether what was found last holds for this point too.
  [[nodiscard]] bool has_same(std::size_t point, Place place) const {
    return !has_partners_ && round_.partners.of(point).empty() && place.x == place_.x &&
           place.y == place_.y && std::equal(own_, own_ + core_.settings(), core_.of(point));
  }

  /// Up to level `top` the point lacks neighbours for the largest min_firms: so it has few.
  void find(std::size_t point, Place place, Level top) {
    place_ = place;
    own_ = core_.of(point);
    has_partners_ = !round_.partners.of(point).empty();
    candidates_.clear();
    if (is_small_) {
      for (const auto& run : runs_) search(run.first, run.last, top);
    } else {
      for (std::size_t k = 0; k < near_count_; ++k) search(round_.grid.node(near_[k]), top);
    }
    for (const auto& partner : round_.partners.of(point)) {
      if (partner.trade <= top) offer(partner.ratio, partner.point, partner.trade);
    }
    find_joins();
  }

  /// The best candidate of a level is the first in order that is there by then: so each is best
  /// from its own start until the start of a better one.
  void find_joins() {
    const auto& row = round_.points.row;
    std::sort(candidates_.begin(), candidates_.end(), [&](const auto& a, const auto& b) {
      return a.ratio < b.ratio || (a.ratio == b.ratio && row[a.point] < row[b.point]);
    });
    const auto settings = core_.settings();
    joins_.clear();
    end_.assign(own_, own_ + settings);
    for (const auto& candidate : candidates_) {
      const auto* core = core_.of(candidate.point);
      for (std::size_t setting = 0; setting < settings; ++setting) {
        const auto start = std::max(candidate.level, core[setting]);
        if (start >= end_[setting]) continue;
        joins_.push_back({setting, candidate.point, start});
        end_[setting] = start;
      }
    }
  }

  void search(const GridNode& node, Level top) {
    if (least_squared_distance(place_, node.box) > round_.levels.squared(top)) return;
    if (node.is_leaf()) return search(node.first, node.last, top);
    search(round_.grid.node(node.left), top);
    search(round_.grid.node(node.left + 1), top);
  }

  /// The points at positions [first, last), in blocks: first those within reach, without branches.
  void search(std::int64_t first, std::int64_t last, Level top) {
    const double reach = round_.levels.squared(top);
    distances_computed += last - first;
    for (auto block = first; block < last; block += kLeafPoints) {
      std::size_t count = 0;
      for (auto q = block; q < std::min(block + kLeafPoints, last); ++q) {
        within_[count] = q;
        const auto [x, y] = round_.grid.place(q);
        count += squared_distance(place_.x, place_.y, x, y) <= reach ? 1 : 0;
      }
      for (std::size_t k = 0; k < count; ++k) offer(within_[k]);
    }
  }
  void offer(std::int64_t position) {
    const auto [x, y] = round_.grid.place(position);
    const double squared = squared_distance(place_.x, place_.y, x, y);
    offer(squared, static_cast<std::uint32_t>(round_.grid.point(position)),
          round_.levels.of(squared));
  }

  /// Keeps a core that the point could join while it is not core itself, for some min_firms.
  void offer(double ratio, std::uint32_t point, Level level) {
    const auto* core = core_.of(point);
    // The largest first: most are useful for it.
    for (auto setting = core_.settings(); setting-- > 0;) {
      if (std::max(level, core[setting]) >= own_[setting]) continue;
      candidates_.push_back({ratio, point, level});
      return;
    }
  }

  const SweepRound& round_;
  const CoreLevels& core_;
  std::vector<std::vector<BorderSpan>> spans_;
  AdjacentCells adjacent_;
  std::span<const PointRun> runs_;  ///< all points of the cell and of those around it
  bool is_small_ = false;           ///< so few that all are looked at
  std::int64_t near_[25] = {};
  std::size_t near_count_ = 0;
  std::array<std::int64_t, kLeafPoints> within_ = {};  ///< while searching: points within reach
  // Of the point looked at last:
  Place place_ = {};
  const Level* own_ = nullptr;  ///< core levels
  bool has_partners_ = false;
  std::vector<Candidate> candidates_;
  std::vector<Join> joins_;
  std::vector<Level> end_;  ///< while finding joins: by setting, from which level on they are known
};

}  // namespace

void find_border_spans(const SweepRound& round, const CoreLevels& core, SpanLists& spans) {
#pragma omp parallel
  {
    SpanFinder finder(round, core);
#pragma omp for schedule(dynamic, 1)
    for (std::size_t block = 0; block < round.own.count(); ++block) {
      for (auto cell = round.own.begin(block); cell < round.own.end(block); ++cell) {
        finder.treat(cell);
      }
    }
#pragma omp critical
    for (std::size_t setting = 0; setting < spans.size(); ++setting) {
      spans[setting].push_back(std::move(finder.spans()[setting]));
    }
  }
}

}  // namespace tradegraph::kernels
