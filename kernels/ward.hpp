#pragma once
/// Ward's hierarchical clustering (Ward 1963, doi:10.1080/01621459.1963.10500845) of a small table.

#include <cstdint>
#include <vector>

#include "kernels/squared_distances.hpp"

namespace tradegraph::kernels {

/// The clusters of `first` and `second` (each named by its smallest row) become one.
struct Merge {
  std::size_t first;  ///< the smaller name, which the union keeps
  std::size_t second;
  double height;  ///< sqrt of twice the increase of the sum of squared distances to the centroids
};

/// rows - 1 merges by ascending height. Nearest-neighbour chains (Murtagh 1983) with the
/// Lance-Williams update: O(rows^2) time and 8 rows^2 bytes. Serial; of equal distances the smaller
/// row is nearer. Not collective.
[[nodiscard]] std::vector<Merge> ward(const SquaredDistances& distances);

/// The partition into `clusters` that the first merges make, numbered by first rows.
[[nodiscard]] std::vector<std::int32_t> cut(const std::vector<Merge>& merges, std::size_t rows,
                                            std::size_t clusters);

}  // namespace tradegraph::kernels
