/// The forest: cells hold one component of cores each, so one edge a pair of adjacent cells
/// suffices.

#include <omp.h>

#include <algorithm>

#include "kernels/cell_pair_search.hpp"

namespace tradegraph::kernels {

namespace {

/// Two adjacent cells that are not joined at the round's first level, filed under the level at
/// which to look again.
struct PendingPair {
  std::int64_t a;
  std::int64_t b;
  bool is_exact;  ///< the level is that of the pair, not just a bound
};

/// Two adjacent cells, and the least level at which their boxes allow neighbours.
struct NearCells {
  std::uint32_t a;
  std::uint32_t b;
  Level level;
};

/// All pairs of cells that may meet in this round, for any setting: those with cores for the first,
/// `cells`.
std::vector<NearCells> near_cells(const SweepRound& round, const CellCores& cells) {
  std::vector<std::vector<NearCells>> mine(static_cast<std::size_t>(omp_get_max_threads()));
  const auto has_core = [&](std::int64_t cell) {
    return cells.earliest[static_cast<std::size_t>(cell)] <= round.last;
  };
#pragma omp parallel
  {
    AdjacentCells adjacent(round.grid);
    auto& found = mine[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(dynamic, 256)
    for (std::int64_t cell = 0; cell < round.grid.cells(); ++cell) {
      if (!has_core(cell)) continue;
      for (const auto other : adjacent.after(cell)) {
        if (!has_core(other)) continue;
        const auto level = round.levels.of(
            least_squared_distance(round.grid.node(cell).box, round.grid.node(other).box));
        if (level > round.last) continue;
        found.push_back({static_cast<std::uint32_t>(cell), static_cast<std::uint32_t>(other),
                         std::max(level, round.first)});
      }
    }
  }
  auto& all = mine.front();
  for (std::size_t t = 1; t < mine.size(); ++t) {
    all.insert(all.end(), mine[t].begin(), mine[t].end());
  }
  return std::move(all);
}

/// Grows the forest of one setting through the levels of one round.
class RoundJoiner {
 public:
  RoundJoiner(const SweepRound& round, const CoreLevels& core, const CellCores& cells,
              std::span<const NearCells> near, std::size_t setting, LevelForest& forest)
      : round_(round),
        core_(core),
        cells_(cells),
        near_(near),
        setting_(setting),
        forest_(forest),
        search_(round, core, cells, setting),
        pending_(static_cast<std::size_t>(round.last - round.first) + 1) {}

  void run() {
    join_inside_cells();
    join_trading();
    join_adjacent();
    for (auto level = round_.first; level < round_.last;) join_pending(++level);
  }

 private:
  using Later = std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>>;
  using Pending = std::vector<std::vector<PendingPair>>;

  [[nodiscard]] std::size_t offset(Level level) const {
    return static_cast<std::size_t>(level - round_.first);
  }
  [[nodiscard]] Level earliest(std::int64_t cell) const {
    return cells_.earliest[static_cast<std::size_t>(cell)];
  }
  [[nodiscard]] std::uint32_t first(std::int64_t cell) const {
    return cells_.first[static_cast<std::size_t>(cell)];
  }

  void join_inside_cells();
  void join_trading();
  void join_adjacent();
  void join_pending(Level level);
  void treat_adjacent(const NearCells& near, Pending& pending);

  const SweepRound& round_;
  const CoreLevels& core_;
  const CellCores& cells_;
  std::span<const NearCells> near_;
  std::size_t setting_;
  LevelForest& forest_;
  CellPairSearch search_;
  Later later_;      ///< by level: pairs of cores to join then
  Pending pending_;  ///< by level
};

/// Appends the lists of threads to `all`.
template <class Lists>
void collect(std::vector<Lists>& parts, Lists& all) {
  for (auto& part : parts) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      all[i].insert(all[i].end(), part[i].begin(), part[i].end());
    }
  }
}

void RoundJoiner::join_inside_cells() {
  later_.resize(pending_.size());
  std::vector<Later> mine(static_cast<std::size_t>(omp_get_max_threads()), Later(later_.size()));
#pragma omp parallel
  {
    auto& later = mine[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(static)
    for (std::int64_t cell = 0; cell < round_.grid.cells(); ++cell) {
      const auto& node = round_.grid.node(cell);
      if (earliest(cell) > round_.last || node.size() == 1) continue;
      const auto root = forest_.find(first(cell));
      for (auto p = node.first; p < node.last; ++p) {
        const auto point = static_cast<std::uint32_t>(round_.grid.point(p));
        const auto level = core_.of(point)[setting_];
        if (level > round_.last || point == first(cell)) continue;
        if (forest_.hangs_on(point, root)) continue;  // joined in an earlier round
        if (level <= round_.first) {
          forest_.join(point, first(cell), round_.first);
        } else {
          later[offset(level)].emplace_back(point, first(cell));
        }
      }
    }
  }
  collect(mine, later_);
}

void RoundJoiner::join_trading() {
  if (round_.partners.empty()) return;
  std::vector<Later> mine(static_cast<std::size_t>(omp_get_max_threads()), Later(later_.size()));
#pragma omp parallel
  {
    auto& later = mine[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(static)
    for (std::size_t i = 0; i < round_.points.row.size(); ++i) {
      const auto core = core_.of(i)[setting_];
      if (core > round_.last) continue;
      for (const auto& partner : round_.partners.of(i)) {
        if (partner.point < i) continue;
        const auto level = std::max({core, core_.of(partner.point)[setting_], partner.trade});
        // A pair of the rounds before is joined already.
        if (level > round_.last || (level < round_.first && round_.first > 0)) continue;
        const auto point = static_cast<std::uint32_t>(i);
        if (level <= round_.first) {
          forest_.join(point, partner.point, round_.first);
        } else {
          later[offset(level)].emplace_back(point, partner.point);
        }
      }
    }
  }
  collect(mine, later_);
}

void RoundJoiner::treat_adjacent(const NearCells& near, Pending& pending) {
  const std::int64_t cell = near.a;
  const std::int64_t other = near.b;
  const auto bound = std::max({earliest(cell), earliest(other), near.level});
  if (bound > round_.last) return;
  if (bound > round_.first) {
    pending[offset(bound)].push_back({cell, other, false});
    return;
  }
  const auto a = first(cell);
  const auto b = first(other);
  if (forest_.find(a) == forest_.find(b)) return;
  if (search_.level(cell, other, static_cast<Level>(round_.first + 1)) == round_.first) {
    forest_.join(a, b, round_.first);
  } else if (round_.last > round_.first) {
    pending[1].push_back({cell, other, false});
  }
}

void RoundJoiner::join_adjacent() {
  std::vector<Pending> mine(static_cast<std::size_t>(omp_get_max_threads()),
                            Pending(pending_.size()));
#pragma omp parallel
  {
    auto& pending = mine[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(dynamic, 1024)
    for (std::size_t k = 0; k < near_.size(); ++k) treat_adjacent(near_[k], pending);
  }
  collect(mine, pending_);
}

void RoundJoiner::join_pending(Level level) {
  for (const auto& [a, b] : later_[offset(level)]) forest_.join(a, b, level);
  const auto& pairs = pending_[offset(level)];
  std::vector<Pending> mine(static_cast<std::size_t>(omp_get_max_threads()),
                            Pending(pending_.size()));
  const auto limit = static_cast<Level>(round_.last + 1);
#pragma omp parallel
  {
    auto& pending = mine[static_cast<std::size_t>(omp_get_thread_num())];
#pragma omp for schedule(dynamic, 64)
    for (std::size_t k = 0; k < pairs.size(); ++k) {
      const auto& pair = pairs[k];
      const auto a = first(pair.a);
      const auto b = first(pair.b);
      if (forest_.find(a) == forest_.find(b)) continue;
      const auto found = pair.is_exact ? level : search_.level(pair.a, pair.b, limit);
      if (found == level) {
        forest_.join(a, b, level);
      } else if (found < limit) {
        pending[offset(found)].push_back({pair.a, pair.b, true});
      }
    }
  }
  collect(mine, pending_);
}

}  // namespace

void ForestBuilder::grow(const SweepRound& round, const CoreLevels& core) {
  if (settings_.empty()) return;
  const auto cells = summarise_cores(round, core, settings_);
  const auto near = near_cells(round, cells.front());
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    RoundJoiner(round, core, cells[i], near, settings_[i], forests_[i]).run();
  }
}

}  // namespace tradegraph::kernels
