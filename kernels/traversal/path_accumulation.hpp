#pragma once
/// The accumulation half of a batch (see path_batch.hpp): dependencies from the last level back.

#include <array>

#include "kernels/traversal/path_search.hpp"
#include "kernels/traversal/wide_number.hpp"

namespace tradegraph::kernels {

/// Largest path count whose inverse is still a normal number with all its digits.
inline constexpr double kLargestDouble = 1e290;

template <class Lanes>
class PathBatchOf final : public LaneBatch {
 public:
  explicit PathBatchOf(const PathGraph& graph)
      : graph_(graph), search_(graph.arcs), lanes_of_label_(graph.label_count, 0) {}

  void run(std::span<const Vertex> batch, PathSums& sums) override {
    rows_.grow(size() * kRow);
    search_.run(batch, sums.work);
    lane_sources_.fill(0);
    for (std::size_t l = 0; l < batch.size(); ++l) lane_sources_[l] = graph_.sources[batch[l]];
    if (graph_.count_reach) add_reach(batch, sums);
    mark_labels(batch);
    if (search_.saturated()) {
      ++sums.work.recounted;
      accumulate_recounted(batch, sums);
    } else {
      accumulate(search_.counts(), sums);
    }
    forget_labels(batch);
  }

  bool searches_within(std::span<const Vertex> batch, std::int64_t row_operations) override {
    PathWork work;
    return search_.run(batch, work, static_cast<std::size_t>(row_operations));
  }

 private:
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(graph_.arcs.vertices());
  }

  void mark_labels(std::span<const Vertex> batch) {
    if (graph_.labels.empty()) return;
    for (std::size_t l = 0; l < batch.size(); ++l) {
      lanes_of_label_[graph_.labels[batch[l]]] |= std::uint32_t{1} << l;
    }
  }

  void forget_labels(std::span<const Vertex> batch) {
    if (graph_.labels.empty()) return;
    for (const auto v : batch) lanes_of_label_[graph_.labels[v]] = 0;
  }

  /// The sources themselves, level 0, have no dependency.
  template <class Count>
  void accumulate(const Count* counts, PathSums& sums) {
    const DependencyRows<Count> at{counts,
                                   rows_.data(),
                                   lane_sources_.data(),
                                   graph_.targets.data(),
                                   sums.dependency.data(),
                                   graph_.labels.empty() ? nullptr : graph_.labels.data(),
                                   lanes_of_label_.data()};
    for (auto l = search_.levels(); l-- > 1;) {
      Lanes::accumulate(search_.level(l), search_.notes(), at);
      if (graph_.count_links) add_links(l, at, sums);
    }
    if (graph_.count_links && search_.levels() > 0) add_links(0, at, sums);
  }

  template <class Count>
  void add_links(std::size_t level, const DependencyRows<Count>& at, PathSums& sums) {
    Lanes::links({graph_.arcs.offsets.data(), graph_.arcs.neighbours.data()}, search_.level(level),
                 search_.notes(), at, sums.crossing.data());
  }

  /// The same lane by lane, for counts that double cannot hold.
  void accumulate_wide(PathSums& sums) {
    for (auto l = search_.levels(); l-- > 1;) {
      const auto level = search_.level(l);
      auto notes_begin = level.notes_begin;
      for (const auto& entry : level.entries) {
        sums.dependency[entry.vertex] += settle_wide(entry, notes_begin);
        notes_begin = entry.notes_end;
      }
    }
    if (graph_.count_links) add_links_wide(sums);
  }

  void add_links_wide(PathSums& sums) {
    const auto notes = search_.notes();
    std::size_t k = 0;
    for (const auto& entry : search_.entries()) {
      for (auto arc = graph_.arcs.offsets[entry.vertex]; k < entry.notes_end; ++k, ++arc) {
        while (graph_.arcs.neighbours[arc] != notes.vertex[k]) ++arc;
        for (auto lanes = notes.lanes[k]; lanes != 0; lanes &= lanes - 1) {
          const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
          const auto share = wide_rows_[notes.vertex[k] * kRow + l];
          sums.crossing[arc] +=
              lane_sources_[l] * (share * wide_counts_[entry.vertex * kRow + l]).value();
        }
      }
    }
  }

  void accumulate_recounted(std::span<const Vertex> batch, PathSums& sums) {
    double_counts_.grow(size() * kRow);
    if (search_.recount(batch, double_counts_.data()) <= kLargestDouble) {
      accumulate(static_cast<const double*>(double_counts_.data()), sums);
      return;
    }
    wide_counts_.resize(size() * kRow);
    wide_rows_.resize(size() * kRow);
    search_.recount(batch, wide_counts_.data());
    accumulate_wide(sums);
  }

  /// The entry's dependency, weighted by the lanes' sources; fills its row.
  double settle_wide(const LevelEntry& entry, std::size_t notes_begin) {
    const auto notes = search_.notes();
    const auto same_label =
        graph_.labels.empty() ? 0 : lanes_of_label_[graph_.labels[entry.vertex]];
    double weighted = 0;
    for (auto lanes = entry.lanes; lanes != 0; lanes &= lanes - 1) {
      const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
      WideNumber sum;
      for (auto k = notes_begin; k < entry.notes_end; ++k) {
        if ((notes.lanes[k] >> l & 1) != 0) sum = sum + wide_rows_[notes.vertex[k] * kRow + l];
      }
      const auto at = entry.vertex * kRow + l;
      const double dependency = (sum * wide_counts_[at]).value();
      const double target = (same_label >> l & 1u) != 0 ? 0.0 : graph_.targets[entry.vertex];
      wide_rows_[at] = WideNumber(target + dependency) / wide_counts_[at];
      weighted += dependency * lane_sources_[l];
    }
    return weighted;
  }

  void add_reach(std::span<const Vertex> batch, PathSums& sums) {
    alignas(64) std::array<double, kRow> reached{};
    Lanes::reach(search_.entries(), {lane_sources_.data(), graph_.targets.data(),
                                     sums.beyond_sources.data(), reached.data()});
    for (std::size_t l = 0; l < batch.size(); ++l) {
      sums.beyond_targets[batch[l]] += reached[l] - graph_.targets[batch[l]];
      sums.beyond_sources[batch[l]] -= lane_sources_[l];
    }
  }

  const PathGraph graph_;
  PathSearch<Lanes> search_;
  AlignedRows<double> rows_;  ///< (target + dependency) / paths of each vertex, one a lane
  AlignedRows<double> double_counts_;
  std::vector<WideNumber> wide_counts_;
  std::vector<WideNumber> wide_rows_;
  std::vector<std::uint32_t> lanes_of_label_;
  alignas(64) std::array<double, kRow> lane_sources_{};
};

}  // namespace tradegraph::kernels
