#include "kernels/pagerank_products.hpp"

#include <algorithm>
#include <cmath>

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using matrix::DistributedVector;
using Vector = DistributedVector<double>;

matrix::Multiply multiplication(const DistributedMatrix& a) {
  return a.type() == matrix::ValueType::pattern ? matrix::Multiply::other : matrix::Multiply::times;
}

/// 1 / out strength, 0 for firms without; in the row layout.
Vector inverse_strength(const DistributedMatrix& transposed) {
  const Vector ones(transposed.grid(), transposed.row_layout(), 1.0);
  const auto strength =
      transposed.vxm(ones, matrix::semiring<double>(matrix::Add::plus, multiplication(transposed)));
  auto inverse = matrix::redistribute(strength, transposed.row_layout());
  for (auto& s : inverse.values()) s = s > 0 ? 1 / s : 0;
  return inverse;
}

/// Rank passed on a unit of weight; returns the dangling mass, summed over ranks.
double share_out(const Vector& rank, const Vector& inverse, Vector& share) {
  double dangling = 0;
#pragma omp parallel for reduction(+ : dangling)
  for (std::int64_t i = 0; i < rank.count(); ++i) {
    share[i] = rank[i] * inverse[i];
    if (inverse[i] == 0) dangling += rank[i];
  }
  return comm::all_reduce(rank.grid().group(), dangling, comm::ReduceOp::sum);
}

/// rank = base + damping * pulled; returns the L1 change, summed over ranks.
double take_in(Vector& rank, const Vector& pulled, double base, double damping) {
  double change = 0;
#pragma omp parallel for reduction(+ : change)
  for (std::int64_t i = 0; i < rank.count(); ++i) {
    const double fresh = base + damping * pulled[i];
    change += std::abs(fresh - rank[i]);
    rank[i] = fresh;
  }
  return comm::all_reduce(rank.grid().group(), change, comm::ReduceOp::sum);
}

}  // namespace

PageRank pagerank_by_products(const DistributedMatrix& transposed, const PageRankConfig& config) {
  config.validate();
  require_usable_weights(transposed);
  const auto n = static_cast<double>(std::max<std::int64_t>(transposed.rows(), 1));
  const auto semiring = matrix::semiring<double>(matrix::Add::plus, multiplication(transposed));
  const auto inverse = inverse_strength(transposed);
  PageRank result{Vector(transposed.grid(), transposed.row_layout(), 1 / n)};
  Vector share(transposed.grid(), transposed.row_layout());
  while (result.iterations < config.max_iterations) {
    const double dangling = share_out(result.rank, inverse, share);
    const double base = (1 - config.damping + config.damping * dangling) / n;
    const auto pulled = transposed.mxv(share, semiring);
    result.change = take_in(result.rank, pulled, base, config.damping);
    ++result.iterations;
    if (result.change <= config.tolerance) return result;
  }
  refuse_unconverged(result, config);
}

}  // namespace tradegraph::kernels
