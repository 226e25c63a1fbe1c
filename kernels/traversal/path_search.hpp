#pragma once
/// The search half of a batch (see path_batch.hpp): levels, lanes and notes; with the recounting of
/// paths that 16 bits cannot hold.

#include <algorithm>
#include <limits>
#include <span>
#include <vector>

#include "kernels/traversal/aligned_rows.hpp"
#include "kernels/traversal/lanes.hpp"
#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

template <class Lanes>
class PathSearch {
 public:
  explicit PathSearch(const WholeGraph& arcs)
      : arcs_(arcs),
        visited_(size() + 1),
        next_(size() + 1),
        touched_(size() + 1),
        counts_(size() * kRow) {}

  /// Fills levels, notes and 16-bit counts; false if it was given up for more than `most` notes.
  bool run(std::span<const Vertex> batch, PathWork& work,
           std::size_t most = std::numeric_limits<std::size_t>::max()) {
    reset();
    start(batch);
    while (levels_.back() < entry_count_) {
      if (note_count_ > most) return false;
      levels_.push_back(entry_count_);
      advance(work);
    }
    work.sources += static_cast<std::int64_t>(batch.size());
    work.row_operations += static_cast<std::int64_t>(note_count_);
    return true;
  }

  /// Levels that have entries; level 0 is the sources.
  [[nodiscard]] std::size_t levels() const { return levels_.size() - 1; }
  [[nodiscard]] Level level(std::size_t l) { return entries_from(levels_[l], levels_[l + 1]); }
  [[nodiscard]] std::span<const LevelEntry> entries() { return {entries_.data(), entry_count_}; }
  /// All notes, in the order of the entries.
  [[nodiscard]] Notes notes() { return {note_vertex_.data(), note_lanes_.data()}; }
  [[nodiscard]] const std::uint16_t* counts() { return counts_.data(); }
  /// Some count has reached the largest 16-bit number, so it may be larger.
  [[nodiscard]] bool saturated() const { return saturated_; }

  /// Path counts in double, by replaying the notes: rows[v * kRow + lane]. Returns the largest.
  double recount(std::span<const Vertex> batch, double* rows) {
    clear_rows(batch, rows);
    double largest = 0;
    for (std::size_t l = 0; l < levels(); ++l) {
      largest = std::max(largest, Lanes::recount(level(l), notes(), rows));
    }
    return largest;
  }

  /// The same in any other type.
  template <class Count>
  void recount(std::span<const Vertex> batch, Count* rows) {
    clear_rows(batch, rows);
    std::size_t k = 0;
    for (const auto& e : entries()) {
      const Count* from = rows + e.vertex * kRow;
      for (; k < e.notes_end; ++k) {
        Count* to = rows + note_vertex_[k] * kRow;
        for (auto lanes = note_lanes_[k]; lanes != 0; lanes &= lanes - 1) {
          const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
          to[l] = to[l] + from[l];
        }
      }
    }
  }

 private:
  /// Arcs that are scanned before the paths along them are counted, while their notes are in the
  /// cache.
  static constexpr std::size_t kArcsAtOnce = 8192;

  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(arcs_.vertices()); }

  [[nodiscard]] Level entries_from(std::size_t begin, std::size_t end) {
    return {{entries_.data() + begin, end - begin}, begin == 0 ? 0 : entries_[begin - 1].notes_end};
  }

  /// Forgets the last batch: in one sweep, or firm by firm where it touched few.
  void reset() {
    if (entry_count_ > size() / 4) {
      visited_.clear();
      counts_.clear();
    } else {
      for (const auto& e : entries()) {
        visited_[e.vertex] = 0;
        std::fill_n(counts_.data() + e.vertex * kRow, kRow, std::uint16_t{0});
      }
    }
    entry_count_ = 0;
    note_count_ = 0;
    levels_.assign(1, 0);
    saturated_ = false;
  }

  void start(std::span<const Vertex> batch) {
    reserve_entries(batch.size());
    for (std::size_t l = 0; l < batch.size(); ++l) {
      counts_[batch[l] * kRow + l] = 1;
      visited_[batch[l]] = std::uint32_t{1} << l;
      entries_[entry_count_++] = {batch[l], std::uint32_t{1} << l, 0};
    }
  }

  /// 0 for every vertex that was reached, 1 for each lane's source.
  template <class Count>
  void clear_rows(std::span<const Vertex> batch, Count* rows) {
    for (const auto& e : entries()) std::fill_n(rows + e.vertex * kRow, kRow, Count{});
    for (std::size_t l = 0; l < batch.size(); ++l) rows[batch[l] * kRow + l] = Count(1.0);
  }

  /// From the last level to the next.
  void advance(PathWork& work) {
    const auto end = entry_count_;
    std::size_t touched = 0;
    for (auto begin = levels_[levels_.size() - 2]; begin < end;) {
      std::size_t arcs = 0;
      auto e = begin;
      for (; e < end && arcs < kArcsAtOnce; ++e) arcs += arcs_.degree(entries_[e].vertex);
      touched += scan_and_count(entries_from(begin, e), arcs, touched);
      work.arcs_scanned += static_cast<std::int64_t>(arcs);
      begin = e;
    }
    form_level(touched);
  }

  std::size_t scan_and_count(const Level& part, std::size_t arcs, std::size_t touched) {
    reserve_notes(arcs);
    note_count_ = Lanes::scan({arcs_.offsets.data(), arcs_.neighbours.data()}, visited_.data(),
                              part, notes());
    const auto counted =
        Lanes::count(part, notes(), {counts_.data(), next_.data(), touched_.data() + touched});
    saturated_ = saturated_ || counted.saturated;
    return counted.touched;
  }

  void reserve_notes(std::size_t more) {
    const auto needed = note_count_ + more + kSpareNotes;
    if (needed <= note_vertex_.size()) return;
    note_vertex_.extend(std::max(needed, note_vertex_.size() * 3 / 2));
    note_lanes_.extend(note_vertex_.size());
  }

  void reserve_entries(std::size_t more) {
    const auto needed = entry_count_ + more + kEntriesAhead;
    if (needed > entries_.size()) entries_.grow(std::max(needed, entries_.size() * 3 / 2));
  }

  /// In ascending order of vertices, so that the next level walks through memory.
  void form_level(std::size_t touched) {
    reserve_entries(touched);
    if (touched > size() / 32) {
      for (std::size_t v = 0; v < size(); ++v) {
        if (next_[v] != 0) enter(static_cast<Vertex>(v));
      }
      return;
    }
    std::sort(touched_.data(), touched_.data() + touched);
    for (std::size_t i = 0; i < touched; ++i) enter(touched_[i]);
  }

  void enter(Vertex v) {
    entries_[entry_count_++] = {v, next_[v], 0};
    visited_[v] |= next_[v];
    next_[v] = 0;
  }

  const WholeGraph& arcs_;
  AlignedRows<std::uint32_t> visited_;  ///< lanes that have reached a vertex, up to this level
  AlignedRows<std::uint32_t> next_;     ///< lanes that reach it at the next
  AlignedRows<Vertex> touched_;         ///< vertices of the next level
  AlignedRows<std::uint16_t> counts_;   ///< shortest paths to a vertex, one a lane
  AlignedRows<LevelEntry> entries_;
  std::size_t entry_count_ = 0;
  std::vector<std::size_t> levels_;  ///< where each begins among the entries, and the last ends
  AlignedRows<std::uint32_t> note_vertex_;
  AlignedRows<std::uint32_t> note_lanes_;
  std::size_t note_count_ = 0;
  bool saturated_ = false;
};

}  // namespace tradegraph::kernels
