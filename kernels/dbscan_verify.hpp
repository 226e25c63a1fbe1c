#pragma once
/// Checks a clustering against the definition in dbscan.hpp, not against another clustering. Shares
/// no code with the kernel: no cells, no trees, but a sweep over the points sorted by x.

#include <string>
#include <vector>

#include "kernels/dbscan.hpp"

namespace tradegraph::kernels {

/// The first `limit` violations, one sentence each, naming firms by row; empty if `result` is what
/// the definition says: core flags by counting, one cluster a component of cores, numbered by
/// smallest core row, border points with their nearest core, noise with none.
/// Not collective, one thread. O(n * points in a strip of width 2 eps) work, linear memory.
[[nodiscard]] std::vector<std::string> verify_dbscan(const PointSet& points, const Pairs& pairs,
                                                     const DbscanConfig& config,
                                                     const DbscanResult& result,
                                                     std::size_t limit = 10);

}  // namespace tradegraph::kernels
