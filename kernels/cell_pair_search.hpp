#pragma once
/// Cores of a sweep's round by cell: where the earliest is, and at which level two cells meet.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/density_stages.hpp"

namespace tradegraph::kernels {

/// What a setting's cores look like in the cells of a round.
struct CellCores {
  std::vector<Level> earliest;       ///< by node: the least core level inside
  std::vector<std::uint32_t> first;  ///< by cell: a point that has it
};

/// One entry for each of `settings`. O(points * settings) work.
[[nodiscard]] std::vector<CellCores> summarise_cores(const SweepRound& round,
                                                     const CoreLevels& core,
                                                     std::span<const std::size_t> settings);

/// The least level at which two cells are joined by a pair of cores: a dual-tree search for the
/// bichromatic closest pair under mutual reachability, in levels.
class CellPairSearch {
 public:
  CellPairSearch(const SweepRound& round, const CoreLevels& core, const CellCores& cells,
                 std::size_t setting)
      : round_(round), core_(core), cells_(cells), setting_(setting) {}

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
  [[nodiscard]] Level earliest(std::int64_t node) const {
    return cells_.earliest[static_cast<std::size_t>(node)];
  }

  const SweepRound& round_;
  const CoreLevels& core_;
  const CellCores& cells_;
  std::size_t setting_;
};

}  // namespace tradegraph::kernels
