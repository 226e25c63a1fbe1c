#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cstdlib>

#include "app/commands/commands.hpp"
#include "app/measures.hpp"
#include "app/output.hpp"
#include "engine/base/clock.hpp"

namespace tradegraph::app {

namespace {

struct MeasureCommand {
  std::string network;
  std::string output;
  std::string weight = "none";
  bool directed = false;
  bool undirected = false;
  MeasureOptions options;
};

Weight parse_weight(const std::string& text) {
  if (text == "count") return Weight::count;
  return text == "amount" ? Weight::amount : Weight::none;
}

/// "counted work: iterations 67, links 30150"; nothing where nothing is counted.
std::string describe(const Work& work) {
  std::string text;
  for (const auto& [name, count] : work) {
    text += fmt::format("{}{} {}", text.empty() ? "counted work: " : ", ", name, count);
  }
  return text.empty() ? text : text + "\n";
}

void measure(MeasureCommand command, Context& context) {
  command.options.weight = parse_weight(command.weight);
  command.options.network = command.network;
  command.options.output = command.output;
  check_options(command.options);
  const auto& options = command.options;
  check_outputs(context, {command.network, options.sources, options.targets, options.members},
                {command.output});
  const auto grid = context.make_grid();
  const Stopwatch loading;
  const auto network = load_network(context, grid, command.network);
  const double load_s = loading.seconds();
  command.options.directed =
      command.directed || (!command.undirected && network.directed_by_file());
  const Stopwatch computing;
  const auto result = compute_measure(context, network, command.options);
  const double all_s = computing.seconds();
  const Stopwatch writing;
  if (result.in_slices) {
    write_slices(command.output, context, grid, result.table);
  } else {
    write_whole(command.output, context, result.table);
  }
  const auto& times = network.times();
  context.print(
      fmt::format("{}: {} of {} firms, {} links; {:.6f} s to load, {:.6f} s to form the matrices, "
                  "{:.6f} s to compute, {:.6f} s to write\n",
                  command.output, command.options.kernel, network.firms(), network.link_count(),
                  load_s + times.reading_s, times.forming_s,
                  all_s - times.reading_s - times.forming_s - times.arranging_s,
                  times.arranging_s + writing.seconds()) +
      result.summary + describe(result.work));
}

/// 0 is what no value given is stored as.
CLI::Validator not_zero() {
  const auto fault = [](std::string& text) -> std::string {
    char* end = nullptr;
    const bool is_zero = std::strtod(text.c_str(), &end) == 0 && !text.empty() && *end == '\0';
    return is_zero ? "must be above 0, not " + text : "";
  };
  return {fault, ""};
}

void add_betweenness_options(CLI::App& app, BetweennessOptions& betweenness) {
  app.add_flag("--edges", betweenness.edges,
               "betweenness: of links: source,target,value, one row a link");
  app.add_flag("--endpoints", betweenness.endpoints, "betweenness: paths count for their ends too");
  add_choice(app, "--weight-is", betweenness.weight_is, {"strength", "length"},
             "betweenness by weight: strong links are short (default), or weights are lengths");
  app.add_option("--scale", betweenness.scale,
                 "betweenness by weight: length = round(SCALE / strength) (default: the finest)")
      ->check(not_zero());
  add_choice(app, "--method", betweenness.method, {"batches", "products"},
             "betweenness: the network whole on each rank, or in blocks (default: by --memory)");
  app.add_flag("--approximate", betweenness.approximate,
               "betweenness within --epsilon on the normalised scale, with probability 1 - DELTA;\n"
               "harmonic with a standard error of about EPSILON of the value");
  app.add_option("--epsilon", betweenness.epsilon,
                 "error of --approximate (default 0.01; harmonic: 0.05)")
      ->check(not_zero());
  app.add_option("--top", betweenness.top,
                 "betweenness: the K largest only, and those tied with the last of them:\n"
                 "id,value,lower,upper,status; with --approximate each is certain with\n"
                 "probability 1 - DELTA or tied within EPSILON");
  app.add_option("--delta", betweenness.delta, "risk of --approximate (default 0.1)")
      ->check(not_zero());
  app.add_option(
         "--checkpoint-minutes", betweenness.checkpoint_minutes,
         "betweenness, harmonic: OUTPUT.checkpoint.h5 is written so often, and on USR1 or TERM")
      ->capture_default_str();
}

}  // namespace

void register_measure(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<MeasureCommand>();
  auto& options = command->options;
  auto* app = root.add_subcommand("measure", "one kernel on any network");
  add_common_options(
      *app, common,
      {.seed = "of --approximate; nothing else here is random",
       .resume = "exact betweenness, harmonic: go on from OUTPUT.checkpoint.h5, if it is there"});
  app->add_option("NETWORK", command->network,
                  "snapshot (.h5), Matrix Market (.mtx) or edge list (.csv)")
      ->required();
  add_choice(*app, "--kernel", options.kernel, measure_kernels(), "what to compute").required();
  auto* directed = app->add_flag("--directed", command->directed,
                                 "links have a direction (default: as the file says)");
  app->add_flag("--undirected", command->undirected, "the union of both directions")
      ->excludes(directed);
  add_choice(*app, "--weight", command->weight, {"none", "count", "amount"},
             "strength, pagerank, betweenness: what a link weighs");
  app->add_flag("--strong", options.strong,
                "components: strong ones (weak ones unless given, and where links go both ways)");
  add_choice(
      *app, "--mode", options.mode, {"in", "out", "all"},
      "degree, strength: of directed links; core_number: by in- or out-degrees (default all:\n"
      "core_number of the union of both directions)");
  app->add_option("--damping", options.damping, "pagerank: 0 to below 1 (default 0.85)");
  app->add_flag("--normalised", options.normalised,
                "betweenness: as a share of all pairs; harmonic: divided by n - 1");
  add_choice(*app, "--distances", options.distances, {"none", "inside", "network"},
             "reach: distance form inside clusters, or through the network as well (default none)");
  app->add_option("--sources", options.sources,
                  "betweenness: from these nodes only (a file, one id a line)");
  app->add_option("--targets", options.targets,
                  "betweenness: of paths to these nodes only (a file, one id a line)");
  add_betweenness_options(*app, options.betweenness);
  app->add_option("--members", options.members,
                  "per-cluster kernels: of each cluster of a members.csv (default: of\n"
                  "the whole network, in which nothing is outside: reach is 1 then);\n"
                  "betweenness: of paths between firms of different clusters");
  app->add_option("-o,--output", command->output, "CSV to write")->required();
  app->callback(
      [command, &action] { action = [command](Context& context) { measure(*command, context); }; });
}

}  // namespace tradegraph::app
