#include "kernels/density_forest.hpp"

#include <algorithm>
#include <bit>
#include <optional>

#include "engine/base/error.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/density_stages.hpp"
#include "kernels/radix_sort.hpp"
#include "kernels/thread_limit.hpp"

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::BorderSpan> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Level> : std::true_type {};

namespace tradegraph::kernels {

void SweepGrid::validate() const {
  const auto ascend = [](const auto& list) {
    return !list.empty() &&
           std::adjacent_find(list.begin(), list.end(), std::greater_equal<>()) == list.end();
  };
  require(ascend(eps_m) && ascend(min_firms), ErrorKind::usage,
          "a sweep takes one or more ascending values of eps and of min_firms");
  for (const auto eps : eps_m) DbscanConfig{eps, min_firms.front(), stretch}.validate();
}

namespace {

void rank_rows(DensityForest::Points& points) {
  const auto n = points.row.size();
  if (n == 0) return;
  const auto [least, most] = std::minmax_element(points.row.begin(), points.row.end());
  const auto offset = static_cast<std::uint64_t>(*least);
  std::vector<KeyedPoint> by_row(n);
  for (std::size_t p = 0; p < n; ++p) {
    by_row[p] = {static_cast<std::uint64_t>(points.row[p]) - offset, static_cast<std::int64_t>(p)};
  }
  const auto bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(*most) - offset));
  sort_by_key(by_row, bits);
  for (std::size_t rank = 0; rank < n; ++rank) {
    points.row_rank[static_cast<std::size_t>(by_row[rank].point)] =
        static_cast<std::uint32_t>(rank);
  }
}

/// The points in the order of the finest grid: neighbours lie together.
std::shared_ptr<const DensityForest::Points> ordered_points(const PointSet& points,
                                                            const SpatialGrid& grid) {
  auto result = std::make_shared<DensityForest::Points>();
  const auto n = points.row.size();
  result->x_m.assign(grid.x(), grid.x() + n);
  result->y_m.assign(grid.y(), grid.y() + n);
  result->row.resize(n);
  result->input.resize(n);
  result->row_rank.resize(n);
  for (std::size_t p = 0; p < n; ++p) {
    const auto i = grid.point(static_cast<std::int64_t>(p));
    result->input[p] = static_cast<std::uint32_t>(i);
    result->row[p] = points.row[static_cast<std::size_t>(i)];
  }
  rank_rows(*result);
  return result;
}

/// Which rank of a team grows the forest of a setting: to and fro, as small min_firms are dear.
int rank_of_setting(std::size_t setting, int ranks) {
  const auto at = static_cast<int>(setting % (2 * static_cast<std::size_t>(ranks)));
  return at < ranks ? at : 2 * ranks - 1 - at;
}

/// Last level that a grid made for level `first` can treat.
Level last_level(const SpatialGrid& grid, const EpsLevels& levels, Level first) {
  auto last = first;
  while (last + 1 < levels.count() && levels.eps_m(last + 1U) <= grid.reach_m()) ++last;
  return last;
}

/// Everything that the rounds of a sweep fill.
class Sweep {
 public:
  Sweep(const comm::Communicator& team, std::shared_ptr<const DensityForest::Points> points,
        const EpsLevels& levels, const SweepGrid& settings, TradePartners partners)
      : team_(team),
        points_(std::move(points)),
        levels_(levels),
        settings_(settings),
        partners_(std::move(partners)),
        core_(points_->row.size(), settings.min_firms.size(), levels.count()),
        spans_(settings.min_firms.size()),
        own_(own_settings(team, settings.min_firms.size())),
        builder_(points_->row.size(), own_) {}

  /// `finest` is the grid of the least eps, its points in their own order.
  void run(SpatialGrid finest) {
    Level first = 0;
    {
      const auto grid = std::move(finest);
      first = treat(grid, first);
    }
    while (first < levels_.count()) {
      const auto grid = comm::collectively(team_, [&] {
        return SpatialGrid({points_->x_m, points_->y_m, points_->row}, levels_.eps_m(first));
      });
      first = treat(grid, first);
    }
  }

  std::vector<DensityForest> take() {
    for (std::size_t k = 0; k < spans_.size() && team_.size() > 1; ++k) {
      spans_[k] = comm::gather_v(team_, std::span<const BorderSpan>(spans_[k]),
                                 rank_of_setting(k, team_.size()))
                      .values;
    }
    std::vector<DensityForest> forests;
    for (std::size_t i = 0; i < own_.size(); ++i) {
      auto& forest = builder_.forest(i);
      forests.emplace_back(points_, core_.column(own_[i]), forest.take_links(),
                           forest.take_levels(), std::move(spans_[own_[i]]));
    }
    return forests;
  }

 private:
  /// One round. Returns the first level of the next.
  Level treat(const SpatialGrid& grid, Level first) {
    const auto last = last_level(grid, levels_, first);
    const CellBlocks own(grid.cells(), team_.rank(), team_.size());
    const SweepRound round{*points_, levels_, settings_.min_firms, partners_, grid, own,
                           first,    last};
    share_core_levels(comm::collectively(team_, [&] { return find_core_levels(round, core_); }));
    comm::collectively(team_, [&] {
      find_border_spans(round, core_, spans_);
      builder_.grow(round, core_);
    });
    return static_cast<Level>(last + 1);
  }

  /// Every rank gets the levels of the points that others settled.
  void share_core_levels(const std::vector<std::uint32_t>& settled) {
    if (team_.size() == 1) return;
    std::vector<Level> levels;
    levels.reserve(settled.size() * core_.settings());
    for (const auto point : settled) {
      const auto* core = core_.of(point);
      levels.insert(levels.end(), core, core + core_.settings());
    }
    const auto points = comm::all_gather_v(team_, std::span<const std::uint32_t>(settled)).values;
    levels = comm::all_gather_v(team_, std::span<const Level>(levels)).values;
    for (std::size_t i = 0; i < points.size(); ++i) {
      std::copy_n(&levels[i * core_.settings()], core_.settings(), core_.of(points[i]));
    }
  }

  const comm::Communicator& team_;
  std::shared_ptr<const DensityForest::Points> points_;
  const EpsLevels& levels_;
  const SweepGrid& settings_;
  TradePartners partners_;
  CoreLevels core_;
  std::vector<std::vector<BorderSpan>> spans_;  ///< by setting
  std::vector<std::size_t> own_;                ///< settings whose forests grow here
  ForestBuilder builder_;
};

}  // namespace

std::vector<std::size_t> own_settings(const comm::Communicator& team, std::size_t settings) {
  std::vector<std::size_t> own;
  for (std::size_t k = 0; k < settings; ++k) {
    if (rank_of_setting(k, team.size()) == team.rank()) own.push_back(k);
  }
  return own;
}

std::vector<DensityForest> density_forests(const comm::Communicator& team, const PointSet& points,
                                           const Pairs& pairs, const SweepGrid& settings) {
  settings.validate();
  check_points(points, pairs);
  const ThreadLimit thread_limit(points.row.size());
  const EpsLevels levels(settings.eps_m, settings.stretch);
  std::optional<SpatialGrid> finest;
  auto sweep = comm::collectively(team, [&] {
    const Thresholds limits({settings.eps_m.back(), 1, settings.stretch});
    finest.emplace(points, settings.eps_m.front());
    const bool trade_matters = settings.stretch > 1;
    const auto close = close_pairs(*finest, points, trade_matters ? pairs : Pairs{}, limits);
    const auto ordered = ordered_points(points, *finest);
    finest->number_by_position();
    return Sweep(team, ordered, levels, settings,
                 TradePartners(points.row.size(), close, levels, limits.stretch_squared));
  });
  sweep.run(std::move(*finest));
  return sweep.take();
}

std::vector<DensityForest> density_forests(const PointSet& points, const Pairs& pairs,
                                           const SweepGrid& settings) {
  return density_forests(comm::Communicator::self(), points, pairs, settings);
}

void DensityForest::cut(Level level, ForestCut& cut) const {
  const auto n = core_level_.size();
  auto& cluster = cut.cluster;
  cluster.resize(n);
  // First the smallest member of each component, by links to smaller ones, then its number.
  std::vector<std::uint32_t> root(n);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> roots;  // smallest row rank, root
  std::vector<std::uint32_t> slot(n);
  for (std::size_t i = 0; i < n; ++i) {
    cluster[i] = -1;
    if (core_level_[i] > level) continue;
    const bool is_linked = joined_[i] <= level;
    root[i] = is_linked ? root[link_[i]] : static_cast<std::uint32_t>(i);
    if (!is_linked) {
      slot[i] = static_cast<std::uint32_t>(roots.size());
      roots.emplace_back(points_->row_rank[i], i);
      continue;
    }
    auto& smallest = roots[slot[root[i]]].first;
    smallest = std::min(smallest, points_->row_rank[i]);
  }
  std::sort(roots.begin(), roots.end());
  for (std::size_t k = 0; k < roots.size(); ++k) {
    cluster[roots[k].second] = static_cast<std::int32_t>(k);
  }
  cut.clusters = static_cast<std::int32_t>(roots.size());
  for (std::size_t i = 0; i < n; ++i) {
    if (core_level_[i] <= level) cluster[i] = cluster[root[i]];
  }
  for (const auto& span : border_) {
    if (span.first <= level && level < span.last) cluster[span.point] = cluster[span.core];
  }
}

DbscanResult DensityForest::cut(Level level) const {
  ForestCut found;
  cut(level, found);
  const auto n = core_level_.size();
  DbscanResult result{std::vector<std::int64_t>(n), std::vector<Role>(n)};
  for (std::size_t p = 0; p < n; ++p) {
    const auto i = points_->input[p];
    result.cluster[i] = found.cluster[p];
    result.role[i] = core_level_[p] <= level ? Role::core
                     : found.cluster[p] < 0  ? Role::noise
                                             : Role::border;
  }
  return result;
}

}  // namespace tradegraph::kernels
