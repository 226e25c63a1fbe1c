#pragma once
/// Which core a point joins as border at which level of a sweep, for all min_firms at once.
///
/// Of the cores that it could join at a level the point takes the nearest. So, in the order of
/// their distance, each is taken from the level on at which it is there until that of a nearer one;
/// and only at levels at which the point is not core itself.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/density_stages.hpp"

namespace tradegraph::kernels {

class BorderChoice {
 public:
  /// A core that the point could join.
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

  BorderChoice(const CoreLevels& core, std::span<const std::int64_t> row)
      : core_(core), row_(row), own_((core.settings() + kBlock - 1) / kBlock * kBlock, 0) {}

  /// Begins with a point, to which at most so many candidates come.
  void start(std::size_t point, std::size_t candidates);
  void offer(const Candidate& candidate) { candidates_[count_++] = candidate; }
  /// Decides among the candidates offered.
  void decide();

  [[nodiscard]] std::span<const Join> joins() const { return {joins_.data(), join_count_}; }
  /// Whether a point has the core levels of the one decided on last.
  [[nodiscard]] bool has_same_levels(std::size_t point) const;

 private:
  static constexpr std::size_t kBlock = CoreLevels::kBlock;
  /// So many are ordered by comparing all with all.
  static constexpr std::size_t kFew = 64;

  void keep_earlier();
  void put_in_order();
  void rank_few();
  [[nodiscard]] bool join(const Candidate& candidate);

  const CoreLevels& core_;
  std::span<const std::int64_t> row_;  ///< by point
  /// Core levels of the point, with 0 beyond the last setting: nothing starts below that.
  std::vector<Level> own_;
  std::vector<Level> least_;  ///< by setting: where its first candidate starts, or the own level
  std::vector<Level> end_;    ///< by setting: from which level on the joins are known
  // Lists that are longer than what is in use.
  std::vector<Candidate> candidates_;
  std::vector<Candidate> ordered_;
  std::vector<std::uint8_t> is_earlier_;  ///< by candidate
  std::vector<Join> joins_;
  std::size_t count_ = 0;
  std::size_t join_count_ = 0;
};

}  // namespace tradegraph::kernels
