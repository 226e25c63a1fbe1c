#pragma once
/// The six loops that a batch of searches spends its time in, for several sets of vector
/// instructions: plain_lanes.hpp, avx2_lanes.hpp, avx512_lanes.hpp. Each is a struct of the same
/// static functions; all but the last work on one level of the search:
///
///   scan        for each entry: notes the neighbours that its lanes have not visited, from note
///               `noted` on, and where they end. Room for `kSpareNotes` more notes than the level
///               has arcs is needed. Returns where the last ends.
///   count       for each note of the level: adds the entry's row of path counts to the
///               neighbour's in the noted lanes, up to 65535, joins the lanes to `next`, and lists
///               the neighbour when its `next` was empty.
///   accumulate  for each entry, lane by lane: sum = rows of the noted neighbours;
///               dependency = sum * count; row = (target + dependency) / count. The dependencies,
///               weighted by the lanes' sources, are added to the vertex's.
///   recount     count's path counts again, in double: rows of double counts, not of 16-bit ones.
///   reach       for each entry: adds its lanes' sources to what the vertex is reached by, and its
///               target to what its lanes reach.
///   links       for each note of the level: the arc it came over gets what crosses it, count of
///               the entry * row of the neighbour, weighted by the lanes' sources. Notes of an
///               entry stand in the order of its arcs.
///
/// Functions carry their instruction set as an attribute, so that one binary serves all processors.
/// Each takes a whole level, since what has an attribute cannot be inlined into what has none.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tradegraph::kernels {

inline constexpr std::size_t kRow = 32;  ///< lanes of a row
inline constexpr std::uint16_t kSaturated = 0xffff;
inline constexpr std::size_t kLookAhead = 16;  ///< notes between prefetching a row and its use
/// Up to so many lanes rows of doubles are worked on lane by lane, as in meshes, where sources
/// reach a vertex at many distances.
inline constexpr int kFewLanes = 6;
inline constexpr std::size_t kEntriesAhead = 4;
inline constexpr std::size_t kSpareNotes = 32;

/// A vertex at a level, in the lanes that reach it there, and where its notes end.
struct LevelEntry {
  std::uint32_t vertex;
  std::uint32_t lanes;
  std::size_t notes_end;
};

/// Pairs (vertex, lanes), in two arrays. Readable for `kLookAhead` beyond the end, where anything
/// may stand: for prefetching only.
struct Notes {
  std::uint32_t* vertex;
  std::uint32_t* lanes;
};

/// A level of the search and where its notes begin. Readable, though meaningless, for
/// `kEntriesAhead` beyond the end.
struct Level {
  std::span<LevelEntry> entries;
  std::size_t notes_begin;
};

struct ArcsView {
  const std::uint64_t* offsets;
  const std::uint32_t* neighbours;
};

/// Rows of path counts, the lanes that reach a vertex next, and the vertices where there are any.
struct CountRows {
  std::uint16_t* counts;
  std::uint32_t* next;
  std::uint32_t* touched;
};

struct Counted {
  std::size_t touched = 0;
  bool saturated = false;  ///< a count of this level is 65535, so it may be larger
};

/// `Count`: std::uint16_t or double.
template <class Count>
struct DependencyRows {
  const Count* counts;
  double* rows;
  const double* lane_sources;  ///< one a lane, aligned to 64 bytes
  const double* targets;       ///< one a vertex
  double* dependency;          ///< one a vertex
  /// The lanes for which a vertex with a label is no target: `label` one a vertex, or null.
  const std::uint32_t* label;
  const std::uint32_t* lanes_of_label;

  [[nodiscard]] std::uint32_t lanes_aimed_at(std::uint32_t vertex) const {
    return label == nullptr ? ~std::uint32_t{0} : ~lanes_of_label[label[vertex]];
  }
};

struct ReachRows {
  const double* lane_sources;  ///< one a lane, aligned to 64 bytes
  const double* targets;       ///< one a vertex
  double* reached_by;          ///< one a vertex
  double* reaches;             ///< one a lane, aligned to 64 bytes
};

/// `accumulate` for one entry, whose notes begin at `begin`, lane by lane.
template <class Count>
void accumulate_by_lane(const LevelEntry& entry, const Notes& notes, std::size_t begin,
                        const DependencyRows<Count>& at) {
  const auto* counts = at.counts + entry.vertex * kRow;
  double* row = at.rows + entry.vertex * kRow;
  const auto aimed = at.lanes_aimed_at(entry.vertex);
  double weighted = 0;
  for (auto lanes = entry.lanes; lanes != 0; lanes &= lanes - 1) {
    const auto l = static_cast<std::size_t>(__builtin_ctz(lanes));
    double sum = 0;
    for (auto k = begin; k < entry.notes_end; ++k) {
      if ((notes.lanes[k] >> l & 1u) != 0) sum += at.rows[notes.vertex[k] * kRow + l];
    }
    const double dependency = sum * counts[l];
    const double target = (aimed >> l & 1u) != 0 ? at.targets[entry.vertex] : 0.0;
    row[l] = (target + dependency) / counts[l];
    weighted += dependency * at.lane_sources[l];
  }
  at.dependency[entry.vertex] += weighted;
}

// What the vector forms share is inlined into functions with an instruction set of their own.

/// A row's part for 8 lanes is a cache line; lines without a noted lane are read from here instead.
alignas(64) inline constexpr double kNoLine[8] = {};

/// Eight lanes of a row if one of them is wanted, else `kNoLine`. The empty statement keeps the
/// choice a move, not a jump, which no processor could foresee.
[[gnu::always_inline]] inline const double* noted_line(const double* row, std::uint32_t lanes,
                                                       std::size_t q) {
  const double* at = (lanes >> (8 * q) & 0xffu) != 0 ? row + 8 * q : kNoLine;
  __asm__("" : "+r"(at));
  return at;
}

/// Of an entry that is accumulated soon.
template <class Count>
[[gnu::always_inline]] inline void prefetch_rows(std::uint32_t vertex,
                                                 const DependencyRows<Count>& at) {
  __builtin_prefetch(at.counts + vertex * kRow);
  for (std::size_t q = 0; q < 4; ++q) __builtin_prefetch(at.rows + vertex * kRow + 8 * q, 1);
}

/// `recount`; many lanes of a row are added by `Lanes::add_row(to, from, lanes)`.
template <class Lanes>
[[gnu::always_inline]] inline double recount_by_rows(const Level& level, const Notes& notes,
                                                     double* counts) {
  double largest = 0;
  auto k = level.notes_begin;
  for (const auto& entry : level.entries) {
    const double* from = counts + entry.vertex * kRow;
    for (auto lanes = entry.lanes; lanes != 0; lanes &= lanes - 1) {
      largest = std::max(largest, from[__builtin_ctz(lanes)]);
    }
    for (; k < entry.notes_end; ++k) {
      const double* ahead = counts + notes.vertex[k + kLookAhead] * kRow;
      const auto lanes_ahead = notes.lanes[k + kLookAhead];
      for (std::size_t q = 0; q < 4; ++q) __builtin_prefetch(noted_line(ahead, lanes_ahead, q), 1);
      double* row = counts + notes.vertex[k] * kRow;
      auto lanes = notes.lanes[k];
      if (__builtin_popcount(lanes) > kFewLanes) {
        Lanes::add_row(row, from, lanes);
        continue;
      }
      for (; lanes != 0; lanes &= lanes - 1)
        row[__builtin_ctz(lanes)] += from[__builtin_ctz(lanes)];
    }
  }
  return largest;
}

}  // namespace tradegraph::kernels
