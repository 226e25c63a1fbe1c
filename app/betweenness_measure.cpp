#include "app/betweenness_measure.hpp"

#include <fmt/format.h>

#include <optional>

#include "app/file_checkpoint.hpp"
#include "engine/base/random.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/file_digest.hpp"
#include "kernels/approximate_betweenness.hpp"
#include "kernels/betweenness.hpp"

namespace tradegraph::app {

namespace {

using kernels::BetweennessMethod;

BetweennessMethod method_of(const std::string& name) {
  if (name == "batches") return BetweennessMethod::batches;
  return name == "products" ? BetweennessMethod::products : BetweennessMethod::automatic;
}

kernels::BetweennessConfig config_of(const Context& context, const BetweennessTask& task,
                                     const BetweennessOptions& options) {
  kernels::BetweennessConfig config;
  config.directed = task.directed;
  config.normalised = task.normalised;
  config.endpoints = options.endpoints;
  config.sources = task.sources;
  config.method = method_of(options.method);
  config.weighted = task.weight != Weight::none;
  config.value =
      options.weight_is == "length" ? kernels::LinkValue::length : kernels::LinkValue::strength;
  config.scale = options.scale;
  config.memory_bytes = context.options().memory_bytes.value_or(0);
  return config;
}

/// Which work a checkpoint belongs to: the input's digest and all that changes the sums.
std::string identity(const Context& context, const BetweennessTask& task,
                     const kernels::BetweennessConfig& config) {
  std::string digest = comm::collectively(context.world(), [&] {
    return context.world().is_root() ? io::sha256_of_file(task.input) : std::string();
  });
  comm::broadcast(context.world(), digest);
  std::uint64_t sources = config.sources.size();
  for (const auto source : config.sources)
    sources = mix64(sources ^ static_cast<std::uint64_t>(source));
  return fmt::format(
      "betweenness version {} input {} directed {} weight {} length {} scale {} "
      "sources {:x}",
      TRADEGRAPH_VERSION, digest, config.directed, static_cast<int>(task.weight),
      static_cast<int>(config.value), config.scale, sources);
}

std::string summary_of(const kernels::Betweenness& result, const BetweennessTask& task) {
  if (result.method == BetweennessMethod::products) return "exact, by sparse products of blocks\n";
  const auto& work = result.work;
  auto text = fmt::format(
      "exact, by batches: {} searches in the 2-core, {} links scanned, {} row operations\n",
      work.sources, work.arcs_scanned, work.row_operations);
  if (task.weight != Weight::none) text += fmt::format("lengths: S = {:.17g}\n", result.scale);
  return text;
}

BetweennessScores approximate(const Context& context, const TradeNetwork& network,
                              const BetweennessTask& task, const BetweennessOptions& options) {
  kernels::ApproximateConfig config;
  config.directed = task.directed;
  config.normalised = task.normalised;
  config.seed = static_cast<std::uint64_t>(context.options().seed);
  if (options.epsilon != 0) config.epsilon = options.epsilon;
  if (options.delta != 0) config.delta = options.delta;
  auto result = kernels::approximate_betweenness(network.form(task.directed, Weight::none), config,
                                                 context.progress());
  auto text = result.exact
                  ? std::string("exact: searching all firms takes less than sampling them\n")
                  : fmt::format(
                        "approximate (KADABRA): {} samples; with probability {} the error is at "
                        "most {:.3g} on the normalised scale for all firms\n",
                        result.samples, 1 - config.delta, result.error);
  return {std::move(result.score), std::move(text)};
}

}  // namespace

void check_betweenness_options(const BetweennessOptions& options, bool weighted, bool sources) {
  const auto refuse = [](bool condition, const char* message) {
    require(!condition, ErrorKind::usage, message);
  };
  const bool exact_only = options.endpoints || !options.method.empty() || weighted || sources;
  refuse(options.approximate && exact_only,
         "--approximate is unweighted and from all firms: it excludes --weight, --sources, "
         "--endpoints and --method");
  refuse(!options.approximate && (options.epsilon != 0 || options.delta != 0),
         "--epsilon and --delta go with --approximate");
  refuse(!weighted && (!options.weight_is.empty() || options.scale != 0),
         "--weight-is and --scale go with --weight amount or count");
  refuse(options.scale < 0, "--scale must be above 0");
  refuse(options.endpoints && options.method == "products", "--method products has no --endpoints");
  refuse(weighted && options.method == "products", "--method products has no --weight");
  refuse(!(options.checkpoint_minutes > 0), "--checkpoint-minutes must be above 0");
  if (options.epsilon != 0 || options.delta != 0) {
    kernels::ApproximateConfig config;
    if (options.epsilon != 0) config.epsilon = options.epsilon;
    if (options.delta != 0) config.delta = options.delta;
    config.validate();
  }
}

BetweennessScores measure_betweenness(const Context& context, const TradeNetwork& network,
                                      const BetweennessTask& task,
                                      const BetweennessOptions& options) {
  if (options.approximate) return approximate(context, network, task, options);
  const auto config = config_of(context, task, options);
  std::optional<FileCheckpoint> checkpoint;
  if (!task.checkpoint.empty()) {
    checkpoint.emplace(context, task.checkpoint, identity(context, task, config),
                       options.checkpoint_minutes * 60);
  }
  auto result = kernels::betweenness(network.form(task.directed, task.weight), config,
                                     context.progress(), checkpoint ? &*checkpoint : nullptr);
  auto text = summary_of(result, task);
  return {std::move(result.score), std::move(text)};
}

}  // namespace tradegraph::app
