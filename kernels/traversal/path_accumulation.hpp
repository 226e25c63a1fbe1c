#pragma once
/// The accumulation half of a batch (see path_batch.hpp): dependencies from the last level back.

#include <array>
#include <cmath>
#include <optional>

#include "kernels/traversal/path_search.hpp"
#include "kernels/traversal/wide_number.hpp"

namespace tradegraph::kernels {

/// Largest path count whose inverse is still a normal number with all its digits.
inline constexpr double kLargestDouble = 1e290;

template <class Lanes>
class PathBatchOf final : public PathBatch {
 public:
  explicit PathBatchOf(const PathGraph& graph)
      : graph_(graph), search_(graph.arcs), rows_(size() * kRow) {}

  void run(std::span<const Vertex> batch, PathSums& sums) override {
    search_.run(batch, sums.work);
    lane_sources_.fill(0);
    for (std::size_t l = 0; l < batch.size(); ++l) lane_sources_[l] = graph_.sources[batch[l]];
    if (graph_.count_reach) add_reach(batch, sums);
    if (search_.saturated()) {
      ++sums.work.recounted;
      accumulate_recounted(batch, sums);
      return;
    }
    const DependencyRows at{search_.counts(), rows_.data(), lane_sources_.data(),
                            graph_.targets.data(), sums.dependency.data()};
    for (auto l = search_.levels(); l-- > 1;)
      Lanes::accumulate(search_.level(l), search_.notes(), at);
  }

 private:
  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(graph_.arcs.vertices());
  }

  /// Lane by lane, in any type of count. The sources themselves have no dependency.
  template <class Count>
  void accumulate_in(const Count* counts, Count* rows, PathSums& sums) {
    for (auto l = search_.levels(); l-- > 1;) {
      const auto level = search_.level(l);
      auto notes_begin = level.notes_begin;
      for (const auto& entry : level.entries) {
        sums.dependency[entry.vertex] += settle(entry, notes_begin, counts, rows);
        notes_begin = entry.notes_end;
      }
    }
  }

  void accumulate_recounted(std::span<const Vertex> batch, PathSums& sums) {
    double_counts_.grow(size() * kRow);
    search_.recount(batch, double_counts_.data());
    if (!too_large()) {
      accumulate_in(double_counts_.data(), rows_.data(), sums);
      return;
    }
    wide_counts_.resize(size() * kRow);
    wide_rows_.resize(size() * kRow);
    search_.recount(batch, wide_counts_.data());
    accumulate_in(wide_counts_.data(), wide_rows_.data(), sums);
  }

  [[nodiscard]] bool too_large() {
    return std::ranges::any_of(search_.entries(), [&](const LevelEntry& e) {
      const double* row = double_counts_.data() + e.vertex * kRow;
      return !(*std::max_element(row, row + kRow) <= kLargestDouble);
    });
  }

  static double as_double(double x) { return x; }
  static double as_double(const WideNumber& x) { return x.value(); }

  /// The entry's dependency, weighted by the lanes' sources; fills its row.
  template <class Count>
  double settle(const LevelEntry& entry, std::size_t notes_begin, const Count* counts,
                Count* rows) {
    const auto notes = search_.notes();
    double weighted = 0;
    for (auto lanes = entry.lanes; lanes != 0; lanes &= lanes - 1) {
      const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
      Count sum{};
      for (auto k = notes_begin; k < entry.notes_end; ++k) {
        if ((notes.lanes[k] >> l & 1) != 0) sum = sum + rows[notes.vertex[k] * kRow + l];
      }
      const auto at = entry.vertex * kRow + l;
      const double dependency = as_double(sum * counts[at]);
      rows[at] = Count(graph_.targets[entry.vertex] + dependency) / counts[at];
      weighted += dependency * lane_sources_[l];
    }
    return weighted;
  }

  void add_reach(std::span<const Vertex> batch, PathSums& sums) {
    std::array<double, kRow> reached{};
    for (const auto& e : search_.entries()) {
      double from = 0;
      for (std::size_t l = 0; l < kRow; ++l) {
        const double lane = (e.lanes >> l & 1) != 0 ? 1.0 : 0.0;
        reached[l] += lane * graph_.targets[e.vertex];
        from += lane * lane_sources_[l];
      }
      sums.beyond_sources[e.vertex] += from;
    }
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
  alignas(64) std::array<double, kRow> lane_sources_{};
};

}  // namespace tradegraph::kernels
