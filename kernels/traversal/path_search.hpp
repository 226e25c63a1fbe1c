#pragma once
/// The search half of a batch (see path_batch.hpp): levels, lanes and notes; with the recounting of
/// paths that 16 bits cannot hold.

#include <algorithm>
#include <span>
#include <vector>

#include "kernels/traversal/aligned_rows.hpp"
#include "kernels/traversal/lanes.hpp"
#include "kernels/traversal/path_batch.hpp"

namespace tradegraph::kernels {

/// A vertex at a level, in the lanes that reach it there, and where its notes end.
struct LevelEntry {
  Vertex vertex;
  std::uint32_t lanes;
  std::size_t notes_end;
};

template <class Lanes>
class PathSearch {
 public:
  explicit PathSearch(const WholeGraph& arcs)
      : arcs_(arcs),
        visited_(size() + 1),
        next_(size() + 1),
        touched_(size() + 1),
        counts_(size() * kRow) {}

  /// Fills levels, notes and 16-bit counts. Returns the row operations.
  void run(std::span<const Vertex> batch, PathWork& work) {
    reset();
    start(batch);
    while (levels_.back() < entries_.size()) {
      const auto begin = levels_.back();
      levels_.push_back(entries_.size());
      scan(begin, work);
      advance(begin);
    }
    work.sources += static_cast<std::int64_t>(batch.size());
    work.row_operations += static_cast<std::int64_t>(notes_);
  }

  [[nodiscard]] std::span<const LevelEntry> entries() const { return entries_; }
  /// Where each level begins among the entries, and the end of the last.
  [[nodiscard]] std::span<const std::size_t> levels() const { return levels_; }
  [[nodiscard]] std::size_t notes_begin(std::size_t entry) const {
    return entry == 0 ? 0 : entries_[entry - 1].notes_end;
  }
  /// All notes, in the order of the entries.
  [[nodiscard]] Notes notes() { return {note_vertex_.data(), note_lanes_.data()}; }
  [[nodiscard]] const std::uint16_t* counts(Vertex v) { return counts_.data() + v * kRow; }

  /// Some count has reached the largest 16-bit number, so it may be larger.
  [[nodiscard]] bool saturated() {
    return std::ranges::any_of(entries_, [&](const LevelEntry& e) {
      const auto* row = counts(e.vertex);
      return *std::max_element(row, row + kRow) == kSaturated;
    });
  }

  /// Path counts in another type, by replaying the notes: rows[v * kRow + lane].
  template <class Count>
  void recount(std::span<const Vertex> batch, Count* rows) {
    for (const auto& e : entries_) std::fill_n(rows + e.vertex * kRow, kRow, Count{});
    for (std::size_t l = 0; l < batch.size(); ++l) rows[batch[l] * kRow + l] = Count(1.0);
    for (std::size_t e = 0; e < entries_.size(); ++e) {
      const Count* from = rows + entries_[e].vertex * kRow;
      for (auto k = notes_begin(e); k < entries_[e].notes_end; ++k) {
        Count* to = rows + note_vertex_[k] * kRow;
        for (auto lanes = note_lanes_[k]; lanes != 0; lanes &= lanes - 1) {
          const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
          to[l] = to[l] + from[l];
        }
      }
    }
  }

 private:
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(arcs_.vertices()); }

  /// Forgets the last batch: in one sweep, or firm by firm where it touched few.
  void reset() {
    if (entries_.size() > size() / 4) {
      visited_.clear();
      counts_.clear();
    } else {
      for (const auto& e : entries_) {
        visited_[e.vertex] = 0;
        std::fill_n(counts_.data() + e.vertex * kRow, kRow, std::uint16_t{0});
      }
    }
    entries_.clear();
    levels_.assign(1, 0);
    notes_ = 0;
  }

  void start(std::span<const Vertex> batch) {
    for (std::size_t l = 0; l < batch.size(); ++l) {
      counts_[batch[l] * kRow + l] = 1;
      visited_[batch[l]] = std::uint32_t{1} << l;
      entries_.push_back({batch[l], std::uint32_t{1} << l, 0});
    }
  }

  /// Notes what the entries from `begin` on reach first.
  void scan(std::size_t begin, PathWork& work) {
    for (std::size_t e = begin; e < entries_.size(); ++e) {
      auto& entry = entries_[e];
      const auto links = arcs_.of(entry.vertex);
      reserve_notes(links.size());
      notes_ += Lanes::scan(links.data(), links.size(), visited_.data(), entry.lanes,
                            notes().from(notes_));
      entry.notes_end = notes_;
      work.arcs_scanned += static_cast<std::int64_t>(links.size());
    }
  }

  void reserve_notes(std::size_t more) {
    const auto needed = notes_ + more + kRow;
    if (needed <= note_vertex_.size()) return;
    note_vertex_.grow(std::max(needed, note_vertex_.size() * 3 / 2));
    note_lanes_.grow(note_vertex_.size());
  }

  /// Counts paths along the notes of the level that starts at `begin`, and forms the next level.
  void advance(std::size_t begin) {
    const auto end = entries_.size();
    std::size_t touched = 0;
    for (std::size_t e = begin; e < end; ++e) {
      const auto first = notes_begin(e);
      touched += Lanes::count(notes().from(first), entries_[e].notes_end - first,
                              counts(entries_[e].vertex), counts_.data(), next_.data(),
                              touched_.data() + touched);
    }
    form_level(touched);
  }

  /// In ascending order of vertices, so that the next level walks through memory.
  void form_level(std::size_t touched) {
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
    entries_.push_back({v, next_[v], 0});
    visited_[v] |= next_[v];
    next_[v] = 0;
  }

  const WholeGraph& arcs_;
  AlignedRows<std::uint32_t> visited_;  ///< lanes that have reached a vertex, up to this level
  AlignedRows<std::uint32_t> next_;     ///< lanes that reach it at the next
  AlignedRows<Vertex> touched_;         ///< vertices of the next level
  AlignedRows<std::uint16_t> counts_;   ///< shortest paths to a vertex, one a lane
  std::vector<LevelEntry> entries_;
  std::vector<std::size_t> levels_;
  AlignedRows<std::uint32_t> note_vertex_;
  AlignedRows<std::uint32_t> note_lanes_;
  std::size_t notes_ = 0;
};

}  // namespace tradegraph::kernels
