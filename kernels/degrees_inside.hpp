#pragma once
/// Who trades with whom inside clusters, followed from one clustering to the next.
///
/// Along a sweep most firms stay with the firms that they were with: a cluster is what became of
/// the one with which it shares most firms, and only the links of those that joined, left or
/// changed place are looked at (the merge of small sets into large ones, as in union-find by size).
/// Nothing is asked of the two clusterings: they need not be nested.

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/nation.hpp"

namespace tradegraph::kernels {

/// Columns by firm; 0 outside clusters.
class DegreesInside {
 public:
  /// Of no cluster at all. `partners`: in either direction. Both must outlive the object. Memory:
  /// 24 bytes a firm, and 8 while it follows.
  DegreesInside(const WholeNation& nation, const Adjacency& partners);

  /// Goes on to this clustering: `label` by firm, negative = none. Returns by cluster the label
  /// that it had before, if the same firms were in it; else -1. O(firms + links of firms that are
  /// with others than before, and of their partners there). Not collective, one thread.
  std::vector<std::int32_t> follow(std::span<const std::int32_t> label, std::size_t clusters);

  /// Partners in the firm's cluster.
  [[nodiscard]] std::span<const std::int32_t> partners() const { return partners_inside_; }
  /// Buyers in the firm's cluster.
  [[nodiscard]] std::span<const std::int32_t> buyers() const { return buyers_inside_; }
  /// The partners in the cluster that those have.
  [[nodiscard]] std::span<const std::int64_t> partner_degrees() const { return partner_degrees_; }
  /// Links looked at since the start, from either end.
  [[nodiscard]] std::int64_t links_scanned() const { return links_scanned_; }

 private:
  /// Cluster of a firm before and now, the former by the label that it has now; the firms of one
  /// that became nothing have a negative one of their own, below kNone.
  struct Membership {
    std::int32_t before;
    std::int32_t now;

    [[nodiscard]] bool stays() const { return before == now; }
  };
  static constexpr std::int32_t kNone = -1;

  static bool was_together(Membership a, Membership b) {
    return a.before == b.before && a.before != kNone;
  }
  static bool is_together(Membership a, Membership b) { return a.now == b.now && a.now != kNone; }

  std::vector<std::int32_t> move_members(std::span<const std::int32_t> label, std::size_t clusters);
  void recount(std::uint32_t mover);
  void recount_degrees(std::uint32_t mover, std::int32_t degree_before);
  void pass_on(std::uint32_t firm, std::int32_t change);

  const WholeNation& nation_;
  const Adjacency& partners_;
  std::vector<Membership> member_;
  std::vector<std::int32_t> partners_inside_;
  std::vector<std::int32_t> buyers_inside_;
  std::vector<std::int64_t> partner_degrees_;
  std::int64_t links_scanned_ = 0;
};

}  // namespace tradegraph::kernels
