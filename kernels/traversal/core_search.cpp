#include "kernels/traversal/core_search.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/base/memory.hpp"
#include "engine/comm/collectives.hpp"
#include "kernels/traversal/batch_schedule.hpp"
#include "kernels/traversal/length_batch.hpp"
#include "kernels/traversal/source_order.hpp"

namespace tradegraph::kernels {

namespace {

/// The batches of all searches, on the threads of this rank.
class CoreSearches {
 public:
  CoreSearches(const Core& core, const CoreSearch& search)
      : graph_{core.arcs,          core.sources, core.targets,    search.count_reach,
               search.count_links, core.labels,  core.label_count},
        lengths_(core.lengths) {
    for (Vertex v = 0; v < static_cast<Vertex>(core.arcs.vertices()); ++v) {
      if (core.sources[v] > 0 && core.arcs.degree(v) > 0) sources_.push_back(v);
    }
    sources_ = batch_order(core.arcs, sources_);
    batches_.resize(static_cast<std::size_t>(search.threads));
    sums_.assign(batches_.size(), no_sums());
  }

  [[nodiscard]] std::int64_t batches() const {
    return static_cast<std::int64_t>((sources_.size() + batch_size() - 1) / batch_size());
  }

  void run(std::int64_t batch, int thread) {
    const auto at = static_cast<std::size_t>(thread);
    if (!batches_[at]) {
      batches_[at] =
          lengths_.empty() ? make_path_batch(graph_) : make_length_batch(graph_, lengths_);
    }
    const auto begin = static_cast<std::size_t>(batch) * batch_size();
    const auto count = std::min(batch_size(), sources_.size() - begin);
    batches_[at]->run(std::span(sources_).subspan(begin, count), sums_[at]);
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

  /// By length, sources are searched one by one, and need not go together.
  [[nodiscard]] std::size_t batch_size() const { return lengths_.empty() ? kLanes : 4; }

  [[nodiscard]] PathSums no_sums() const {
    return PathSums(graph_.arcs.vertices(), graph_.count_links ? graph_.arcs.arcs() : 0);
  }

  PathGraph graph_;
  std::span<const std::uint64_t> lengths_;
  std::vector<Vertex> sources_;
  std::vector<std::unique_ptr<PathBatch>> batches_;
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
