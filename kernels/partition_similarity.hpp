#pragma once
/// How alike two clusterings of the same firms are, from the table of their overlaps.

#include <cstdint>
#include <span>
#include <vector>

namespace tradegraph::kernels {

/// Firms that are in class `a` of one clustering and in class `b` of the other.
struct Overlap {
  std::int32_t a;
  std::int32_t b;
  std::int64_t firms;

  friend bool operator==(const Overlap&, const Overlap&) = default;
};

/// The overlaps that are not empty, by (a, b). Noise is class -1, a class like the others.
[[nodiscard]] std::vector<Overlap> overlaps(std::span<const std::int32_t> a,
                                            std::span<const std::int32_t> b);
/// Without those of noise in `a`.
[[nodiscard]] std::vector<Overlap> member_overlaps(std::span<const std::int32_t> a,
                                                   std::span<const std::int32_t> b);

/// Adjusted Rand index (Hubert & Arabie 1985, doi:10.1007/BF01908075), from exact counts of pairs;
/// 1 for equal partitions, also where all firms are in one class of both.
[[nodiscard]] double adjusted_rand(std::span<const Overlap> table);

/// Adjusted mutual information, normalised by the arithmetic mean of the entropies (Vinh, Epps &
/// Bailey 2010, JMLR 11): (MI - E MI) / (mean(H_a, H_b) - E MI), E over the random partitions with
/// these class sizes; 1 where neither partition splits the firms. Cost: distinct sizes of a times
/// those of b times the spread of one hypergeometric distribution; memory 8 bytes a firm.
[[nodiscard]] double adjusted_mutual_information(std::span<const Overlap> table);

}  // namespace tradegraph::kernels
