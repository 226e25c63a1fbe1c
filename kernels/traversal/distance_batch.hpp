#pragma once
/// Distances from 64 sources at once, one bit of a word each (Then et al. 2014,
/// doi:10.14778/2735496.2735507): how many firms lie at each distance of each source, and how many
/// of them carry the source's own label.
///
/// Cost: a scan of a firm's links for each distinct distance at which the 64 sources reach it
/// (two or three where they are neighbours). Memory: 28 bytes a vertex.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/types.hpp"
#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::kernels {

inline constexpr std::size_t kDistanceLanes = 64;

/// Counts how often each of 64 bits is set in a sequence of words. The counters stand upright, one
/// bit of all of them a word, so that adding a word costs about two operations.
class LaneCounters {
 public:
  void add(std::uint64_t lanes) {
    for (std::size_t digit = 0; lanes != 0; ++digit) {
      const auto carry = digits_[digit] & lanes;
      digits_[digit] ^= lanes;
      lanes = carry;
    }
  }
  [[nodiscard]] std::int64_t count(std::size_t lane) const {
    std::int64_t value = 0;
    for (std::size_t digit = 0; digit < digits_.size(); ++digit) {
      value |= static_cast<std::int64_t>(digits_[digit] >> lane & 1) << digit;
    }
    return value;
  }
  void clear() { digits_.fill(0); }

 private:
  std::array<std::uint64_t, 48> digits_{};
};

/// How many vertices are first met at each distance, from 1 on, one value a lane.
struct DistanceLevel {
  std::array<std::int64_t, kDistanceLanes> all;
  std::array<std::int64_t, kDistanceLanes> same_label;
};

class DistanceBatch {
 public:
  /// `labels`: one a vertex, below `clusters`, or kNoCluster; or empty. Both must outlive the
  /// batch.
  DistanceBatch(const WholeGraph& arcs, std::span<const Label> labels, std::int64_t clusters);

  /// Along the arcs from at most 64 distinct vertices. The result lives until the next run.
  [[nodiscard]] std::span<const DistanceLevel> run(std::span<const Vertex> sources);

  [[nodiscard]] std::int64_t arcs_scanned() const { return arcs_scanned_; }

 private:
  struct Entry {
    Vertex vertex;
    std::uint64_t lanes;
  };

  void start(std::span<const Vertex> sources);
  std::size_t scan();
  void form_level(std::size_t touched);
  void enter(Vertex v);
  void count_level();
  void reset(std::span<const Vertex> sources);

  const WholeGraph& arcs_;
  std::span<const Label> labels_;
  std::vector<std::uint64_t> visited_;
  std::vector<std::uint64_t> next_;
  std::vector<Vertex> touched_;
  std::vector<std::uint64_t> lanes_of_label_;
  std::vector<Entry> frontier_;
  std::vector<DistanceLevel> levels_;
  LaneCounters all_;
  LaneCounters same_;
  std::int64_t arcs_scanned_ = 0;
  std::vector<Vertex> reached_;  ///< while they are few
};

}  // namespace tradegraph::kernels
