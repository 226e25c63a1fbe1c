#pragma once
/// PageRank in plain GraphBLAS form: one `mxv` of the transposed matrix an iteration, over (plus,
/// second) or (plus, times). Definition and settings: pagerank.hpp, whose loops are tested against
/// this form.

#include "kernels/pagerank.hpp"

namespace tradegraph::kernels {

/// Like `pagerank`; it may differ in the last bits. Collective: one product and two all-reduces an
/// iteration.
[[nodiscard]] PageRank pagerank_by_products(const matrix::DistributedMatrix& transposed,
                                            const PageRankConfig& config = {});

}  // namespace tradegraph::kernels
