#pragma once
/// What the clusters of two years have in common, whatever it is: cells of the plane, firms, links.

#include <cstdint>
#include <vector>

#include "engine/base/types.hpp"
#include "engine/comm/communicator.hpp"
#include "engine/comm/transferable.hpp"

namespace tradegraph::kernels {

/// A thing, named by two numbers, that a cluster has.
struct LabelledKey {
  Label label;
  std::int64_t first;
  std::int64_t second;
  friend auto operator<=>(const LabelledKey&, const LabelledKey&) = default;
};

/// How many things clusters `a` and `b` share.
struct SharedCount {
  Label a;
  Label b;
  std::int64_t count;
  friend bool operator==(const SharedCount&, const SharedCount&) = default;
};

struct SharedKeys {
  std::vector<SharedCount> pairs;  ///< count > 0; by (a, b)
  std::vector<std::int64_t> of_a;  ///< things a cluster of the first year, one a label
  std::vector<std::int64_t> of_b;

  /// Things that both have; 0 if they share none.
  [[nodiscard]] std::int64_t both(Label a, Label b) const;
  /// Shared things over things of either; undefined if neither has any.
  [[nodiscard]] double jaccard(Label a, Label b) const;
};

/// Any rank may pass any of the things, and the same more than once (it counts once). A thing may
/// belong to several clusters of a year. Labels are 0 .. clusters - 1. The result is the same on
/// all ranks. Collective; each distinct thing of a rank moves once, memory 24 bytes each; pairs of
/// clusters that share something go to all ranks. Throws `ErrorKind::internal` for a label out of
/// range.
[[nodiscard]] SharedKeys shared_keys(const comm::Communicator& comm, std::vector<LabelledKey> a,
                                     std::int64_t clusters_a, std::vector<LabelledKey> b,
                                     std::int64_t clusters_b);

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::LabelledKey> : std::true_type {};
