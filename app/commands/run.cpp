#include <CLI/CLI.hpp>

#include "app/cluster_tables.hpp"
#include "app/commands/commands.hpp"
#include "app/import_stage.hpp"
#include "app/interruption.hpp"
#include "app/output.hpp"
#include "app/report.hpp"
#include "app/result_files.hpp"
#include "app/settings_record.hpp"
#include "app/study_file.hpp"
#include "app/study_stages.hpp"
#include "engine/comm/agreement.hpp"

namespace tradegraph::app {

namespace {

struct RunCommand {
  std::string study;
  std::string output;
};

YearResult study_year(const StudyRun& run, const StudyFile& study, std::int64_t year) {
  const auto text = std::to_string(year);
  const auto path = run.snapshot(year);
  const auto network = run.provenance.stage(
      "load " + text, [&] { return load_network(run.context, run.grid, path); });
  run.provenance.snapshot(year, network.metadata(), network.firms(), network.links().entries(),
                          path);
  const auto clusters =
      run.provenance.stage("identify " + text, [&] { return identify_year(run, study, network); });
  const auto input = "snapshot " + network.metadata().digest + " members " +
                     digests_of(run.context, {run.members(year)});
  auto result = diagnose_year(run.context, run.provenance, network, clusters, study.identify.levels,
                              study.select, study.diagnose, {run.kept, run.folder, input});
  if (study.years.size() > 1) result.panel = make_panel(network, clusters);
  return result;
}

/// Matches of consecutive years; carries the selection of the reference year to the others.
std::vector<YearMatch> study_matches(const StudyRun& run, const StudyFile& study,
                                     std::vector<YearResult>& years) {
  if (years.size() < 2) return {};
  auto options = study.compare;
  if (options.cell_m == 0) options.cell_m = study.identify.eps_m;
  run.provenance.setting("cell_m", options.cell_m);
  run.provenance.convention("selection",
                            "screened in the reference year, carried to the others by matching");
  auto matches = run.provenance.stage(
      "compare", [&] { return compare_years(run.grid, years, study.reference_year, options); });
  for (const auto& match : matches) run.context.print(describe(match));
  return matches;
}

void run(const RunCommand& command, Context& context) {
  auto study = comm::collectively(context.world(), [&] { return read_study_file(command.study); });
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
  const KeptStages kept(context, command.output);
  const StudyRun stages{context, provenance, grid, kept, command.output};
  for (const auto year : study.years) import_year(stages, study, year);
  group_study(stages, study);
  std::vector<YearResult> years;
  for (const auto year : study.years) years.push_back(study_year(stages, study, year));
  const auto matches = study_matches(stages, study, years);
  provenance.stage("write", [&] {
    write_results(command.output, context, grid, years,
                  {study.select, study.diagnose, study.reference_year,
                   is_rule_of_groups(study.identify.groups) ? "" : study.identify.groups},
                  provenance, matches);
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
      {.seed = "of groups = \"related\", which k-means helps to find; nothing else is random",
       .resume = "take up from DIR what was finished and would be made from the same\n"
                 "input and settings now: snapshots, industry groups, members, distances\n"
                 "and betweenness of firms, which goes on if it was unfinished"});
  app->add_option("STUDY", command->study, "study file (.toml); docs/study.toml explains it")
      ->required();
  app->add_option("-o,--output", command->output, "folder for the results")->required();
  app->callback(
      [command, &action] { action = [command](Context& context) { run(*command, context); }; });
}

}  // namespace tradegraph::app
