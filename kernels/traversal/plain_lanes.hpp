#pragma once
/// The loops of lanes.hpp for any processor.

#include <algorithm>

#include "kernels/traversal/lanes.hpp"

namespace tradegraph::kernels {

struct PlainLanes {
  static std::size_t scan(const ArcsView& arcs, const std::uint32_t* visited, const Level& level,
                          const Notes& notes) {
    auto noted = level.notes_begin;
    for (auto& entry : level.entries) {
      for (auto i = arcs.offsets[entry.vertex]; i < arcs.offsets[entry.vertex + 1]; ++i) {
        const auto fresh = entry.lanes & ~visited[arcs.neighbours[i]];
        notes.vertex[noted] = arcs.neighbours[i];
        notes.lanes[noted] = fresh;
        noted += fresh != 0 ? 1 : 0;
      }
      entry.notes_end = noted;
    }
    return noted;
  }

  static Counted count(const Level& level, const Notes& notes, const CountRows& to) {
    Counted result;
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      const auto* from = to.counts + entry.vertex * kRow;
      result.saturated =
          result.saturated || std::find(from, from + kRow, kSaturated) != from + kRow;
      for (; k < entry.notes_end; ++k) {
        const auto v = notes.vertex[k];
        const auto lanes = notes.lanes[k];
        auto* row = to.counts + v * kRow;
        for (std::uint32_t l = 0; l < kRow; ++l) {
          const std::uint32_t more = (lanes >> l & 1u) != 0 ? from[l] : 0u;
          row[l] = static_cast<std::uint16_t>(std::min<std::uint32_t>(row[l] + more, kSaturated));
        }
        to.touched[result.touched] = v;
        result.touched += to.next[v] == 0 ? 1 : 0;
        to.next[v] |= lanes;
      }
    }
    return result;
  }

  static double recount(const Level& level, const Notes& notes, double* counts) {
    double largest = 0;
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      const double* from = counts + entry.vertex * kRow;
      for (std::size_t l = 0; l < kRow; ++l) largest = std::max(largest, from[l]);
      for (; k < entry.notes_end; ++k) {
        double* row = counts + notes.vertex[k] * kRow;
        const auto lanes = notes.lanes[k];
        for (std::size_t l = 0; l < kRow; ++l) row[l] += (lanes >> l & 1u) != 0 ? from[l] : 0.0;
      }
    }
    return largest;
  }

  template <class Count>
  static void accumulate(const Level& level, const Notes& notes, const DependencyRows<Count>& at) {
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      double sum[kRow] = {};
      for (; k < entry.notes_end; ++k) {
        const double* row = at.rows + notes.vertex[k] * kRow;
        const auto lanes = notes.lanes[k];
        for (std::size_t l = 0; l < kRow; ++l) sum[l] += (lanes >> l & 1u) != 0 ? row[l] : 0.0;
      }
      settle(entry, sum, at);
    }
  }

  template <class Count>
  static void links(const ArcsView& arcs, const Level& level, const Notes& notes,
                    const DependencyRows<Count>& at, double* crossing) {
    auto k = level.notes_begin;
    for (const auto& entry : level.entries) {
      const auto* counts = at.counts + entry.vertex * kRow;
      double from[kRow];
      for (std::size_t l = 0; l < kRow; ++l) from[l] = counts[l] * at.lane_sources[l];
      for (auto arc = arcs.offsets[entry.vertex]; k < entry.notes_end; ++k, ++arc) {
        while (arcs.neighbours[arc] != notes.vertex[k]) ++arc;
        const double* row = at.rows + notes.vertex[k] * kRow;
        double sum = 0;
        for (auto lanes = notes.lanes[k]; lanes != 0; lanes &= lanes - 1) {
          const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
          sum += from[l] * row[l];
        }
        crossing[arc] += sum;
      }
    }
  }

  static void reach(std::span<const LevelEntry> entries, const ReachRows& at) {
    for (const auto& entry : entries) {
      double by = 0;
      for (auto lanes = entry.lanes; lanes != 0; lanes &= lanes - 1) {
        const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
        by += at.lane_sources[l];
        at.reaches[l] += at.targets[entry.vertex];
      }
      at.reached_by[entry.vertex] += by;
    }
  }

 private:
  template <class Count>
  static void settle(const LevelEntry& entry, const double* sum, const DependencyRows<Count>& at) {
    const auto* counts = at.counts + entry.vertex * kRow;
    double* row = at.rows + entry.vertex * kRow;
    const auto aimed = at.lanes_aimed_at(entry.vertex);
    double weighted = 0;
    for (auto lanes = entry.lanes; lanes != 0; lanes &= lanes - 1) {
      const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
      const double dependency = sum[l] * counts[l];
      const double target = (aimed >> l & 1u) != 0 ? at.targets[entry.vertex] : 0.0;
      row[l] = (target + dependency) / counts[l];
      weighted += dependency * at.lane_sources[l];
    }
    at.dependency[entry.vertex] += weighted;
  }
};

}  // namespace tradegraph::kernels
