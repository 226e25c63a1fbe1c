#pragma once
/// Triangles among lists of 32-bit columns: the inner loop of `triangles`, by hand.
///
/// With the links from each firm to firms later in some order, a triangle i < k < j is found once:
/// at the link i -> k of `left`, by j in row k of `right` that stands in row i of `mask`, too. Row
/// i of the mask is marked in a bitmap; for each of its links in `left`, row k is scanned for
/// marks. (Latapy 2008, doi:10.1016/j.tcs.2008.07.017, on blocks as in Tom & Karypis 2019,
/// doi:10.1145/3337821.3337853.)

#include <cstdint>
#include <span>

#include "engine/matrix/compact_csr.hpp"

namespace tradegraph::kernels {

/// What was looked at.
struct TriangleWork {
  std::int64_t links = 0;    ///< pairs of rows intersected
  std::int64_t entries = 0;  ///< entries scanned for marks

  TriangleWork& operator+=(const TriangleWork& other) {
    links += other.links;
    entries += other.entries;
    return *this;
  }
};

/// Numbers of triangles, to which each one found adds 1 at its three corners.
struct TriangleCounts {
  std::span<std::int64_t> of_row;     ///< rows of `mask` and `left`
  std::span<std::int64_t> of_inner;   ///< columns of `left`, rows of `right`
  std::span<std::int64_t> of_column;  ///< columns of `mask` and `right`
};

/// Counts pairs (mask[i,j], left[i,k], right[k,j]). Spans may be the same. By all threads; memory a
/// bit a column and thread. Not collective.
TriangleWork count_triangles(const matrix::CompactCsr& mask, const matrix::CompactCsr& left,
                             const matrix::CompactCsr& right, const TriangleCounts& counts);

}  // namespace tradegraph::kernels
