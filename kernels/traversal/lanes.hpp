#pragma once
/// The three loops that a batch of searches spends its time in, for several sets of vector
/// instructions: plain_lanes.hpp, avx2_lanes.hpp, avx512_lanes.hpp. Each is a struct of the same
/// static functions, which work on one level of the search:
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
///
/// Functions carry their instruction set as an attribute, so that one binary serves all processors.
/// Each takes a whole level, since what has an attribute cannot be inlined into what has none.

#include <cstddef>
#include <cstdint>
#include <span>

namespace tradegraph::kernels {

inline constexpr std::size_t kRow = 32;  ///< lanes of a row
inline constexpr std::uint16_t kSaturated = 0xffff;
inline constexpr std::size_t kLookAhead = 16;  ///< notes between prefetching a row and its use
inline constexpr std::size_t kEntriesAhead = 4;
inline constexpr std::size_t kSpareNotes = 32;

/// A vertex at a level, in the lanes that reach it there, and where its notes end.
struct LevelEntry {
  std::uint32_t vertex;
  std::uint32_t lanes;
  std::size_t notes_end;
};

/// Pairs (vertex, lanes), in two arrays. Valid, though meaningless, for `kLookAhead` beyond the
/// end.
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

struct DependencyRows {
  const std::uint16_t* counts;
  double* rows;
  const double* lane_sources;  ///< one a lane, aligned to 64 bytes
  const double* targets;       ///< one a vertex
  double* dependency;          ///< one a vertex
};

/// A row's part for 8 lanes is a cache line; lines without a noted lane are read from here instead.
alignas(64) inline constexpr double kNoLine[8] = {};

}  // namespace tradegraph::kernels
