/// The rounds of a sweep of one point set, on a team of ranks.

#include "kernels/density_forest.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/dbscan_stages.hpp"
#include "kernels/density_stages.hpp"
#include "kernels/thread_limit.hpp"

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::BorderSpan> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Level> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Key> : std::true_type {};

namespace tradegraph::kernels {

namespace {

/// The points in the order of the finest grid: neighbours lie together.
std::shared_ptr<const DensityForest::Points> ordered_points(const PointSet& points,
                                                            const SpatialGrid& grid) {
  const auto n = grid.points();
  auto result = std::make_shared<DensityForest::Points>(
      DensityForest::Points{Buffer<double>::copy_of({grid.x(), points.row.size()}),
                            Buffer<double>::copy_of({grid.y(), points.row.size()}),
                            Buffer<std::int64_t>(n), Buffer<std::uint32_t>(n)});
#pragma omp parallel for schedule(static)
  for (std::int64_t p = 0; p < n; ++p) {
    const auto i = grid.point(p);
    result->input[p] = static_cast<std::uint32_t>(i);
    result->row[p] = points.row[static_cast<std::size_t>(i)];
  }
  return result;
}

/// How many ranks grow forests, those of a run of settings each, as most of the work is the same
/// for a few as for one: 0, 2, 4, ... The others find core levels and spans meanwhile.
int count_growers(std::size_t settings, int ranks) {
  return std::max(1, std::min(ranks / 2, static_cast<int>(settings)));
}

int grower_of_setting(std::size_t setting, std::size_t settings, int ranks) {
  const Slices runs(static_cast<std::int64_t>(settings), count_growers(settings, ranks));
  return 2 * runs.part_of(static_cast<std::int64_t>(setting));
}

template <class IsWanted>
std::vector<std::size_t> settings_that(std::size_t settings, IsWanted&& is_wanted) {
  std::vector<std::size_t> wanted;
  for (std::size_t k = 0; k < settings; ++k) {
    if (is_wanted(k)) wanted.push_back(k);
  }
  return wanted;
}

/// Last level that a grid made for level `first` can treat.
Level last_level(const SpatialGrid& grid, const EpsLevels& levels, Level first) {
  auto last = first;
  while (last + 1 < levels.count() && levels.eps_m(last + 1U) <= grid.reach_m()) ++last;
  return last;
}

/// The grid of a round that starts with level `first`. A wide reach saves rounds, but has more
/// cells around each: it pays where levels lie close.
SpatialGrid make_grid(const PointSet& points, const EpsLevels& levels, Level first) {
  const auto taken_in = [&](int reach) {
    const double most = SpatialGrid::reach_m(levels.eps_m(first), reach);
    auto last = first;
    while (last < levels.count() && levels.eps_m(last) <= most) ++last;
    return last - first;
  };
  const auto narrow = taken_in(SpatialGrid::kLeastReach);
  const bool is_wide = narrow > 1 && taken_in(SpatialGrid::kMostReach) > 2 * narrow;
  return {points, levels.eps_m(first),
          is_wide ? SpatialGrid::kMostReach : SpatialGrid::kLeastReach};
}

/// Everything that the rounds of a sweep fill.
class Sweep {
 public:
  Sweep(comm::Team& team, std::shared_ptr<const DensityForest::Points> points,
        const EpsLevels& levels, const SweepGrid& settings, TradePartners partners)
      : ranks_(team.ranks()),
        points_(std::move(points)),
        levels_(levels),
        settings_(settings),
        partners_(std::move(partners)),
        cells_(team.tickets()),
        core_(points_->row.size(), settings.min_firms.size(), levels.count()),
        spans_(settings.min_firms.size()),
        own_(own_settings(ranks_, settings.min_firms.size())),
        builder_(points_->row.size(), settings_that(settings.min_firms.size(), [&](std::size_t k) {
                   return grower_of(k) == ranks_.rank();
                 })) {}

  /// `finest` is the grid of the least eps, its points in their own order. Ranks meet once a round.
  /// Until then growers are busy with the forests of the round before, whose spans and the next
  /// one's core levels others find meanwhile.
  void run(SpatialGrid finest) {
    std::unique_ptr<Rounded> last;
    auto next = std::make_unique<Rounded>(*this, std::move(finest), Level{0});
    cells_.start(number_among_all());
    auto settled =
        comm::collectively(ranks_, [&] { return find_core_levels(next->round, cells_, core_); });
    while (next) {
      share_core_levels(settled);
      cells_.start(last ? number_among_others() : number_among_all());
      settled = comm::collectively(ranks_, [&] {
        const bool is_end = next->round.is_final();
        if (last) builder_.grow(last->round, core_);
        if (is_end) builder_.grow(next->round, core_);
        if (last) find_border_spans(last->round, cells_, core_, spans_);
        last = std::move(next);
        if (is_end) {
          find_border_spans(last->round, cells_, core_, spans_);
          return std::vector<std::uint32_t>();
        }
        next = round_after(last->round.last);
        return find_core_levels(next->round, cells_, core_);
      });
    }
  }

  std::vector<DensityForest> take() {
    std::vector<LevelForests::Links> links;
    auto borders = take_borders();
    for (std::size_t k = 0; k < spans_.size(); ++k) {
      auto of_setting = send_links(k);
      if (rank_of_setting(k, ranks_.size()) == ranks_.rank())
        links.push_back(std::move(of_setting));
    }
    std::vector<DensityForest> forests(own_.size());
#pragma omp parallel for schedule(dynamic, 1)
    for (std::size_t i = 0; i < own_.size(); ++i) {
      const auto [to, joined] = std::move(links[i]);
      forests[i] = DensityForest(points_, levels_.count(), core_.column(own_[i]), to, joined,
                                 std::move(borders[i]));
    }
    return forests;
  }

 private:
  /// A round and its grid.
  struct Rounded {
    Rounded(Sweep& sweep, SpatialGrid its_grid, Level first)
        : grid(std::move(its_grid)),
          round{*sweep.points_,
                sweep.levels_,
                sweep.settings_.min_firms,
                sweep.partners_,
                grid,
                first,
                last_level(grid, sweep.levels_, first)} {}
    SpatialGrid grid;
    SweepRound round;
  };

  /// Which taker of cells this rank is, if all are.
  [[nodiscard]] CellDealer::Taker number_among_all() const {
    return {ranks_.rank(), ranks_.size()};
  }
  /// If only the ranks are that grow no forests; one alone does all.
  [[nodiscard]] CellDealer::Taker number_among_others() const {
    if (ranks_.size() == 1) return number_among_all();
    const int growers = count_growers(spans_.size(), ranks_.size());
    const int rank = ranks_.rank();
    const bool grows = rank < 2 * growers && rank % 2 == 0;
    const int before = std::min(growers, (rank + 1) / 2);  // growers
    return {grows ? -1 : rank - before, ranks_.size() - growers};
  }

  [[nodiscard]] std::unique_ptr<Rounded> round_after(Level level) {
    const auto first = static_cast<Level>(level + 1);
    return std::make_unique<Rounded>(
        *this, make_grid({points_->x_m, points_->y_m, points_->row}, levels_, first), first);
  }

  [[nodiscard]] int grower_of(std::size_t setting) const {
    return grower_of_setting(setting, settings_.min_firms.size(), ranks_.size());
  }

  using Borders = ByLevel<DensityForest::Link>;

  /// `for_each(use)` calls `use(span)` for each span.
  template <class ForEach>
  [[nodiscard]] Borders by_level(ForEach&& for_each) const {
    return {levels_.count(), [&](auto&& emit) {
              for_each([&](const BorderSpan& span) {
                emit(static_cast<Level>(span.first), DensityForest::Link{span.point, span.core});
              });
            }};
  }

  /// The border spans of the forests that are taken here.
  [[nodiscard]] std::vector<Borders> take_borders() {
    std::vector<Borders> borders(own_.size());
    if (ranks_.size() > 1) {
      auto next = borders.begin();
      for (std::size_t k = 0; k < spans_.size(); ++k) {
        const auto all = send_spans(k);
        if (rank_of_setting(k, ranks_.size()) != ranks_.rank()) continue;
        *next++ = by_level([&](auto&& use) {
          for (const auto& span : all) use(span);
        });
      }
      return borders;
    }
#pragma omp parallel for schedule(dynamic, 1)
    for (std::size_t k = 0; k < spans_.size(); ++k) {
      const auto lists = std::exchange(spans_[k], {});
      borders[k] = by_level([&](auto&& use) {
        for (const auto& list : lists) list.for_each(use);
      });
    }
    return borders;
  }

  /// The spans of a setting go to the rank that takes its forest.
  [[nodiscard]] std::vector<BorderSpan> send_spans(std::size_t setting) {
    std::vector<BorderSpan> mine;
    for (const auto& list : std::exchange(spans_[setting], {})) {
      list.for_each([&](const BorderSpan& span) { mine.push_back(span); });
    }
    return comm::gather_v(ranks_, std::span<const BorderSpan>(mine),
                          rank_of_setting(setting, ranks_.size()))
        .values;
  }

  /// And so do its links, from the rank that grew them.
  [[nodiscard]] LevelForests::Links send_links(std::size_t setting) {
    const int from = grower_of(setting);
    const int to = rank_of_setting(setting, ranks_.size());
    LevelForests::Links links;
    if (from == ranks_.rank()) links = builder_.take(setting);
    if (from != to) links = {sent(links.to, from, to), sent(links.joined, from, to)};
    return links;
  }

  template <class T>
  [[nodiscard]] Buffer<T> sent(const Buffer<T>& by_point, int from, int to) const {
    std::vector<std::int64_t> leaving(static_cast<std::size_t>(ranks_.size()), 0);
    auto coming = leaving;
    Buffer<T> received(to == ranks_.rank() ? points_->row.ssize() : 0);
    if (from == ranks_.rank()) leaving[static_cast<std::size_t>(to)] = by_point.ssize();
    if (to == ranks_.rank()) coming[static_cast<std::size_t>(from)] = received.ssize();
    comm::exchange<T>(ranks_, {by_point.data(), by_point.size()}, leaving,
                      {received.data(), received.size()}, coming);
    return received;
  }

  /// Every rank gets the levels of the points that others settled.
  void share_core_levels(const std::vector<std::uint32_t>& settled) {
    if (ranks_.size() == 1) return;
    std::vector<Level> levels;
    levels.reserve(settled.size() * core_.settings());
    for (const auto point : settled) {
      const auto* core = core_.of(point);
      levels.insert(levels.end(), core, core + core_.settings());
    }
    const auto points = comm::all_gather_v(ranks_, std::span<const std::uint32_t>(settled)).values;
    levels = comm::all_gather_v(ranks_, std::span<const Level>(levels)).values;
    for (std::size_t i = 0; i < points.size(); ++i) {
      std::copy_n(&levels[i * core_.settings()], core_.settings(), core_.of(points[i]));
    }
  }

  const comm::Communicator& ranks_;  ///< of the team
  std::shared_ptr<const DensityForest::Points> points_;
  const EpsLevels& levels_;
  const SweepGrid& settings_;
  TradePartners partners_;
  CellDealer cells_;
  CoreLevels core_;
  SpanLists spans_;
  std::vector<std::size_t> own_;  ///< settings whose forests are taken here
  ForestBuilder builder_;
};

}  // namespace

int rank_of_setting(std::size_t setting, int ranks) {
  const auto number = static_cast<std::size_t>(ranks);
  const auto at = setting % number;
  return static_cast<int>(setting / number % 2 == 0 ? at : number - 1 - at);
}

std::vector<std::size_t> own_settings(const comm::Communicator& team, std::size_t settings) {
  return settings_that(
      settings, [&](std::size_t k) { return rank_of_setting(k, team.size()) == team.rank(); });
}

std::vector<DensityForest> density_forests(comm::Team& team, const PointSet& points,
                                           const Pairs& pairs, const SweepGrid& settings) {
  settings.validate();
  const auto& ranks = team.ranks();
  const ThreadLimit thread_limit(points.row.size());
  const EpsLevels levels(settings.eps_m, settings.stretch);
  const Thresholds limits({settings.eps_m.back(), 1, settings.stretch});
  const bool trade_matters = settings.stretch > 1;
  std::optional<SpatialGrid> finest;
  auto keys = comm::collectively(ranks, [&] {
    check_points(points, pairs);
    finest.emplace(make_grid(points, levels, 0));
    return close_keys(*finest, points, trade_matters ? pairs : Pairs{}, limits);
  });
  if (trade_matters && ranks.size() > 1) {
    keys = comm::all_gather_v(ranks, std::span<const Key>(keys)).values;
  }
  auto sweep = comm::collectively(ranks, [&] {
    const auto close = pairs_of_keys(*finest, std::move(keys));
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
  comm::Team alone(comm::Communicator::self(), 0);
  return density_forests(alone, points, pairs, settings);
}

}  // namespace tradegraph::kernels
