#pragma once
/// Exact sparse tables label x key (degree, industry class, other label), with each label's rows on
/// one rank, and figures computed from them.

#include <cstdint>
#include <cstring>
#include <iterator>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/exact_sum.hpp"
#include "engine/base/parallel.hpp"
#include "engine/base/types.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"

namespace tradegraph::kernels {

/// `count` things, or things that weigh `weight` fixed-point units, of kind `key` under `label`.
struct Tally {
  Label label = kNoCluster;
  std::int64_t key = 0;
  Int128 count = 0;
  Int128 weight = 0;
};

/// Sorts by (label, key), `kNoCluster` first, and adds up what has the same. Not collective.
void merge_tallies(std::vector<Tally>& tallies);

/// Brings all tallies of a label to one rank, merged and sorted by (label, key). Sums are of
/// integers: the same at every spread. Collective; sends each distinct (label, key) of a rank once.
[[nodiscard]] std::vector<Tally> collect_by_label(const comm::Communicator& group,
                                                  std::vector<Tally> tallies);

/// `collect_by_label`, then every rank gets all of them. Collective.
[[nodiscard]] std::vector<Tally> collect_everywhere(const comm::Communicator& group,
                                                    std::vector<Tally> tallies);

/// The runs of equal label in sorted tallies, one `visit(label, run)` each.
template <class Visit>
void for_each_label(std::span<const Tally> sorted, Visit&& visit) {
  for (std::size_t begin = 0, end = 0; begin < sorted.size(); begin = end) {
    while (end < sorted.size() && sorted[end].label == sorted[begin].label) ++end;
    visit(sorted[begin].label, sorted.subspan(begin, end - begin));
  }
}

namespace detail {

/// compute(run) of every run, by all threads.
template <class Figures, class Compute>
std::vector<Figures> compute_all(const std::vector<std::span<const Tally>>& runs,
                                 Compute&& compute) {
  std::vector<Figures> figures(runs.size());
  parallel_for(std::ssize(runs), [&](std::int64_t i) {
    figures[static_cast<std::size_t>(i)] = compute(runs[static_cast<std::size_t>(i)]);
  });
  return figures;
}

}  // namespace detail

/// One `Figures` a cluster on all ranks: `compute(run)`, by many threads, where the label's tallies
/// are (as `collect_by_label` left them), `Figures{}` for clusters without any. `Figures` is a
/// plain struct. Collective; every cluster's figures are sent once to all.
template <class Figures, class Compute>
[[nodiscard]] std::vector<Figures> figures_by_label(const comm::Communicator& group,
                                                    std::span<const Tally> collected,
                                                    std::int64_t clusters, Compute&& compute) {
  static_assert(std::is_trivially_copyable_v<Figures>);
  std::vector<Label> labels;
  std::vector<std::span<const Tally>> runs;
  for_each_label(collected, [&](Label label, std::span<const Tally> run) {
    if (label == kNoCluster) return;
    labels.push_back(label);
    runs.push_back(run);
  });
  const auto mine = comm::collectively(
      group, [&] { return detail::compute_all<Figures>(runs, std::forward<Compute>(compute)); });
  const auto all_labels = comm::all_gather_v(group, std::span<const Label>(labels)).values;
  const auto all = comm::all_gather_v(group, std::as_bytes(std::span(mine))).values;
  std::vector<Figures> figures(static_cast<std::size_t>(clusters), Figures{});
  for (std::size_t i = 0; i < all_labels.size(); ++i) {
    std::memcpy(&figures[static_cast<std::size_t>(all_labels[i])], all.data() + i * sizeof(Figures),
                sizeof(Figures));
  }
  return figures;
}

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::Tally> : std::true_type {};
