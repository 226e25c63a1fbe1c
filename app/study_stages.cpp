#include "app/study_stages.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "app/import_stage.hpp"
#include "app/members.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/snapshot.hpp"

namespace tradegraph::app {

namespace {

/// Digest of what a snapshot holds, from its head alone; "none" where there is no such snapshot.
/// Collective.
std::string snapshot_digest(const Context& context, const std::string& path) {
  auto digest = comm::collectively(context.world(), [&]() -> std::string {
    if (!context.world().is_root() || !std::filesystem::exists(path)) return "none";
    try {
      return io::read_snapshot_summary(path).metadata.digest;
    } catch (const Error&) {
      return "none";
    }
  });
  comm::broadcast(context.world(), digest);
  return digest;
}

std::string text_of(const std::map<std::string, std::string>& names) {
  std::string text;
  for (const auto& [ours, theirs] : names) text += fmt::format("{}={:?} ", ours, theirs);
  return text;
}

}  // namespace

io::ImportOptions import_options(const StudyFile& study, const std::string& folder,
                                 std::int64_t year) {
  io::ImportOptions options;
  options.firms = study.firms_path(year);
  if (!study.trade.empty()) options.trade = study.trade_path(year);
  options.year = year;
  options.columns = study.columns;
  options.input_crs = study.crs;
  options.project = study.project;
  options.skip_bad_rows = study.skip_bad_rows;
  if (study.skip_bad_rows) options.rejects = folder + "/rejects_" + std::to_string(year) + ".csv";
  return options;
}

namespace {

/// What a snapshot is made from, and the snapshot itself as it is now. Collective.
std::string import_work(const StudyRun& run, const StudyFile& study,
                        const io::ImportOptions& options) {
  std::vector<std::string> files{options.firms};
  if (options.trade) files.push_back(*options.trade);
  const auto concordance = study.concordance_path(options.year);
  if (!concordance.empty()) files.push_back(concordance);
  if (options.rejects) files.push_back(*options.rejects);
  return fmt::format("crs {} project {} skip {} columns {}{}files {} snapshot {}",
                     options.input_crs, options.project, options.skip_bad_rows,
                     text_of(options.columns.firms), text_of(options.columns.trade),
                     digests_of(run.context, files),
                     snapshot_digest(run.context, run.snapshot(options.year)));
}

}  // namespace

void import_year(const StudyRun& run, const StudyFile& study, std::int64_t year) {
  const auto options = import_options(study, run.folder, year);
  const auto stage = "import " + std::to_string(year);
  run.provenance.stage(stage, [&] {
    const bool may_keep = run.context.options().resume;
    if (may_keep && run.kept.find(stage, import_work(run, study, options))) return;
    io::write_snapshot(run.context.world(), run.snapshot(year),
                       import_network(run.context, options, study.concordance_path(year)),
                       {.deflate_level = study.deflate_level});
    run.kept.keep(stage, import_work(run, study, options), {});
  });
}

namespace {

std::string groups_work(const StudyRun& run, const StudyFile& study) {
  auto text = fmt::format("digits {} groups {} .. {} restarts {} seed {} snapshots",
                          study.group.digits, study.group.least_groups, study.group.most_groups,
                          study.group.restarts, run.context.options().seed);
  for (const auto year : study.years) {
    text += " " + snapshot_digest(run.context, run.snapshot(year));
  }
  std::vector<std::string> files{run.file("groups.csv"), run.file("groups_candidates.csv"),
                                 run.file("groups_relatedness.csv")};
  if (!study.group.flows.empty()) files.push_back(study.group.flows);
  return text + " files " + digests_of(run.context, files);
}

}  // namespace

void group_study(const StudyRun& run, StudyFile& study) {
  if (study.identify.groups != kRelatedGroups) return;
  study.identify.groups = run.file("groups.csv");
  if (run.context.options().resume) {
    if (const auto found = run.kept.find("groups", groups_work(run, study))) {
      record_grouping(run.provenance, GroupingFigures::of(*found));
      return;
    }
  }
  IndustryTables tables(study.group.digits);
  if (!study.group.flows.empty()) tables.read_flows(run.grid.group(), study.group.flows);
  for (const auto year : study.years) {
    add_snapshot(run.context, run.provenance, run.grid, run.snapshot(year), tables);
  }
  const auto figures =
      write_groups(run.context, run.provenance, tables, study.group,
                   static_cast<std::uint64_t>(run.context.options().seed), study.identify.groups);
  run.kept.keep("groups", groups_work(run, study), figures.by_name());
}

namespace {

std::string identify_work(const StudyRun& run, const StudyFile& study,
                          const TradeNetwork& network) {
  const auto& one = study.identify;
  auto text =
      fmt::format("snapshot {} eps {} min_firms {} stretch {} absorb {} radius {} digits {}",
                  network.metadata().digest, one.eps_m, one.min_firms, one.stretch, one.absorb,
                  one.absorb_radius_m, one.levels.division_digits);
  for (const auto& [group, own] : one.per_group) {
    text += fmt::format(" {:?} eps {} min_firms {}", group, own.eps_m.value_or(one.eps_m),
                        own.min_firms.value_or(one.min_firms));
  }
  std::vector<std::string> files{run.members(network.metadata().year)};
  if (!is_rule_of_groups(one.groups)) files.push_back(one.groups);
  return text + " groups " + (is_rule_of_groups(one.groups) ? one.groups : "of") + " files " +
         digests_of(run.context, files);
}

StageFigures figures_of(const kernels::IdentifySummary& summary) {
  const auto one = [](std::int64_t value) {
    return std::vector<double>{static_cast<double>(value)};
  };
  return {{"clusters", one(summary.clusters)},
          {"clusters_without_stretch", one(summary.clusters_without_stretch)},
          {"core", one(summary.core)},
          {"border", one(summary.border)},
          {"absorbed", one(summary.absorbed)},
          {"noise", one(summary.noise)},
          {"without_place", one(summary.without_place)},
          {"largest", one(summary.sizes.empty() ? 0 : summary.sizes.front())}};
}

kernels::IdentifySummary summary_of(const StageFigures& figures) {
  const auto one = [&](const char* name) {
    return static_cast<std::int64_t>(figures.at(name).at(0));
  };
  kernels::IdentifySummary summary;
  summary.clusters = one("clusters");
  summary.clusters_without_stretch = one("clusters_without_stretch");
  summary.core = one("core");
  summary.border = one("border");
  summary.absorbed = one("absorbed");
  summary.noise = one("noise");
  summary.without_place = one("without_place");
  summary.sizes = {one("largest")};
  return summary;
}

void tell(const StudyRun& run, const std::string& year, const kernels::IdentifySummary& summary) {
  run.provenance.figure("agglomerations without stretch " + year,
                        static_cast<double>(summary.clusters_without_stretch));
  run.context.print("\n" + year + ": " + describe(summary));
}

}  // namespace

YearClusters identify_year(const StudyRun& run, const StudyFile& study,
                           const TradeNetwork& network) {
  const auto year = std::to_string(network.metadata().year);
  const auto path = run.members(network.metadata().year);
  const auto stage = "identify " + year;
  if (run.context.options().resume) {
    if (const auto found = run.kept.find(stage, identify_work(run, study, network))) {
      tell(run, year, summary_of(*found));
      return read_clusters(network, path);
    }
  }
  YearClusters clusters;
  clusters.groups = industry_groups(network, study.identify);
  auto found = identify_clusters(network, clusters.groups, study.identify,
                                 {.may_lack_groups = study.years.size() > 1});
  write_members(path, run.context, network, clusters.groups, found.membership);
  run.kept.keep(stage, identify_work(run, study, network), figures_of(found.summary));
  tell(run, year, found.summary);
  clusters.role = role_codes(found.membership);
  for (const auto role : found.membership.role) {
    clusters.is_core.push_back(role == kernels::Role::core ? 1 : 0);
  }
  clusters.labels = std::move(found.membership.label);
  clusters.clusters = found.summary.clusters;
  return clusters;
}

}  // namespace tradegraph::app
