#include "kernels/sweep.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <optional>

#include "engine/base/error.hpp"
#include "engine/base/text.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::SettingCluster> : std::true_type {};

namespace tradegraph::kernels {

void SweepConfig::validate() const {
  baseline.validate();
  require(absorb_radius_m >= 0 && std::isfinite(absorb_radius_m), ErrorKind::usage,
          "absorb_radius must be 0 (eps) or a length in metres, not " + to_text(absorb_radius_m));
}

namespace {

std::vector<std::int64_t> sizes(const std::vector<SettingCluster>& clusters) {
  std::vector<std::int64_t> result;
  for (const auto& cluster : clusters) result.push_back(cluster.firms);
  return result;
}

/// The values that occur among the settings.
SweepGrid grid_of(std::span<const DbscanConfig> settings) {
  SweepGrid grid{{}, {}, settings.front().stretch};
  for (const auto& setting : settings) {
    grid.eps_m.push_back(setting.eps_m);
    grid.min_firms.push_back(setting.min_firms);
  }
  const auto distinct = [](auto& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  };
  distinct(grid.eps_m);
  distinct(grid.min_firms);
  return grid;
}

template <class T>
std::size_t position(const std::vector<T>& ascending, T value) {
  return static_cast<std::size_t>(std::lower_bound(ascending.begin(), ascending.end(), value) -
                                  ascending.begin());
}

/// Positions first..last - 1 of a list.
struct Range {
  std::size_t first;
  std::size_t last;
};

/// Runs of settings that agree in what `part` takes of them.
template <class Part>
std::vector<Range> runs_of(std::span<const DbscanConfig> settings, Part&& part) {
  std::vector<Range> runs;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const bool is_new = i == 0 || part(settings[i]) != part(settings[i - 1]);
    if (is_new) runs.push_back({i, i});
    ++runs.back().last;
  }
  return runs;
}

std::vector<Range> runs_of_stretch(std::span<const DbscanConfig> settings) {
  return runs_of(settings, [](const auto& setting) { return setting.stretch; });
}

std::vector<Range> runs_of_min_firms(std::span<const DbscanConfig> settings) {
  return runs_of(settings, [](const auto& setting) { return setting.min_firms; });
}

}  // namespace

SweepStudy::SweepStudy(comm::Team& team, const WholeNation& nation, const SweepConfig& config,
                       std::span<const std::int32_t> division_of_class,
                       std::span<const DbscanConfig> settings)
    : team_(team),
      nation_(nation),
      config_(config),
      division_of_class_(division_of_class.begin(), division_of_class.end()) {
  config.validate();
  comm::collectively(team.ranks(), [&] {
    groups_ = sweep_groups(nation);
    if (config.indicators) partners_ = partners_of(nation);
  });
  find_baseline(settings);
}

void SweepStudy::find_baseline(std::span<const DbscanConfig> settings) {
  const auto& at = config_.baseline;
  std::vector<DbscanConfig> together;
  for (const auto& setting : settings) {
    if (setting.stretch == at.stretch) together.push_back(setting);
  }
  // Below the others' eps it would cost them rounds of their own.
  const bool is_apart = std::all_of(together.begin(), together.end(),
                                    [&](const auto& setting) { return setting.eps_m > at.eps_m; });
  if (is_apart) together.clear();
  together.push_back(at);
  const auto grid = grid_of(together);
  auto forests = grow(grid);
  const int owner = rank_of_setting(position(grid.min_firms, at.min_firms), team_.ranks().size());
  comm::collectively(team_.ranks(), [&] {
    const auto own = own_number(grid, at.min_firms);
    if (own < 0) return;
    baseline_ = label_series(forests, static_cast<std::size_t>(own))
                    .next(static_cast<Level>(position(grid.eps_m, at.eps_m)), at.eps_m);
  });
  comm::broadcast(team_.ranks(), baseline_.label, owner);
  comm::broadcast(team_.ranks(), baseline_.clusters, owner);
  baseline_sizes_ = sizes(baseline_.clusters);
  if (!is_apart) kept_ = std::move(forests);
}

SweepStudy::Forests SweepStudy::grow(const SweepGrid& grid) const {
  Forests forests{grid, group_forests(team_, nation_, groups_, grid), {}};
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    auto& firm = forests.firm.emplace_back();
    if (forests.of_group[g].empty()) continue;
    for (const auto p : forests.of_group[g].front().points().input) {
      firm.push_back(groups_[g].firm[p]);
    }
  }
  return forests;
}

LabelSeries SweepStudy::label_series(const Forests& forests, std::size_t own) const {
  std::vector<GroupForest> of_groups;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    of_groups.push_back({groups_[g].code, &forests.of_group[g][own], forests.firm[g]});
  }
  return {nation_, of_groups, config_.absorb, config_.absorb_radius_m};
}

std::vector<Overlap> SweepStudy::overlaps_with_baseline(std::span<const std::int32_t> label) const {
  auto table = overlaps(baseline_.label, label);
  const auto unplaced = static_cast<std::int64_t>(nation_.firms()) - nation_.placed;
  if (unplaced == 0) return table;
  // They are noise in both, which comes first.
  table.front().firms -= unplaced;
  if (table.front().firms == 0) table.erase(table.begin());
  return table;
}

SettingResult SweepStudy::evaluate(const SettingLabels& labels, const DbscanConfig& setting,
                                   IndicatorSeries* series) const {
  SettingResult result;
  result.setting = setting;
  result.clusters = static_cast<std::int64_t>(labels.clusters.size());
  result.largest = labels.clusters.empty() ? 0 : labels.clusters.front().firms;
  const auto of_clusters = sizes(labels.clusters);
  std::int64_t members = 0;
  for (const auto size : of_clusters) members += size;
  result.noise_share =
      ratio(static_cast<double>(nation_.placed - members), static_cast<double>(nation_.placed));
  const auto table = overlaps_with_baseline(labels.label);
  if (nation_.placed > 0) result.ari = adjusted_rand(table);
  if (nation_.placed > 0 && config_.ami) result.ami = adjusted_mutual_information(table);
  result.stability = stability(table, baseline_sizes_, of_clusters);
  if (series == nullptr) return result;
  auto indicators = series->next(labels.label, labels.clusters.size());
  find_types(indicators, config_.screen);
  for (const auto& at : result.stability) {
    result.indicators.push_back(at.best < 0 ? ShareIndicators{}
                                            : indicators[static_cast<std::size_t>(at.best)]);
  }
  return result;
}

/// Settings of one min_firms, eps ascending.
std::vector<SettingResult> SweepStudy::evaluate(const Forests& forests, std::size_t own,
                                                std::span<const DbscanConfig> settings) const {
  std::vector<SettingResult> results(settings.size());
  std::exception_ptr failure;
  // Neighbouring eps for a thread: they have most in common.
  const auto grain = std::max<std::ptrdiff_t>(1, std::ssize(settings) / 4 / omp_get_max_threads());
#pragma omp parallel
  {
    std::optional<LabelSeries> labels;
    std::unique_ptr<IndicatorSeries> indicators;
#pragma omp for schedule(monotonic : dynamic, grain)
    for (std::size_t i = 0; i < settings.size(); ++i) {
      try {
        const auto eps_m = settings[i].eps_m;
        if (!labels) labels.emplace(label_series(forests, own));
        if (config_.indicators && indicators == nullptr) {
          indicators = std::make_unique<IndicatorSeries>(nation_, partners_, division_of_class_);
        }
        const auto level = static_cast<Level>(position(forests.grid.eps_m, eps_m));
        results[i] = evaluate(labels->next(level, eps_m), settings[i], indicators.get());
      } catch (...) {
#pragma omp critical
        failure = std::current_exception();
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
  return results;
}

std::ptrdiff_t SweepStudy::own_number(const SweepGrid& grid, std::int64_t min_firms) const {
  const auto own = own_settings(team_.ranks(), grid.min_firms.size());
  const auto at = std::find(own.begin(), own.end(), position(grid.min_firms, min_firms));
  return at == own.end() ? -1 : at - own.begin();
}

SweepGrid SweepStudy::grid_for(std::span<const DbscanConfig> settings) const {
  auto grid = grid_of(settings);
  const auto covers = [](const auto& all, const auto& some) {
    return std::includes(all.begin(), all.end(), some.begin(), some.end());
  };
  if (kept_ && kept_->grid.stretch == grid.stretch && covers(kept_->grid.eps_m, grid.eps_m) &&
      covers(kept_->grid.min_firms, grid.min_firms)) {
    return kept_->grid;
  }
  return grid;
}

void SweepStudy::run_stretch(std::span<const DbscanConfig> settings, std::size_t first,
                             const Take& take) {
  const auto grid = grid_for(settings);
  auto kept = std::exchange(kept_, std::nullopt);
  const auto forests = kept && kept->grid == grid ? std::move(*kept) : grow(grid);
  comm::collectively(team_.ranks(), [&] {
    for (const auto& run : runs_of_min_firms(settings)) {
      const auto own = own_number(grid, settings[run.first].min_firms);
      if (own < 0) continue;
      take(first + run.first, evaluate(forests, static_cast<std::size_t>(own),
                                       settings.subspan(run.first, run.last - run.first)));
    }
  });
}

/// The forests that are kept are needed no longer than that: their stretch comes first.
void SweepStudy::run(std::span<const DbscanConfig> settings, const Take& take) {
  auto runs = runs_of_stretch(settings);
  std::stable_partition(runs.begin(), runs.end(), [&](const Range& run) {
    return settings[run.first].stretch == config_.baseline.stretch;
  });
  for (const auto& run : runs) {
    run_stretch(settings.subspan(run.first, run.last - run.first), run.first, take);
  }
}

std::int64_t SweepStudy::count_own(std::span<const DbscanConfig> settings) const {
  std::int64_t count = 0;
  for (const auto& stretch : runs_of_stretch(settings)) {
    const auto some = settings.subspan(stretch.first, stretch.last - stretch.first);
    const auto grid = grid_for(some);
    count += std::count_if(some.begin(), some.end(), [&](const auto& setting) {
      return own_number(grid, setting.min_firms) >= 0;
    });
  }
  return count;
}

}  // namespace tradegraph::kernels
