#include <CLI/CLI.hpp>
#include <filesystem>

#include "app/cluster_tables.hpp"
#include "app/commands/commands.hpp"
#include "app/import_stage.hpp"
#include "app/interruption.hpp"
#include "app/output.hpp"
#include "app/report.hpp"
#include "app/settings_record.hpp"
#include "app/study.hpp"
#include "app/study_file.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "io/file_digest.hpp"
#include "io/import.hpp"
#include "io/snapshot.hpp"

namespace tradegraph::app {

namespace {

struct RunCommand {
  std::string study;
  std::string output;
};

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

/// Whether the snapshot was made from the very files that the study names, by a study file that has
/// not been changed since. Collective.
bool is_current(const std::string& snapshot, const std::string& study_file,
                const io::ImportOptions& options, const Context& context) {
  namespace fs = std::filesystem;
  return comm::collectively(context.world(), [&] {
    if (!fs::exists(snapshot)) return false;
    if (fs::last_write_time(study_file) > fs::last_write_time(snapshot)) return false;
    const auto metadata = io::read_snapshot_summary(snapshot).metadata;
    std::vector<std::string> paths{options.firms};
    if (options.trade) paths.push_back(*options.trade);
    if (metadata.inputs.size() != paths.size()) return false;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (io::sha256_of_file(paths[i]) != metadata.inputs[i].sha256) return false;
    }
    return true;
  });
}

void import_year(const Context& context, Provenance& provenance, const StudyFile& study,
                 const std::string& folder, std::int64_t year) {
  const auto options = import_options(study, folder, year);
  const auto snapshot = folder + "/" + std::to_string(year) + ".h5";
  provenance.stage("import " + std::to_string(year), [&] {
    if (context.options().resume && is_current(snapshot, study.path, options, context)) {
      log::info(snapshot + " is kept: its inputs have not changed");
      return;
    }
    io::write_snapshot(context.world(), snapshot, import_network(context, options),
                       {.deflate_level = study.deflate_level});
  });
}

YearResult study_year(const Context& context, Provenance& provenance, const comm::ProcessGrid& grid,
                      const StudyFile& study, const std::string& folder, std::int64_t year) {
  const auto text = std::to_string(year);
  import_year(context, provenance, study, folder, year);
  const auto network = provenance.stage(
      "load " + text, [&] { return load_network(context, grid, folder + "/" + text + ".h5"); });
  provenance.snapshot(year, network.metadata(), network.firms(), network.links().entries(),
                      folder + "/" + text + ".h5");
  YearClusters clusters;
  provenance.stage("identify " + text, [&] {
    clusters.groups = industry_groups(network, study.identify);
    auto found = identify_clusters(network, clusters.groups, study.identify,
                                   {.may_lack_groups = study.years.size() > 1});
    write_members(folder + "/members_" + text + ".csv", context, network, clusters.groups,
                  found.membership);
    provenance.figure("agglomerations without stretch " + text,
                      static_cast<double>(found.summary.clusters_without_stretch));
    context.print("\n" + text + ": " + describe(found.summary));
    for (const auto role : found.membership.role) {
      clusters.is_core.push_back(role == kernels::Role::core ? 1 : 0);
    }
    clusters.labels = std::move(found.membership.label);
    clusters.clusters = found.summary.clusters;
  });
  auto result = diagnose_year(context, provenance, network, clusters, study.identify.levels,
                              study.select, study.diagnose);
  if (study.years.size() > 1) result.panel = make_panel(network, clusters);
  return result;
}

/// Matches of consecutive years; carries the selection of the reference year to the others.
std::vector<YearMatch> study_matches(const Context& context, Provenance& provenance,
                                     const comm::ProcessGrid& grid, const StudyFile& study,
                                     std::vector<YearResult>& years) {
  if (years.size() < 2) return {};
  auto options = study.compare;
  if (options.cell_m == 0) options.cell_m = study.identify.eps_m;
  provenance.setting("cell_m", options.cell_m);
  provenance.convention("selection",
                        "screened in the reference year, carried to the others by matching");
  auto matches = provenance.stage(
      "compare", [&] { return compare_years(grid, years, study.reference_year, options); });
  for (const auto& match : matches) context.print(describe(match));
  return matches;
}

void run(const RunCommand& command, Context& context) {
  const auto study =
      comm::collectively(context.world(), [&] { return read_study_file(command.study); });
  if (!context.options().resume) {
    for (const auto year : study.years) {
      require_import_memory(context, import_options(study, command.output, year));
    }
  }
  watch_for_interruption();
  make_folder(command.output, context);
  Provenance provenance(context);
  record_settings(provenance, study, context);
  record_conventions(provenance, study.diagnose);
  const auto grid = context.make_grid();
  std::vector<YearResult> years;
  for (const auto year : study.years) {
    years.push_back(study_year(context, provenance, grid, study, command.output, year));
  }
  const auto matches = study_matches(context, provenance, grid, study, years);
  provenance.stage("write", [&] {
    write_results(command.output, context, grid, years, study.diagnose, provenance, matches);
  });
  provenance.write(command.output + "/provenance.json");
  write_report(command.output + "/report.html", {.folder = command.output, .sweep = ""}, context);
  for (const auto& year : years) {
    context.print(describe_clusters(year.diagnosis, study.diagnose, 40) +
                  describe_flows(year.diagnosis, 15));
  }
  context.print("\n" + provenance.stage_table() + "\nresults in " + command.output + "\n");
}

}  // namespace

void register_run(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<RunCommand>();
  auto* app = root.add_subcommand("run", "the whole study, all years, from CSV to results");
  add_common_options(
      *app, common,
      {.resume = "keep the snapshots in DIR whose CSV files have not changed, nor the\n"
                 "study file; the later stages start again"});
  app->add_option("STUDY", command->study, "study file (.toml); docs/study.toml explains it")
      ->required();
  app->add_option("-o,--output", command->output, "folder for the results")->required();
  app->callback(
      [command, &action] { action = [command](Context& context) { run(*command, context); }; });
}

}  // namespace tradegraph::app
