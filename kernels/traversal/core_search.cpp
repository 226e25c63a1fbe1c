#include "kernels/traversal/core_search.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "engine/base/memory.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/traversal/batch_schedule.hpp"
#include "kernels/traversal/length_batch.hpp"
#include "kernels/traversal/search_plan.hpp"
#include "kernels/traversal/single_batch.hpp"

namespace tradegraph::kernels {

namespace {

/// The batches of all searches, on the threads of this rank.
class CoreSearches {
 public:
  CoreSearches(const Core& core, const CoreSearch& search)
      : graph_{core.arcs,          core.sources, core.targets,    search.count_reach,
               search.count_links, core.labels,  core.label_count},
        lengths_(core.lengths),
        short_lengths_(short_lengths(core.lengths, core.arcs.vertices())) {
    std::vector<Vertex> sources;
    for (Vertex v = 0; v < static_cast<Vertex>(core.arcs.vertices()); ++v) {
      if (core.sources[v] > 0 && core.arcs.degree(v) > 0) sources.push_back(v);
    }
    plan_ = lengths_.empty() ? plan_searches(graph_, sources)
                             : plan_length_searches(std::move(sources));
    threads_.resize(static_cast<std::size_t>(search.threads));
    sums_.assign(threads_.size(), no_sums());
  }

  [[nodiscard]] std::int64_t batches() const { return std::ssize(plan_.batches); }

  void run(std::int64_t batch, int thread) {
    const auto& [begin, end, in_lanes] = plan_.batches[static_cast<std::size_t>(batch)];
    const auto sources = std::span(plan_.sources).subspan(begin, end - begin);
    auto& own = threads_[static_cast<std::size_t>(thread)];
    searches_of(own, in_lanes).run(sources, sums_[static_cast<std::size_t>(thread)]);
  }

  /// Sums of all threads of all ranks. Collective.
  [[nodiscard]] PathSums total(const comm::Communicator& world) const {
    auto total = no_sums();
    for (const auto& part : sums_) {
      add(total.dependency, part.dependency);
      add(total.beyond_targets, part.beyond_targets);
      add(total.beyond_sources, part.beyond_sources);
      add(total.crossing, part.crossing);
      total.work.add(part.work);
    }
    const auto reduce = [&]<class T>(std::span<T> values) {
      comm::all_reduce_in_place(world, values, comm::ReduceOp::sum);
    };
    reduce(std::span(total.dependency));
    reduce(std::span(total.beyond_targets));
    reduce(std::span(total.beyond_sources));
    reduce(std::span(total.crossing));
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

  /// Memory of a thread for each way to search, made when it is first needed.
  struct Searches {
    std::unique_ptr<PathBatch> in_lanes;
    std::unique_ptr<PathBatch> one_by_one;
  };

  [[nodiscard]] PathBatch& searches_of(Searches& own, bool in_lanes) const {
    auto& batch = in_lanes ? own.in_lanes : own.one_by_one;
    if (batch) return *batch;
    if (in_lanes) return *(batch = make_path_batch(graph_));
    if (lengths_.empty()) return *(batch = make_single_batch(graph_));
    batch = short_lengths_.empty() ? make_length_batch(graph_, lengths_)
                                   : make_length_batch(graph_, std::span(short_lengths_));
    return *batch;
  }

  [[nodiscard]] PathSums no_sums() const {
    return PathSums(graph_.arcs.vertices(), graph_.count_links ? graph_.arcs.arcs() : 0);
  }

  PathGraph graph_;
  std::span<const std::uint64_t> lengths_;
  std::vector<std::uint32_t> short_lengths_;  ///< the same if they fit
  SearchPlan plan_;
  std::vector<Searches> threads_;
  std::vector<PathSums> sums_;
};

/// Each of the sums with the name that it has in a checkpoint.
template <class Visit>
void for_each_sum(PathSums& sums, Visit&& visit) {
  visit("dependency", sums.dependency);
  visit("beyond_targets", sums.beyond_targets);
  visit("beyond_sources", sums.beyond_sources);
  if (!sums.crossing.empty()) visit("crossing", sums.crossing);
}

void add_partial(PathSums& sums, const PartialWork& partial) {
  for_each_sum(sums, [&](const char* name, std::vector<double>& to) {
    const auto from = partial.sums.find(name);
    require(from != partial.sums.end() && from->second.size() == to.size(), ErrorKind::bad_input,
            "the checkpoint belongs to another network");
    std::transform(to.begin(), to.end(), from->second.begin(), to.begin(), std::plus<>());
  });
}

PartialWork partial_of(PathSums sums) {
  PartialWork partial;
  for_each_sum(sums, [&](const char* name, std::vector<double>& values) {
    partial.sums[name] = std::move(values);
  });
  return partial;
}

}  // namespace

PathSums search_core(const Core& core, const comm::Communicator& world, const CoreSearch& search,
                     ProgressSink& progress, Checkpoint* checkpoint) {
  std::optional<PartialWork> earlier;
  if (checkpoint != nullptr) earlier = checkpoint->load();
  CoreSearches searches(core, search);
  const auto sums_so_far = [&] {
    auto sums = searches.total(world);
    if (earlier) add_partial(sums, *earlier);
    return sums;
  };
  const BatchPlan plan{searches.batches(), search.threads,
                       [&](std::int64_t batch, int thread) { searches.run(batch, thread); },
                       [&] { return partial_of(sums_so_far()); }};
  return_freed_memory();  // the batches live long, and their rows fit no hole that loading left
  run_batches(world, plan, earlier ? earlier->done : 0, progress, checkpoint);
  if (checkpoint != nullptr) checkpoint->discard();
  return sums_so_far();
}

}  // namespace tradegraph::kernels
