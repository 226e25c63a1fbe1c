/// The forest: cells hold one component of cores each, so one edge a pair of adjacent cells
/// suffices.

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <optional>

#include "engine/base/chunked_list.hpp"
#include "kernels/adjacent_cells.hpp"
#include "kernels/cell_pair_search.hpp"

namespace tradegraph::kernels {

namespace {

/// Two cores to join for a setting, filed under the level at which to do so.
struct LaterJoin {
  std::uint32_t a;
  std::uint32_t b;
  std::uint32_t setting;
};

/// Two adjacent cells that are not joined at the round's first level for settings
/// [first, last], filed under the level at which to look again.
struct PendingPair {
  std::uint32_t a;
  std::uint32_t b;
  std::uint16_t first;
  std::uint16_t last;
  bool is_exact;  ///< the level is that of the pair, not just a bound
};

/// The sets of the rounds before, of the cores that the largest min_firms has then. Neighbours in
/// its graph are neighbours for every smaller min_firms too: who is together here is so in all
/// forests.
class EarlierSets {
 public:
  EarlierSets(const SweepRound& round, const CoreLevels& core, const CellCores& cells,
              std::span<const std::size_t> settings, LevelForests& forests)
      : set_(std::ssize(round.points.row)), set_of_cell_(round.grid.cells()) {
    const auto last = settings.size() - 1;
#pragma omp parallel for schedule(static)
    for (std::size_t p = 0; p < set_.size(); ++p) {
      const bool was_core = core.of(p)[settings[last]] < round.first;
      set_[p] = was_core ? forests.find(static_cast<std::uint32_t>(p), last) : kNone;
    }
#pragma omp parallel for schedule(static)
    for (std::int64_t cell = 0; cell < round.grid.cells(); ++cell) {
      const bool has_core = cells.earliest(cell).front() <= round.last;
      set_of_cell_[cell] = has_core ? set_[cells.member(cell)[last]] : kNoCore;
    }
  }

  /// For any setting, in this round or before.
  [[nodiscard]] bool has_core(std::int64_t cell) const { return set_of_cell_[cell] != kNoCore; }
  /// Whether cores of two cells are together. Those of each cell come together in this round.
  [[nodiscard]] bool cells_are_together(std::int64_t a, std::int64_t b) const {
    return set_of_cell_[a] == set_of_cell_[b] && set_of_cell_[a] < kNoCore;
  }
  /// Whether two points are together for the largest min_firms.
  [[nodiscard]] bool are_together(std::uint32_t a, std::uint32_t b) const {
    return set_[a] == set_[b] && set_[a] < kNoCore;
  }
  /// Whether a point is with the cores of its cell for the largest min_firms.
  [[nodiscard]] bool is_with_cell(std::uint32_t point, std::int64_t cell) const {
    return set_[point] == set_of_cell_[cell] && set_[point] < kNoCore;
  }

 private:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kNoCore = kNone - 1;
  Buffer<std::uint32_t> set_;          ///< by point: its representative, or kNone
  Buffer<std::uint32_t> set_of_cell_;  ///< that of the cell's first core, or kNoCore
};

/// Grows the forests of some settings through the levels of one round.
class RoundJoiner {
 public:
  RoundJoiner(const SweepRound& round, const CoreLevels& core, CellCores& cells,
              const EarlierSets& earlier, std::span<const std::size_t> settings,
              LevelForests& forests)
      : round_(round),
        core_(core),
        cells_(cells),
        earlier_(earlier),
        settings_(settings),
        forests_(forests),
        later_(static_cast<std::size_t>(omp_get_max_threads()),
               Later(static_cast<std::size_t>(round.count()))),
        pending_(later_.size(), Pending(later_.front().size())) {
    for (std::size_t i = 0; i < settings.size(); ++i) {
      search_.emplace_back(round, core, cells, settings[i], i);
    }
  }

  void run() {
    join_inside_cells();
    join_trading();
    join_adjacent();
    for (auto level = round_.first; level < round_.last;) join_at(++level);
  }

 private:
  using Later = std::vector<ChunkedList<LaterJoin>>;      ///< by level
  using Pending = std::vector<ChunkedList<PendingPair>>;  ///< likewise

  [[nodiscard]] static std::size_t thread() {
    return static_cast<std::size_t>(omp_get_thread_num());
  }
  /// Where such lists have those of a level.
  [[nodiscard]] std::size_t slot(Level level) const {
    return static_cast<std::size_t>(level - round_.first);
  }

  void join_inside_cells();
  void join_inside(std::int64_t cell, Later& later);
  void join_trading();
  void join_adjacent();
  void join_cells(std::int64_t a, std::int64_t b, Pending& pending);
  void join_at(Level level);
  void join_pending(const PendingPair& pair, Level level, Pending& pending);
  template <class LevelOf>
  void file(PendingPair pair, Level now, Pending& pending, LevelOf&& level_of);

  /// Whether the cores of two cells are in one set, as far as that is known without a search.
  [[nodiscard]] bool are_known_together(std::int64_t a, std::int64_t b, std::size_t i) {
    return member(a, i).load(std::memory_order_relaxed) ==
           member(b, i).load(std::memory_order_relaxed);
  }
  /// Representative of the set of a cell's cores, for its i-th setting.
  [[nodiscard]] std::uint32_t find(std::int64_t cell, std::size_t i) {
    const auto known = member(cell, i);
    const auto before = known.load(std::memory_order_relaxed);
    const auto now = forests_.find(before, i);
    if (now != before) known.store(now, std::memory_order_relaxed);
    return now;
  }
  /// A point of that set.
  [[nodiscard]] std::atomic_ref<std::uint32_t> member(std::int64_t cell, std::size_t i) {
    return std::atomic_ref(cells_.member(cell)[i]);
  }

  const SweepRound& round_;
  const CoreLevels& core_;
  CellCores& cells_;  ///< whose members are replaced by others of their sets
  const EarlierSets& earlier_;
  std::span<const std::size_t> settings_;  ///< ascending, and so are the core levels of a point
  LevelForests& forests_;
  std::vector<CellPairSearch> search_;  ///< by setting
  std::vector<Later> later_;            ///< by thread
  std::vector<Pending> pending_;        ///< by thread
};

void RoundJoiner::join_inside_cells() {
#pragma omp parallel
  {
    auto& later = later_[thread()];
#pragma omp for schedule(dynamic, 512)
    for (std::int64_t cell = 0; cell < round_.grid.cells(); ++cell) join_inside(cell, later);
  }
}

void RoundJoiner::join_inside(std::int64_t cell, Later& later) {
  const auto& node = round_.grid.node(cell);
  if (!earlier_.has_core(cell)) return;
  const auto set = cells_.member(cell);
  const auto first = set.back();
  for (std::size_t i = 0; i < set.size(); ++i) set[i] = forests_.find(set[i], i);
  for (auto p = node.first; p < node.last; ++p) {
    const auto point = static_cast<std::uint32_t>(round_.grid.point(p));
    // The first core for the largest min_firms stands for all that were with it before.
    if (point != first && earlier_.is_with_cell(point, cell)) continue;
    const auto* core = core_.of(point);
    for (std::size_t i = 0; i < settings_.size(); ++i) {
      const auto level = core[settings_[i]];
      if (level > round_.last) break;
      // Points that were joined in an earlier round mostly hang on the same as those before them.
      if (forests_.parent(point, i) == set[i]) continue;
      if (level <= round_.first) {
        forests_.join(point, set[i], round_.first, i);
        set[i] = forests_.parent(point, i);
      } else {
        later[slot(level)].push_back({point, set[i], static_cast<std::uint32_t>(i)});
      }
    }
  }
}

void RoundJoiner::join_trading() {
  if (round_.partners.empty()) return;
#pragma omp parallel
  {
    auto& later = later_[thread()];
#pragma omp for schedule(static)
    for (std::size_t p = 0; p < round_.points.row.size(); ++p) {
      const auto point = static_cast<std::uint32_t>(p);
      const auto* core = core_.of(point);
      for (const auto& partner : round_.partners.of(point)) {
        if (partner.point < point || partner.trade > round_.last ||
            earlier_.are_together(point, partner.point)) {
          continue;
        }
        const auto* other = core_.of(partner.point);
        for (std::size_t i = 0; i < settings_.size(); ++i) {
          const auto setting = settings_[i];
          const auto level = std::max({core[setting], other[setting], partner.trade});
          if (level > round_.last) break;
          if (level < round_.first && round_.first > 0) continue;  // joined in an earlier round
          if (level <= round_.first) {
            forests_.join(point, partner.point, round_.first, i);
          } else {
            later[slot(level)].push_back({point, partner.point, static_cast<std::uint32_t>(i)});
          }
        }
      }
    }
  }
}

void RoundJoiner::join_adjacent() {
#pragma omp parallel
  {
    AdjacentCells adjacent(round_.grid);
    auto& pending = pending_[thread()];
#pragma omp for schedule(dynamic, 256)
    for (std::int64_t cell = 0; cell < round_.grid.cells(); ++cell) {
      if (!earlier_.has_core(cell)) continue;
      for (const auto other : adjacent.after(cell)) {
        if (earlier_.has_core(other) && !earlier_.cells_are_together(cell, other))
          join_cells(cell, other, pending);
      }
    }
  }
}

void RoundJoiner::join_cells(std::int64_t a, std::int64_t b, Pending& pending) {
  const auto near = std::max(round_.first, round_.levels.of(least_squared_distance(
                                               round_.grid.node(a).box, round_.grid.node(b).box)));
  if (near > round_.last) return;
  const auto earliest_a = cells_.earliest(a);
  const auto earliest_b = cells_.earliest(b);
  const auto first = round_.first;
  auto found = static_cast<Level>(first + 1);
  file({static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b), 0,
        static_cast<std::uint16_t>(settings_.size() - 1), false},
       first, pending, [&](std::size_t i) -> std::optional<Level> {
         const auto bound = std::max({earliest_a[i], earliest_b[i], near});
         if (bound > first) return bound;
         if (are_known_together(a, b, i)) return std::nullopt;
         const auto set_a = find(a, i);
         const auto set_b = find(b, i);
         if (set_a == set_b) return std::nullopt;
         if (found > first) found = search_[i].level(a, b, found);
         if (found == first) forests_.join(set_a, set_b, first, i);
         return found;
       });
}

void RoundJoiner::join_at(Level level) {
#pragma omp parallel
  {
    for (const auto& part : later_) {
      const auto& joins = part[slot(level)];
#pragma omp for schedule(dynamic, 256) nowait
      for (std::size_t k = 0; k < joins.size(); ++k) {
        forests_.join(joins[k].a, joins[k].b, level, joins[k].setting);
      }
    }
    auto& pending = pending_[thread()];
    for (const auto& part : pending_) {
      const auto& pairs = part[slot(level)];
#pragma omp for schedule(dynamic, 64) nowait
      for (std::size_t k = 0; k < pairs.size(); ++k) join_pending(pairs[k], level, pending);
    }
  }
  for (auto& part : later_) part[slot(level)] = {};
  for (auto& part : pending_) part[slot(level)] = {};
}

void RoundJoiner::join_pending(const PendingPair& pair, Level level, Pending& pending) {
  auto found = static_cast<Level>(round_.last + 1);
  auto again = pair;
  again.is_exact = true;
  file(again, level, pending, [&](std::size_t i) -> std::optional<Level> {
    if (are_known_together(pair.a, pair.b, i)) return std::nullopt;
    const auto a = find(pair.a, i);
    const auto b = find(pair.b, i);
    if (a == b) return std::nullopt;
    if (pair.is_exact) {
      found = level;
    } else if (found > level) {
      found = search_[i].level(pair.a, pair.b, found);
    }
    if (found == level) forests_.join(a, b, level, i);
    return found;
  });
}

/// Asks `level_of` at which level a pair is to be looked at again, setting by setting, the largest
/// first: what meets for it meets for all. So at the first for which it is together (no level) it
/// is so for the others too, or will be when whoever joined it is done. Files the pair for each run
/// of settings with one level, where that is still to come.
template <class LevelOf>
void RoundJoiner::file(PendingPair pair, Level now, Pending& pending, LevelOf&& level_of) {
  const auto close = [&](Level level) {
    if (level > now && level <= round_.last) pending[slot(level)].push_back(pair);
  };
  const auto first = pair.first;
  auto open = static_cast<Level>(round_.last + 1);
  for (auto i = std::size_t{pair.last} + 1; i-- > first;) {
    const auto level = level_of(i);
    if (!level) break;
    if (*level != open) {
      close(open);
      open = *level;
      pair.last = static_cast<std::uint16_t>(i);
    }
    pair.first = static_cast<std::uint16_t>(i);
  }
  close(open);
}

}  // namespace

void ForestBuilder::grow(const SweepRound& round, const CoreLevels& core) {
  if (settings_.empty()) return;
  auto cells = summarise_cores(round, core, settings_);
  const EarlierSets earlier(round, core, cells, settings_, forests_);
  RoundJoiner(round, core, cells, earlier, settings_, forests_).run();
}

LevelForests::Links ForestBuilder::take(std::size_t setting) {
  const auto at = std::lower_bound(settings_.begin(), settings_.end(), setting);
  return forests_.take(static_cast<std::size_t>(at - settings_.begin()));
}

}  // namespace tradegraph::kernels
