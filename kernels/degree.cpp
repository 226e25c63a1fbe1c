#include "kernels/degree.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using matrix::DistributedVector;

/// Row sums, column sums or both over the semiring.
template <class T>
DistributedVector<T> sums(const DistributedMatrix& a, DegreeMode mode,
                          const matrix::Semiring<T>& semiring) {
  require(a.rows() == a.columns(), ErrorKind::internal, "degrees of a matrix that is not square");
  if (mode == DegreeMode::out) {
    return a.mxv(DistributedVector<T>(a.grid(), a.column_layout(), T{1}), semiring);
  }
  const DistributedVector<T> ones(a.grid(), a.row_layout(), T{1});
  auto result = matrix::redistribute(a.vxm(ones, semiring), a.row_layout());
  if (mode == DegreeMode::in) return result;
  const auto out = sums(a, DegreeMode::out, semiring);
  for (std::int64_t i = 0; i < result.count(); ++i) result[i] += out[i];
  return result;
}

}  // namespace

DistributedVector<std::int64_t> degree(const DistributedMatrix& a, DegreeMode mode) {
  return sums(a, mode, matrix::semiring<std::int64_t>(matrix::Add::plus, matrix::Multiply::one));
}

DistributedVector<double> strength(const DistributedMatrix& a, DegreeMode mode) {
  const auto multiply = a.type() == matrix::ValueType::pattern ? matrix::Multiply::one
                                                               : matrix::Multiply::times;
  return sums(a, mode, matrix::semiring<double>(matrix::Add::plus, multiply));
}

}  // namespace tradegraph::kernels
