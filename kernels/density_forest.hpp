#pragma once
/// The density clusters of one point set at every eps of a sweep at once, for several min_firms.
///
/// For one min_firms and stretch let c(i) be the first eps of the sweep at which firm i is core,
/// and e(i,j) the first at which j is in N(i) (`dbscan.hpp`). The mutual reachability of i and j is
/// max(c(i), c(j), e(i,j)). The clusters' cores at some eps are the connected components of the
/// pairs whose mutual reachability does not exceed it, so a minimum spanning forest of mutual
/// reachability, cut at eps, has the same components (Campello, Moulavi & Sander 2013,
/// doi:10.1007/978-3-642-37456-2_14; docs/sweep.md proves it for trading firms, whose distance is
/// no metric). Reachability is counted in steps of the sweep's eps, by the comparisons of `dbscan`,
/// so that `cut` gives what `dbscan` gives to the last bit.
///
/// Method: one grid for all eps within a factor of 1.38, or 2.08 where they lie close. In each,
/// every point not settled yet counts its neighbours by level, once for all min_firms, until it has
/// enough; the forest grows by levels (Kruskal) with one edge a pair of adjacent cells, as in Wang,
/// Yu, Gu & Shun 2021 (doi:10.1145/3448016.3457296); and each point looks once at its neighbours,
/// fewer than the largest min_firms, for the core it joins as border.

#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/base/packing.hpp"
#include "engine/comm/team.hpp"
#include "kernels/dbscan.hpp"
#include "kernels/eps_levels.hpp"

namespace tradegraph::kernels {

struct SweepGrid {
  std::vector<double> eps_m;            ///< ascending, distinct
  std::vector<std::int64_t> min_firms;  ///< ascending, distinct
  double stretch = 2;

  /// Throws `ErrorKind::usage` unless each combination is a valid `DbscanConfig` and the lists
  /// ascend and are not empty.
  void validate() const;
  bool operator==(const SweepGrid&) const = default;
};

/// Entries in the order of the levels at which they take effect.
template <class Entry>
class ByLevel {
 public:
  ByLevel() = default;
  /// `list(emit)` calls `emit(level, entry)` for each entry; twice, to the same effect. Entries of
  /// one level keep their order.
  template <class List>
  ByLevel(Level levels, List&& list) : begin_(levels + std::int64_t{1}, 0) {
    list([&](Level level, const Entry&) { ++begin_[level + std::size_t{1}]; });
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
    entries_ = Buffer<Entry>(static_cast<std::int64_t>(begin_[levels]));
    auto next = begin_;
    list([&](Level level, const Entry& entry) { entries_[next[level]++] = entry; });
  }

  void pack_into(std::vector<std::byte>& bytes) const {
    pack<std::size_t>(begin_, bytes);
    pack<Entry>(entries_, bytes);
  }
  [[nodiscard]] static ByLevel unpack_from(std::span<const std::byte>& bytes) {
    ByLevel list;
    list.begin_ = unpack<std::size_t>(bytes);
    list.entries_ = unpack<Entry>(bytes);
    return list;
  }

  [[nodiscard]] std::span<const Entry> at(Level level) const {
    return std::span(entries_.data(), entries_.size())
        .subspan(begin_[level], begin_[level + std::size_t{1}] - begin_[level]);
  }

 private:
  Buffer<std::size_t> begin_;
  Buffer<Entry> entries_;
};

/// The clusters of all levels for one min_firms. Cheap to keep: 10 bytes a core and 8 a span.
class DensityForest {
 public:
  /// Points in the order in which they are stored, shared by the forests of all min_firms.
  struct Points {
    Buffer<double> x_m, y_m;
    Buffer<std::int64_t> row;
    Buffer<std::uint32_t> input;  ///< number in the input
  };
  /// `point` is of the cluster of `to`, a core before it, from some level on.
  struct Link {
    std::uint32_t point;
    std::uint32_t to;
  };

  DensityForest() = default;
  /// What `pack_into` wrote of a forest of these points; takes it off `bytes`.
  [[nodiscard]] static DensityForest unpack_from(std::span<const std::byte>& bytes,
                                                 std::shared_ptr<const Points> points);
  /// Appends all but the points.
  void pack_into(std::vector<std::byte>& bytes) const;

  /// By point: joined to `link` from level `joined` on, or never, if that is not below `levels`.
  /// `borders`: points with the core that they join from a level on.
  DensityForest(std::shared_ptr<const Points> points, Level levels, Buffer<Level> core_level,
                std::span<const std::uint32_t> link, std::span<const Level> joined,
                ByLevel<Link> borders);

  /// What `dbscan` returns for this level's eps: the same clusters, numbers and roles. For many
  /// levels, without roles, `ForestCut`.
  [[nodiscard]] DbscanResult cut(Level level) const;

  [[nodiscard]] const Points& points() const { return *points_; }
  [[nodiscard]] const std::shared_ptr<const Points>& shared_points() const { return points_; }
  /// Whether a point, in the order of `points()`, is core.
  [[nodiscard]] bool is_core(std::size_t point, Level level) const {
    return core_level_[point] <= level;
  }
  /// Points that become core at this level, ascending, with a core of the cluster that they join
  /// then; with themselves if they start one.
  [[nodiscard]] std::span<const Link> arrivals(Level level) const { return arrivals_.at(level); }
  /// Cores of lower levels whose cluster merges with another at this level.
  [[nodiscard]] std::span<const Link> mergers(Level level) const { return mergers_.at(level); }
  /// Points that are border from this level on, or join another core, with that core.
  [[nodiscard]] std::span<const Link> borders(Level level) const { return borders_.at(level); }

 private:
  std::shared_ptr<const Points> points_;
  Buffer<Level> core_level_;
  ByLevel<Link> arrivals_;
  ByLevel<Link> mergers_;
  ByLevel<Link> borders_;
};

/// Which rank of a team gets the forest of a min_firms, by position: dealt there and back again, as
/// there is ever less to do for them.
[[nodiscard]] int rank_of_setting(std::size_t setting, int ranks);
/// The min_firms, by position and ascending, whose forests this rank of a team gets.
[[nodiscard]] std::vector<std::size_t> own_settings(const comm::Communicator& team,
                                                    std::size_t settings);

/// The forests of `own_settings`, in their order. The ranks of a team all give the same points
/// and grid, and each some of the pairs. Cells are dealt to whoever is free for core levels and
/// border spans; every second rank grows forests too, those of a run of min_firms. Uses OpenMP
/// threads. Collective over the team: an all-gather of the close trading pairs, 8 bytes each; a
/// round, one of the core levels found, of 2 * min_firms + 4 bytes a point; at last the links of
/// each forest, 6 bytes a point, and its spans go to who gets it. Memory a rank: 24 to 35 bytes a
/// point and own min_firms, 10 a point and min_firms that grow here, 4 a point and min_firms, about
/// 200 a point while it runs, and 40 a trading pair within stretch * the largest eps. Throws as
/// `dbscan` does.
[[nodiscard]] std::vector<DensityForest> density_forests(comm::Team& team, const PointSet& points,
                                                         const Pairs& pairs,
                                                         const SweepGrid& settings);
/// All of them on this rank alone. Not collective.
[[nodiscard]] std::vector<DensityForest> density_forests(const PointSet& points, const Pairs& pairs,
                                                         const SweepGrid& settings);

}  // namespace tradegraph::kernels
