#pragma once
/// Tallies of this rank's things (firms, rows of links) by label and key, by all threads: each
/// label's things are visited together, so that one dense pad of keys a thread is all that is
/// needed to add them up.

#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "engine/base/buffer.hpp"
#include "engine/base/parallel.hpp"
#include "kernels/cluster_tally.hpp"

namespace tradegraph::kernels {

/// Things by label: those without a cluster first, then those of label 0, 1, ...; within a label in
/// ascending order.
struct LabelGroups {
  Buffer<std::int64_t> thing;
  std::vector<std::int64_t> begin;  ///< of label l: begin[l + 1] .. begin[l + 2]

  /// `labels` lie in -1 .. clusters - 1. O(things + clusters x threads).
  LabelGroups(std::span<const Label> labels, std::int64_t clusters);
};

/// Counts and weights by key for one label at a time.
class TallyPad {
 public:
  explicit TallyPad(std::int64_t keys) : cells_(static_cast<std::size_t>(keys)) {}

  /// 0 <= key < keys, count > 0.
  void add(std::int64_t key, std::int64_t count, Int128 weight) {
    auto& cell = cells_[static_cast<std::size_t>(key)];
    if (cell.count == 0) touched_.push_back(key);
    cell.count += count;
    cell.weight += weight;
  }
  /// Appends what was added since the last time, by ascending key, and forgets it.
  void flush(Label label, std::vector<Tally>& to);

 private:
  struct Cell {
    std::int64_t count = 0;
    Int128 weight = 0;
  };
  std::vector<Cell> cells_;
  std::vector<std::int64_t> touched_;
};

/// Merged tallies of all things: `visit(thing, pad)` adds what a thing counts for, by many threads.
/// O(things + visits), and a pad of 32 bytes a key and thread. Not collective. Throws
/// `ErrorKind::memory`, and what `visit` throws.
template <class Visit>
[[nodiscard]] std::vector<Tally> tally_by_label(const LabelGroups& groups, std::int64_t keys,
                                                const Visit& visit);

namespace detail {

/// Consecutive things of one label.
struct LabelPiece {
  Label label;
  std::int64_t begin;
  std::int64_t end;
};

/// Pieces of about equal size, so that a large label does not keep one thread busy alone.
[[nodiscard]] std::vector<LabelPiece> pieces_of(const LabelGroups& groups);

}  // namespace detail

template <class Visit>
std::vector<Tally> tally_by_label(const LabelGroups& groups, std::int64_t keys,
                                  const Visit& visit) {
  const auto pieces = detail::pieces_of(groups);
  std::vector<std::vector<Tally>> of_piece(pieces.size());
  parallel_takers(std::ssize(pieces), [&](const auto& take) {
    TallyPad pad(keys);
    for (auto p = take(); p >= 0; p = take()) {
      const auto& piece = pieces[static_cast<std::size_t>(p)];
      for (auto i = piece.begin; i < piece.end; ++i) visit(groups.thing[i], pad);
      pad.flush(piece.label, of_piece[static_cast<std::size_t>(p)]);
    }
  });
  std::vector<Tally> all;
  for (const auto& part : of_piece) all.insert(all.end(), part.begin(), part.end());
  merge_tallies(all);
  return all;
}

}  // namespace tradegraph::kernels
