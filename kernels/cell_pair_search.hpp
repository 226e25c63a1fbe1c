#pragma once
/// Cores of a sweep's round by cell: where the earliest is, and at which level two cells meet.

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/buffer.hpp"
#include "kernels/density_stages.hpp"

namespace tradegraph::kernels {

/// What the cores of some settings look like in the cells of a round. The settings of a cell lie
/// together; they ascend, and so do their levels.
class CellCores {
 public:
  CellCores(const SpatialGrid& grid, std::size_t settings)
      : settings_(settings),
        earliest_(grid.nodes() * static_cast<std::int64_t>(settings)),
        member_(grid.cells() * static_cast<std::int64_t>(settings)) {}

  /// Of a node, by setting: the least core level inside.
  [[nodiscard]] std::span<Level> earliest(std::int64_t node) {
    return at(std::span(earliest_), node);
  }
  [[nodiscard]] std::span<const Level> earliest(std::int64_t node) const {
    return at(std::span(earliest_), node);
  }
  /// Of a cell, by setting: a point that has it, or another that is in one set with it.
  [[nodiscard]] std::span<std::uint32_t> member(std::int64_t cell) {
    return at(std::span(member_), cell);
  }
  [[nodiscard]] std::span<const std::uint32_t> member(std::int64_t cell) const {
    return at(std::span(member_), cell);
  }

 private:
  template <class Entry>
  [[nodiscard]] std::span<Entry> at(std::span<Entry> list, std::int64_t node) const {
    return list.subspan(static_cast<std::size_t>(node) * settings_, settings_);
  }

  std::size_t settings_;
  Buffer<Level> earliest_;
  Buffer<std::uint32_t> member_;
};

/// For `settings`, ascending. O(points * settings) work.
[[nodiscard]] CellCores summarise_cores(const SweepRound& round, const CoreLevels& core,
                                        std::span<const std::size_t> settings);

/// The least level at which two cells are joined by a pair of cores: a dual-tree search for the
/// bichromatic closest pair under mutual reachability, in levels.
class CellPairSearch {
 public:
  /// For the setting that is the `own`-th of `cells`.
  CellPairSearch(const SweepRound& round, const CoreLevels& core, const CellCores& cells,
                 std::size_t setting, std::size_t own)
      : round_(round), core_(core), cells_(cells), setting_(setting), own_(own) {}

  /// No pair of the two nodes has a lower level.
  [[nodiscard]] Level bound(std::int64_t a, std::int64_t b) const;
  /// The level, if it is below `limit`, else `limit`.
  [[nodiscard]] Level level(std::int64_t a, std::int64_t b, Level limit) const;

 private:
  struct Best {
    Level level;
    Level bound;  ///< no use in searching on once it is reached
    [[nodiscard]] bool is_final() const { return level <= bound; }
  };
  void search(std::int64_t i, std::int64_t j, Best& best) const;
  void offer_boxes(std::int64_t i, std::int64_t j, Best& best) const;
  void search_halves(const GridNode& node, std::int64_t other, Best& best) const;
  void search_points(const GridNode& a, std::int64_t j, Best& best) const;
  [[nodiscard]] Level core_level(std::int64_t position) const {
    return core_.of(static_cast<std::size_t>(round_.grid.point(position)))[setting_];
  }
  [[nodiscard]] Level earliest(std::int64_t node) const { return cells_.earliest(node)[own_]; }

  const SweepRound& round_;
  const CoreLevels& core_;
  const CellCores& cells_;
  std::size_t setting_;
  std::size_t own_;
};

}  // namespace tradegraph::kernels
