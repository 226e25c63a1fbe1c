#include "kernels/betweenness.hpp"

#include <omp.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

#include "engine/comm/collectives.hpp"
#include "kernels/betweenness_products.hpp"
#include "kernels/degree.hpp"
#include "kernels/traversal/batch_schedule.hpp"
#include "kernels/traversal/betweenness_core.hpp"
#include "kernels/traversal/length_batch.hpp"
#include "kernels/traversal/source_order.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;

std::vector<char> source_flags(std::int64_t firms, const std::vector<std::int64_t>& sources) {
  std::vector<char> flags(static_cast<std::size_t>(firms), sources.empty() ? 1 : 0);
  for (const auto source : sources) flags[static_cast<std::size_t>(source)] = 1;
  return flags;
}

/// The batches of all searches, on the threads of this rank.
class CoreSearches {
 public:
  CoreSearches(const Core& core, int threads, bool count_reach)
      : graph_{core.arcs, core.sources, core.targets, count_reach}, lengths_(core.lengths) {
    for (Vertex v = 0; v < static_cast<Vertex>(core.arcs.vertices()); ++v) {
      if (core.sources[v] > 0 && core.arcs.degree(v) > 0) sources_.push_back(v);
    }
    sources_ = batch_order(core.arcs, sources_);
    batches_.resize(static_cast<std::size_t>(threads));
    sums_.reserve(batches_.size());
    for (std::size_t t = 0; t < batches_.size(); ++t) sums_.emplace_back(core.arcs.vertices());
  }

  [[nodiscard]] std::int64_t batches() const {
    return static_cast<std::int64_t>((sources_.size() + kLanes - 1) / kLanes);
  }

  void run(std::int64_t batch, int thread) {
    const auto at = static_cast<std::size_t>(thread);
    if (!batches_[at]) {
      batches_[at] =
          lengths_.empty() ? make_path_batch(graph_) : make_length_batch(graph_, lengths_);
    }
    const auto begin = static_cast<std::size_t>(batch) * kLanes;
    const auto count = std::min(kLanes, sources_.size() - begin);
    batches_[at]->run(std::span(sources_).subspan(begin, count), sums_[at]);
  }

  /// Sums of all threads of all ranks. Collective.
  [[nodiscard]] PathSums total(const comm::Communicator& world) const {
    PathSums total(graph_.arcs.vertices());
    for (const auto& part : sums_) {
      add(total.dependency, part.dependency);
      add(total.beyond_targets, part.beyond_targets);
      add(total.beyond_sources, part.beyond_sources);
      total.work.add(part.work);
    }
    const auto reduce = [&]<class T>(std::span<T> values) {
      comm::all_reduce_in_place(world, values, comm::ReduceOp::sum);
    };
    reduce(std::span(total.dependency));
    reduce(std::span(total.beyond_targets));
    reduce(std::span(total.beyond_sources));
    auto& work = total.work;
    for (auto* count : {&work.sources, &work.arcs_scanned, &work.row_operations, &work.recounted}) {
      reduce(std::span(count, 1));
    }
    return total;
  }

 private:
  static void add(std::vector<double>& to, const std::vector<double>& from) {
    std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
  }

  PathGraph graph_;
  std::span<const std::uint64_t> lengths_;
  std::vector<Vertex> sources_;
  std::vector<std::unique_ptr<PathBatch>> batches_;
  std::vector<PathSums> sums_;
};

void add_partial(PathSums& sums, const PartialWork& partial) {
  const auto add = [&](std::vector<double>& to, const char* name) {
    const auto& from = partial.sums.at(name);
    require(from.size() == to.size(), ErrorKind::bad_input,
            "the checkpoint belongs to another network");
    std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
  };
  add(sums.dependency, "dependency");
  add(sums.beyond_targets, "beyond_targets");
  add(sums.beyond_sources, "beyond_sources");
}

/// All searches in the core, with what an earlier run has done of them.
PathSums search_core(const Core& core, const comm::Communicator& world, int threads,
                     bool count_reach, ProgressSink& progress, Checkpoint* checkpoint) {
  std::optional<PartialWork> earlier;
  if (checkpoint != nullptr) earlier = checkpoint->load();
  CoreSearches searches(core, threads, count_reach);
  const auto sums_so_far = [&] {
    auto sums = searches.total(world);
    if (earlier) add_partial(sums, *earlier);
    return sums;
  };
  const BatchPlan plan{searches.batches(), threads,
                       [&](std::int64_t batch, int thread) { searches.run(batch, thread); },
                       [&] {
                         auto sums = sums_so_far();
                         return PartialWork{0,
                                            {{"dependency", std::move(sums.dependency)},
                                             {"beyond_targets", std::move(sums.beyond_targets)},
                                             {"beyond_sources", std::move(sums.beyond_sources)}}};
                       }};
  run_batches(world, plan, earlier ? earlier->done : 0, progress, checkpoint);
  if (checkpoint != nullptr) checkpoint->discard();
  return sums_so_far();
}

Betweenness by_batches(const DistributedMatrix& a, const BetweennessConfig& config, int threads,
                       ProgressSink& progress, Checkpoint* checkpoint) {
  const auto is_source = source_flags(a.rows(), config.sources);
  auto graph = config.weighted ? gather_lengths(a, config.value, config.scale)
                               : WeightedGraph{gather_whole(a), {}, 1};
  const double length_scale = graph.scale;
  const auto trees = fold_trees(graph.arcs, is_source);
  const auto core = core_of(std::move(graph), trees);
  auto sums = search_core(core, a.grid().world(), threads, config.directed, progress, checkpoint);
  if (!config.directed) reach_of_components(core, sums);
  const auto score = whole_scores(core, sums, trees, is_source, config.endpoints);
  matrix::DistributedVector<double> mine(a.grid(), a.row_layout(), 0.0);
  const double scale = betweenness_scale(config, a.rows());
  for (std::int64_t i = 0; i < mine.count(); ++i) {
    mine[i] = score[mine.global_of(i).offset()] * scale;
  }
  return {std::move(mine), sums.work, BetweennessMethod::batches, length_scale};
}

/// Threads that fit into the memory allowed; 0 = not even one.
int threads_that_fit(const DistributedMatrix& a, const BetweennessConfig& config) {
  int threads = omp_get_max_threads();
  if (config.memory_bytes == 0) return threads;
  while (threads > 0 && betweenness_bytes(a, threads) > config.memory_bytes) --threads;
  return comm::all_reduce(a.grid().world(), std::int32_t{threads}, comm::ReduceOp::min);
}

}  // namespace

void BetweennessConfig::validate(std::int64_t firms) const {
  require(batch_size > 0, ErrorKind::usage, "betweenness needs a batch of at least one source");
  const bool inside = std::ranges::all_of(
      sources, [=](std::int64_t source) { return source >= 0 && source < firms; });
  require(inside, ErrorKind::usage, "betweenness: a source is not a firm of the network");
}

double betweenness_scale(const BetweennessConfig& config, std::int64_t firms) {
  const auto n = static_cast<double>(firms);
  const double pairs = config.endpoints ? n * (n - 1) : (n - 1) * (n - 2);
  // Halving each sum and halving the number of pairs cancel.
  if (config.normalised) return pairs > 0 ? 1 / pairs : 1;
  return config.directed ? 1 : 0.5;
}

std::int64_t betweenness_bytes(const DistributedMatrix& a, int threads) {
  const auto links = a.entries();
  const auto partners = degree(a, DegreeMode::all);
  std::int64_t mine = 0;
  for (const auto count : partners.values()) mine += count > 1 ? 1 : 0;
  const auto core = comm::all_reduce(a.grid().group(), mine, comm::ReduceOp::sum);
  return 24 * links + 60 * a.rows() + threads * (360 * core + 16 * links);
}

Betweenness betweenness(const DistributedMatrix& a, const BetweennessConfig& config,
                        ProgressSink& progress, Checkpoint* checkpoint) {
  config.validate(a.rows());
  int threads = omp_get_max_threads();
  if (config.method == BetweennessMethod::automatic) threads = threads_that_fit(a, config);
  const bool products = config.method == BetweennessMethod::products || threads == 0;
  require(!products || !config.weighted, ErrorKind::memory,
          "shortest paths by length need the whole network on each rank: more memory");
  if (products) return betweenness_by_products(a, config, progress);
  return by_batches(a, config, threads, progress, checkpoint);
}

}  // namespace tradegraph::kernels
