#include <CLI/CLI.hpp>

#include "app/commands/commands.hpp"
#include "app/commands/stage_options.hpp"
#include "app/interruption.hpp"
#include "app/sweep_parts.hpp"
#include "app/sweep_results.hpp"
#include "app/sweep_run.hpp"
#include "app/value_list.hpp"
#include "engine/comm/agreement.hpp"

namespace tradegraph::app {

namespace {

struct SweepCommand {
  std::string snapshot;
  std::string eps;
  std::string min_firms;
  std::string stretch = "2";
  std::string baseline = "1000,20,2";
  std::string shard;
  bool merge = false;
  std::string output;
  SweepOptions options;

  [[nodiscard]] bool names_settings() const { return !eps.empty() && !min_firms.empty(); }
  [[nodiscard]] SweepOptions parsed() const {
    auto result = options;
    result.eps_m = parse_reals(eps, "--eps");
    result.min_firms = parse_integers(min_firms, "--min-firms");
    result.stretch = parse_reals(stretch, "--stretch");
    result.baseline = parse_setting(baseline);
    result.validate();
    return result;
  }
};

void record(Provenance& provenance, const SweepCommand& command, const SweepOptions& options) {
  provenance.setting("eps", command.eps);
  provenance.setting("min_firms", command.min_firms);
  provenance.setting("stretch", command.stretch);
  provenance.setting("baseline", command.baseline);
  provenance.setting("groups", options.identify.groups);
  provenance.setting("absorb", options.identify.absorb);
  provenance.setting("absorb_radius_m", options.identify.absorb_radius_m);
  provenance.setting("shard", command.shard);
}

void record_conventions(Provenance& provenance, const SweepPlan& plan) {
  provenance.convention("noise_share", "firms without a cluster / firms with a place");
  provenance.convention("ari", "over the firms with a place, noise as one class");
  provenance.convention("ami", "likewise; arithmetic mean of the entropies");
  provenance.convention("survives", "a cluster with Jaccard 1/2 or more");
  provenance.convention("splits", "two or more clusters with 25 % of it each");
  provenance.convention("merges", "its best cluster is also best for another");
  provenance.convention("type", "typology of each setting's screened clusters, reaches by share");
  provenance.convention("internal_reach", "share form: mean share of a firm's partners inside");
  provenance.convention("external_reach", "100 (1 - internal reach in share form)");
  provenance.figure("settings", static_cast<double>(plan.settings.size()));
  provenance.figure("baseline clusters", static_cast<double>(plan.baseline_firms.size()));
}

void merge(const SweepCommand& command, Context& context) {
  Provenance provenance(context);
  const auto plan =
      comm::collectively(context.world(), [&] { return SweepFolder(command.output).read_plan(); });
  require(!command.names_settings() || command.parsed().settings() == plan.settings,
          ErrorKind::usage, command.output + "/parts is a sweep over other settings");
  provenance.stage("merge", [&] { join_sweep(context, plan, command.output); });
  record_conventions(provenance, plan);
  write_sweep_results(context, command.output, provenance);
  provenance.write(command.output + "/provenance.json");
}

void sweep(const SweepCommand& command, Context& context) {
  if (command.merge) return merge(command, context);
  const auto options = command.parsed();
  const auto shard = command.shard.empty() ? Shard{} : Shard::parse(command.shard);
  watch_for_interruption();
  Provenance provenance(context);
  record(provenance, command, options);
  const auto plan =
      compute_sweep(context, provenance, command.snapshot, options, shard, command.output);
  record_conventions(provenance, plan);
  if (command.shard.empty()) {
    provenance.stage("join", [&] { join_sweep(context, plan, command.output); });
    write_sweep_results(context, command.output, provenance);
    provenance.write(command.output + "/provenance.json");
    context.print("results in " + command.output + "\n");
    return;
  }
  const auto number = std::to_string(shard.number + 1);
  const auto count = std::to_string(shard.count);
  provenance.write(command.output + "/parts/provenance_" + number + "_of_" + count + ".json");
  context.print("shard " + number + " of " + count + " is done; --merge joins all when they are\n");
}

void check(const SweepCommand& command) {
  if (command.merge) {
    if (!command.shard.empty()) throw CLI::ValidationError("--merge", "excludes --shard");
    return;
  }
  if (command.snapshot.empty()) throw CLI::RequiredError("SNAPSHOT");
  if (command.eps.empty()) throw CLI::RequiredError("--eps");
  if (command.min_firms.empty()) throw CLI::RequiredError("--min-firms");
}

}  // namespace

void register_sweep(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<SweepCommand>();
  auto& options = command->options;
  auto* app = root.add_subcommand(
      "sweep", "how the clusters depend on eps, min_firms and stretch: every setting of a grid");
  add_common_options(*app, common,
                     {.resume = "go on from the parts that an earlier run has finished"});
  app->add_option("SNAPSHOT", command->snapshot, "snapshot (.h5)");
  app->add_option("--eps", command->eps, "metres: FIRST:LAST:STEP, or values separated by commas");
  app->add_option("--min-firms", command->min_firms, "values likewise");
  app->add_option("--stretch", command->stretch, "values likewise")->capture_default_str();
  add_group_options(*app, options.identify);
  add_select_options(*app, options.select);
  app->add_option("--baseline", command->baseline,
                  "EPS,MIN_FIRMS,STRETCH to compare with; need not be among the settings")
      ->capture_default_str();
  app->add_flag("--ami", options.ami, "also adjusted mutual information");
  app->add_flag(
      "--indicators", options.indicators,
      "also indicators, reach in share form, and type of what becomes of each baseline cluster");
  app->add_option("--shard", command->shard,
                  "i/n: only the i-th of n parts of the settings, for job arrays");
  app->add_flag("--merge", command->merge, "join the shards in the output folder");
  app->add_option("-o,--output", command->output, "folder for the results")->required();
  app->callback([command, &action] {
    check(*command);
    action = [command](Context& context) { sweep(*command, context); };
  });
}

}  // namespace tradegraph::app
