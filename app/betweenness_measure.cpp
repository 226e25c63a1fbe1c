#include "app/betweenness_measure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "app/file_checkpoint.hpp"
#include "engine/base/random.hpp"
#include "engine/comm/gather_strings.hpp"
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
  config.targets = task.targets;
  config.clusters = task.clusters;
  config.method = method_of(options.method);
  config.weighted = task.weight != Weight::none;
  config.value =
      options.weight_is == "length" ? kernels::LinkValue::length : kernels::LinkValue::strength;
  config.scale = options.scale;
  config.memory_bytes = context.options().memory_bytes.value_or(0);
  return config;
}

std::uint64_t digest_of(const std::vector<std::int64_t>& numbers) {
  std::uint64_t digest = numbers.size();
  for (const auto number : numbers) digest = mix64(digest ^ static_cast<std::uint64_t>(number));
  return digest;
}

/// Which work a checkpoint belongs to: the input's digest and all that changes the sums.
std::string identity(const Context& context, const BetweennessTask& task,
                     const kernels::BetweennessConfig& config, bool links) {
  return work_on(
      context, task.input,
      fmt::format("betweenness directed {} weight {} length {} scale {} sources {:x} targets {:x} "
                  "clusters {:x} links {}",
                  config.directed, static_cast<int>(task.weight), static_cast<int>(config.value),
                  config.scale, digest_of(config.sources), digest_of(config.targets),
                  digest_of(config.clusters), links));
}

std::string summary_of(const kernels::PathWork& work, double scale, const BetweennessTask& task) {
  auto text = fmt::format(
      "exact, by batches: {} searches {}, {} links scanned, {} row operations\n", work.sources,
      task.clusters.empty() ? "in the 2-core"
                            : "in the whole network (between clusters, trees cannot be folded)",
      work.arcs_scanned, work.row_operations);
  if (task.weight != Weight::none) text += fmt::format("lengths: S = {:.17g}\n", scale);
  return text;
}

Work work_of(const kernels::PathWork& work) {
  return {{"searches", work.sources},
          {"links_scanned", work.arcs_scanned},
          {"row_operations", work.row_operations}};
}

std::optional<FileCheckpoint> checkpoint_of(const Context& context, const BetweennessTask& task,
                                            const BetweennessOptions& options,
                                            const kernels::BetweennessConfig& config) {
  std::optional<FileCheckpoint> checkpoint;
  if (!task.checkpoint.empty()) {
    checkpoint.emplace(context, task.checkpoint, identity(context, task, config, options.edges),
                       options.checkpoint_minutes * 60);
  }
  return checkpoint;
}

std::string summary_of(const kernels::ApproximateBetweenness& result,
                       const kernels::ApproximateConfig& config) {
  if (result.exact) return "exact: searching all firms takes less than sampling them\n";
  const double sure = 1 - config.delta;
  if (config.top == 0) {
    return fmt::format(
        "approximate (KADABRA): {} samples; with probability {} the error is at most {:.3g} on the "
        "normalised scale for all firms\n",
        result.samples, sure, result.error);
  }
  const auto certain = std::ranges::count_if(result.top, &kernels::TopFirm::certain);
  return fmt::format(
      "approximate (KADABRA): {} samples; with probability {} the {} certain firms are among the "
      "{} "
      "largest, and the others of these among the {} that are tied within {:.3g} on the normalised "
      "scale\n",
      result.samples, sure, certain, config.top, std::ssize(result.top) - certain, config.epsilon);
}

/// Larger scores first; those that differ by `tie` times 1 + |score| or less by input row.
void put_in_order(std::vector<kernels::TopFirm>& firms, const std::vector<std::int64_t>& input_row,
                  double tie) {
  std::ranges::sort(firms, std::greater<>(), &kernels::TopFirm::score);
  for (auto begin = firms.begin(); begin != firms.end();) {
    const double least = begin->score - tie * (1 + std::abs(begin->score));
    const auto end =
        std::find_if(begin, firms.end(), [&](const auto& one) { return one.score < least; });
    std::ranges::sort(begin, end, {}, [&](const auto& one) {
      return input_row[static_cast<std::size_t>(one.firm)];
    });
    begin = end;
  }
}

/// id, value, lower, upper, status: the firms that are, or may be, among the largest.
io::Table top_table(const TradeNetwork& network, std::vector<kernels::TopFirm> firms,
                    double tie = 0) {
  put_in_order(firms, matrix::gather_all(network.input_row()), tie);
  const auto ids = comm::all_gather_strings(network.grid().group(), network.table().id);
  std::vector<std::string> id, status;
  std::vector<double> value, lower, upper;
  for (const auto& one : firms) {
    id.emplace_back(ids[one.firm]);
    value.push_back(one.score);
    lower.push_back(one.lower);
    upper.push_back(one.upper);
    status.emplace_back(one.certain ? "certain" : "tied");
  }
  return {{{"id", std::move(id)},
           {"value", std::move(value)},
           {"lower", std::move(lower)},
           {"upper", std::move(upper)},
           {"status", std::move(status)}}};
}

/// Exact scores are the same at any number of ranks up to this times 1 + |score|.
constexpr double kSameScore = 1e-9;

/// The `count` firms with the largest exact scores, and all others that are level with the last of
/// them: these are tied, as is the last. Firms without a score are not among them.
std::vector<kernels::TopFirm> largest(const std::vector<double>& score, std::size_t count) {
  auto sorted = score;
  std::erase_if(sorted, [](double x) { return std::isnan(x); });
  std::ranges::sort(sorted, std::greater<>());
  std::vector<kernels::TopFirm> result;
  if (sorted.empty()) return result;
  const double last = sorted[std::min(count, sorted.size()) - 1];
  const double tie = kSameScore * (1 + std::abs(last));
  const auto listed = std::ranges::count_if(score, [&](double x) { return x >= last - tie; });
  const bool all_fit = static_cast<std::size_t>(listed) <= count;
  for (std::size_t i = 0; i < score.size(); ++i) {
    if (!(score[i] >= last - tie)) continue;
    result.push_back({static_cast<std::int64_t>(i), score[i], score[i], score[i],
                      all_fit || score[i] > last + tie});
  }
  return result;
}

BetweennessScores approximate(const Context& context, const TradeNetwork& network,
                              const BetweennessTask& task, const BetweennessOptions& options) {
  kernels::ApproximateConfig config;
  config.directed = task.directed;
  config.normalised = task.normalised;
  config.seed = static_cast<std::uint64_t>(context.options().seed);
  config.top = options.top.value_or(0);
  if (options.epsilon != 0) config.epsilon = options.epsilon;
  if (options.delta != 0) config.delta = options.delta;
  auto result = kernels::approximate_betweenness(network.form(task.directed, Weight::none), config,
                                                 context.progress());
  BetweennessScores scores{std::move(result.score),
                           summary_of(result, config),
                           {{"samples", result.samples}},
                           std::nullopt};
  if (config.top > 0) scores.top = top_table(network, std::move(result.top));
  return scores;
}

}  // namespace

void check_betweenness_options(const BetweennessOptions& options, const BesideBetweenness& beside) {
  const auto refuse = [](bool condition, const char* message) {
    require(!condition, ErrorKind::usage, message);
  };
  const bool weighted = beside.weight;
  const bool exact_only = options.endpoints || options.edges || !options.method.empty() ||
                          weighted || beside.sources || beside.targets || beside.members;
  refuse(options.approximate && exact_only,
         "--approximate is of firms, unweighted and between all of them: it excludes --edges, "
         "--weight, --sources, --targets, --members, --endpoints and --method");
  refuse(options.edges && options.endpoints,
         "--edges has no --endpoints: links are no ends of paths");
  refuse(beside.members && options.endpoints,
         "betweenness between the clusters of --members has no --endpoints");
  refuse(!options.approximate && (options.epsilon != 0 || options.delta != 0),
         "--epsilon and --delta go with --approximate");
  refuse(options.edges && options.top, "--top is of firms, not of --edges");
  refuse(options.top.value_or(1) < 1, "--top must be at least 1");
  refuse(!weighted && (!options.weight_is.empty() || options.scale != 0),
         "--weight-is and --scale go with --weight amount or count");
  refuse(options.scale < 0, "--scale must be above 0");
  refuse(weighted && options.method == "products", "--method products has no --weight");
  refuse((options.edges || beside.targets || beside.members) && options.method == "products",
         "--method products has no --edges, --targets or --members");
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
  auto checkpoint = checkpoint_of(context, task, options, config);
  auto result = kernels::betweenness(network.form(task.directed, task.weight), config,
                                     context.progress(), checkpoint ? &*checkpoint : nullptr);
  auto text = result.method == BetweennessMethod::products
                  ? std::string("exact, by sparse products of blocks\n")
                  : summary_of(result.work, result.scale, task);
  const bool counted = result.method != BetweennessMethod::products;
  BetweennessScores scores{std::move(result.score), std::move(text),
                           counted ? work_of(result.work) : Work{}, std::nullopt};
  if (options.top) {
    const auto count = static_cast<std::size_t>(*options.top);
    scores.top = top_table(network, largest(matrix::gather_all(scores.score), count), kSameScore);
  }
  return scores;
}

LinkScores measure_link_betweenness(const Context& context, const TradeNetwork& network,
                                    const BetweennessTask& task,
                                    const BetweennessOptions& options) {
  const auto config = config_of(context, task, options);
  auto checkpoint = checkpoint_of(context, task, options, config);
  auto result = kernels::link_betweenness(network.form(task.directed, task.weight), config,
                                          context.progress(), checkpoint ? &*checkpoint : nullptr);
  auto text = summary_of(result.work, result.scale, task);
  return {std::move(result.links), std::move(result.score), std::move(text), work_of(result.work)};
}

}  // namespace tradegraph::app
