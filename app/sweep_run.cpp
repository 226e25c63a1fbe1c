#include "app/sweep_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>

#include "app/cluster_stage.hpp"
#include "app/interruption.hpp"
#include "app/sweep_parts.hpp"
#include "engine/base/random.hpp"
#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"

namespace tradegraph::app {

namespace {

/// The nation on every rank, and the names of what its codes mean.
struct SweepInput {
  kernels::WholeNation nation;
  StringColumn group_names;
  std::vector<std::int32_t> division_of_class;
  std::string digest;
};

/// How many teams of ranks share out the settings: a team of ranks deals out its min_firms, so more
/// ranks than those would be idle.
int teams_of(const Context& context, const SweepOptions& options) {
  const auto most = static_cast<int>(options.min_firms.size());
  return (context.world().size() + most - 1) / most;
}

/// Bytes a rank: the nation, the forests of its min_firms, and what a thread needs for a setting.
std::int64_t needed_bytes(const Context& context, const SweepOptions& options, std::int64_t firms,
                          std::int64_t links) {
  const auto settings = static_cast<std::int64_t>(options.min_firms.size()) + 1;  // the baseline's
  const auto ranks = context.world().size() / teams_of(context, options);  // of the least team
  const auto among = [&](int some) { return (settings + some - 1) / some; };
  // Every second rank grows forests, and all share the finished ones.
  const auto forests = 4 * settings + 10 * among(std::max(1, ranks / 2)) + 24 * among(ranks);
  const std::int64_t a_thread = options.indicators ? 80 : 40;
  const auto threads = std::max(1, context.options().threads);
  return firms * (300 + forests + a_thread * threads) + links * 80;
}

/// The industry class of each firm on this rank; fills the division of each class.
std::vector<std::int32_t> industry_classes(const TradeNetwork& network,
                                           const IndustryLevels& levels,
                                           std::vector<std::int32_t>& division_of_class) {
  const auto& industry = network.table().industry;
  if (industry.dictionary.size() == 0) return {};
  const auto classes =
      recode(industry.dictionary, [&](std::string_view code) { return class_of(code, levels); });
  const auto divisions =
      recode(classes.names, [&](std::string_view code) { return division_of(code, levels); });
  division_of_class = divisions.codes;
  return apply(classes, industry.codes);
}

SweepInput load_input(const Context& context, Provenance& provenance, const std::string& snapshot,
                      const SweepOptions& options) {
  const auto grid = context.make_grid();
  const auto network =
      provenance.stage("load", [&] { return load_network(context, grid, snapshot); });
  provenance.snapshot(network.metadata().year, network.metadata(), network.firms(),
                      network.link_count(), snapshot);
  context.require_memory(needed_bytes(context, options, network.firms(), network.link_count()),
                         "a sweep over " + snapshot);
  SweepInput input;
  input.digest = network.metadata().digest;
  provenance.stage("gather", [&] {
    const auto groups = industry_groups(network, options.identify);
    input.group_names = groups.names;
    std::vector<std::int32_t> klass;
    if (options.indicators) {
      klass = industry_classes(network, options.identify.levels, input.division_of_class);
    }
    const auto places = firm_places(network, groups, options.identify.absorb_rule());
    const auto trade = options.uses_trade() ? network.trade_pairs() : kernels::TradePairs();
    input.nation = kernels::gather_nation(grid.group(), places, trade,
                                          options.identify.groups == "none", klass);
  });
  return input;
}

/// A digest of everything that a setting's result depends on, beside the setting.
class Fingerprint {
 public:
  void add(std::uint64_t bits) {
    low_ = mix64(low_ ^ mix64(bits));
    high_ = mix64(high_ + mix64(bits ^ 0x5851f42d4c957f2dULL));
  }
  void add(double value) { add(std::bit_cast<std::uint64_t>(value)); }
  void add(const std::string& text) {
    add(std::uint64_t{text.size()});
    for (const char c : text) add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
  }
  [[nodiscard]] std::string text() const { return fmt::format("{:016x}{:016x}", high_, low_); }

 private:
  std::uint64_t low_ = 1;
  std::uint64_t high_ = 2;
};

std::string fingerprint(const SweepInput& input, const SweepOptions& options) {
  Fingerprint print;
  print.add(std::string(TRADEGRAPH_VERSION));
  print.add(input.digest);
  for (const auto group : input.nation.industry_group) {
    print.add(static_cast<std::uint64_t>(static_cast<std::uint32_t>(group)));
  }
  print.add(options.identify.absorb);
  print.add(options.identify.absorb_radius_m);
  print.add(options.identify.groups == "none" ? 1.0 : 0.0);
  print.add(options.ami ? 1.0 : 0.0);
  for (const auto bound :
       {options.select.top, options.select.min_nodes, options.select.min_links}) {
    print.add(static_cast<std::uint64_t>(bound));
  }
  return print.text();
}

SweepPlan make_plan(const SweepInput& input, const SweepOptions& options,
                    const kernels::SweepStudy& study) {
  SweepPlan plan{options.settings(), options.baseline,           {}, {},
                 options.indicators, fingerprint(input, options)};
  for (const auto& cluster : study.baseline()) {
    plan.baseline_firms.push_back(cluster.firms);
    const bool is_named = options.identify.groups != "none";
    plan.baseline_group.emplace_back(is_named ? input.group_names[cluster.group] : "");
  }
  return plan;
}

/// The share of `team` in the settings at `positions`: those of neighbouring eps. For each of its
/// eps a team counts neighbours once for all min_firms, so teams with the same eps repeat each
/// other's work, and teams with the same min_firms do not.
std::vector<std::size_t> share_out(const std::vector<kernels::DbscanConfig>& settings,
                                   const std::vector<std::size_t>& positions, int team, int teams) {
  // A forest grows in ever fewer steps as eps rises; labels take the same time for any.
  double least_eps = std::numeric_limits<double>::infinity();
  for (const auto p : positions) least_eps = std::min(least_eps, settings[p].eps_m);
  const auto weight = [&](double eps_m) { return 1 + 4 * least_eps / eps_m; };
  std::map<std::pair<double, double>, std::vector<std::size_t>> of_eps;  // by stretch and eps
  double total = 0;
  double largest = 0;
  for (const auto p : positions) {
    auto& same = of_eps[{settings[p].stretch, settings[p].eps_m}];
    same.push_back(p);
    total += weight(settings[p].eps_m);
    largest = std::max(largest, weight(settings[p].eps_m) * static_cast<double>(same.size()));
  }
  const bool divides_eps = largest * teams > total;  // there are more teams than eps to give them
  std::vector<std::size_t> mine;
  double before = 0;
  for (const auto& [key, same] : of_eps) {
    const auto all = weight(key.second) * static_cast<double>(same.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
      const auto middle = divides_eps ? before + weight(key.second) * (static_cast<double>(i) + 0.5)
                                      : before + all / 2;
      if (std::min(static_cast<int>(middle / total * teams), teams - 1) == team)
        mine.push_back(same[i]);
    }
    before += all;
  }
  std::sort(mine.begin(), mine.end());
  return mine;
}

/// Which settings are finished; empty where none is resumed.
std::vector<std::uint8_t> find_finished(const Context& context, const SweepFolder& folder,
                                        const SweepPlan& plan) {
  const auto& world = context.world();
  auto finished = comm::collectively(world, [&] {
    return world.is_root() && context.options().resume ? folder.finished(plan)
                                                       : std::vector<std::uint8_t>();
  });
  comm::broadcast(world, finished);
  return finished;
}

/// Positions of the settings that are left for a team.
std::vector<std::size_t> share_of_team(const std::vector<kernels::DbscanConfig>& settings,
                                       const std::vector<std::uint8_t>& finished,
                                       const Shard& shard, int team, int teams) {
  const Slices of_shards(static_cast<std::int64_t>(settings.size()), static_cast<int>(shard.count));
  const auto number = static_cast<int>(shard.number);
  std::vector<std::size_t> left;
  for (auto s = of_shards.begin(number); s < of_shards.begin(number + 1); ++s) {
    const auto position = static_cast<std::size_t>(s);
    if (finished.empty() || finished[position] == 0) left.push_back(position);
  }
  return share_out(settings, left, team, teams);
}

std::vector<kernels::DbscanConfig> settings_at(const std::vector<kernels::DbscanConfig>& all,
                                               const std::vector<std::size_t>& positions) {
  std::vector<kernels::DbscanConfig> settings;
  for (const auto position : positions) settings.push_back(all[position]);
  return settings;
}

/// Evaluates the settings at these positions, which are those of the team. Collective over it.
void evaluate(const Context& context, kernels::SweepStudy& study, const SweepFolder& folder,
              const SweepPlan& plan, const std::vector<std::size_t>& positions) {
  const auto settings = settings_at(plan.settings, positions);
  auto& progress = context.progress();
  const auto own = study.count_own(settings);
  progress.start("settings of rank 0", own);
  std::int64_t done = 0;
  study.run(settings, [&](std::size_t begin, const std::vector<kernels::SettingResult>& results) {
    const auto first = positions.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::vector<std::size_t> some(first, first + static_cast<std::ptrdiff_t>(results.size()));
    folder.write(plan, some, results);
    done += static_cast<std::int64_t>(results.size());
    progress.update(done);
    if (asked_to_stop() && done < own) {
      throw Error(ErrorKind::interrupted, "stopped by a signal; --resume goes on");
    }
  });
  progress.finish();
}

SweepPlan run_sweep(const Context& context, const SweepInput& input, const SweepOptions& options,
                    const Shard& shard, const std::string& folder) {
  const auto& world = context.world();
  const auto teams = teams_of(context, options);
  const auto number = Slices(world.size(), teams).part_of(world.rank());
  comm::Team team(world, number);
  const auto all = options.settings();
  std::vector<kernels::DbscanConfig> expected;  // what is left to resume is known with the baseline
  if (!context.options().resume) {
    expected = settings_at(all, share_of_team(all, {}, shard, number, teams));
  }
  // What fails in a team fails on all its ranks, so none is left waiting.
  auto study = comm::collectively(world, [&] {
    return kernels::SweepStudy(team, input.nation, options.config(), input.division_of_class,
                               expected);
  });
  auto plan = make_plan(input, options, study);
  const SweepFolder parts(folder);
  comm::collectively(world, [&] {
    if (!world.is_root()) return;
    const bool alone = shard.count == 1;
    if (alone && !context.options().resume) parts.clear();
    parts.claim(plan);
  });
  const auto mine = share_of_team(all, find_finished(context, parts, plan), shard, number, teams);
  comm::collectively(world, [&] { evaluate(context, study, parts, plan, mine); });
  return plan;
}

}  // namespace

SweepPlan compute_sweep(const Context& context, Provenance& provenance, const std::string& snapshot,
                        const SweepOptions& options, const Shard& shard,
                        const std::string& folder) {
  const auto input = load_input(context, provenance, snapshot, options);
  return provenance.stage("sweep",
                          [&] { return run_sweep(context, input, options, shard, folder); });
}

void join_sweep(const Context& context, const SweepPlan& plan, const std::string& folder) {
  const auto clusters = comm::collectively(context.world(), [&] {
    return context.world().is_root() ? SweepFolder(folder).join(plan) : std::vector<Persistence>();
  });
  const auto settings = static_cast<std::int64_t>(plan.settings.size());
  const auto count = [&](auto&& is_such) {
    return std::count_if(clusters.begin(), clusters.end(), is_such);
  };
  context.print(fmt::format(
      "{} settings beside a baseline of {} clusters (eps {}, min_firms {}, stretch {})\n"
      "{} clusters survive in all settings, {} in half of them or more, {} in none\n",
      settings, clusters.size(), plan.baseline.eps_m, plan.baseline.min_firms,
      plan.baseline.stretch, count([&](auto& c) { return c.survived == settings; }),
      count([&](auto& c) { return 2 * c.survived >= settings; }),
      count([](auto& c) { return c.survived == 0; })));
}

}  // namespace tradegraph::app
