#include "kernels/pagerank.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using matrix::DistributedVector;
using Vector = DistributedVector<double>;

matrix::Multiply multiplication(const DistributedMatrix& a) {
  return a.type() == matrix::ValueType::pattern ? matrix::Multiply::other : matrix::Multiply::times;
}

/// Weights that are negative, infinite or NaN show in a row's minimum or a column's sum.
void require_usable(const DistributedMatrix& transposed, const Vector& ones,
                    const Vector& strength) {
  const auto lowest =
      transposed.mxv(ones, matrix::semiring<double>(matrix::Add::min, matrix::Multiply::times));
  const bool bad =
      std::ranges::any_of(lowest.values(), [](double w) { return w < 0; }) ||
      std::ranges::any_of(strength.values(), [](double s) { return !std::isfinite(s); });
  require(!comm::any_rank(transposed.grid().group(), bad), ErrorKind::bad_input,
          "PageRank needs weights that are finite and not negative");
}

/// 1 / out strength, 0 for firms without; in the row layout.
Vector inverse_strength(const DistributedMatrix& transposed) {
  const Vector ones(transposed.grid(), transposed.row_layout(), 1.0);
  const auto strength =
      transposed.vxm(ones, matrix::semiring<double>(matrix::Add::plus, multiplication(transposed)));
  if (transposed.type() != matrix::ValueType::pattern) require_usable(transposed, ones, strength);
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

[[noreturn]] void refuse(const PageRank& result, const PageRankConfig& config) {
  char text[160];
  std::snprintf(text, sizeof text,
                "PageRank has not converged after %lld iterations: the change is %g, not %g; allow "
                "more iterations or a larger tolerance",
                static_cast<long long>(result.iterations), result.change, config.tolerance);
  throw Error(ErrorKind::usage, text);
}

}  // namespace

void PageRankConfig::validate() const {
  require(damping >= 0 && damping < 1, ErrorKind::usage, "damping must be in [0, 1)");
  require(tolerance > 0, ErrorKind::usage, "tolerance must be above 0");
  require(max_iterations > 0, ErrorKind::usage, "at least one iteration is needed");
}

PageRank pagerank(const DistributedMatrix& transposed, const PageRankConfig& config) {
  config.validate();
  require(transposed.rows() == transposed.columns(), ErrorKind::internal,
          "PageRank of a matrix that is not square");
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
  refuse(result, config);
}

}  // namespace tradegraph::kernels
