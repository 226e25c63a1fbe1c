#pragma once
/// Kernels that run as loops over the block's own rows, written in GraphBLAS: the algebra of their
/// definitions in so many calls. Tests compare the loops with them to the last bit, benchmarks show
/// what either costs; commands use the loops.

#include "kernels/cluster_links.hpp"
#include "kernels/membership_product.hpp"

namespace tradegraph::kernels {

/// `kernels::cluster_links` without amounts: the links inside are selected into matrices of their
/// own, degrees are products of these with a vector of ones, and the degrees of partners with the
/// degrees. Collective.
[[nodiscard]] ClusterLinks cluster_links_by_products(const matrix::DistributedMatrix& a,
                                                     const matrix::DistributedMatrix& u,
                                                     const Labels& labels, std::int64_t clusters);

/// `kernels::membership_product` in two matrix products. GraphBLAS has no 128-bit integers and
/// types of one's own are five times slower: an amount is split into three limbs of 31, 31 and 63
/// bits, which are multiplied as integers. Collective.
[[nodiscard]] std::vector<ClusterFlow> membership_product_by_products(
    const matrix::DistributedMatrix& a, const Labels& labels, std::int64_t clusters,
    const matrix::DistributedMatrix* amount = nullptr);

}  // namespace tradegraph::kernels
