#include "kernels/degree.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using matrix::DistributedVector;

/// Row sums, column sums or both.
template <class T>
DistributedVector<T> sums(const DistributedMatrix& a, DegreeMode mode) {
  require(a.rows() == a.columns(), ErrorKind::internal, "degrees of a matrix that is not square");
  if (mode == DegreeMode::out) return a.reduce_rows<T>();
  auto result = matrix::redistribute(a.reduce_columns<T>(), a.row_layout());
  if (mode == DegreeMode::in) return result;
  const auto out = a.reduce_rows<T>();
#pragma omp parallel for schedule(static)
  for (std::int64_t i = 0; i < result.count(); ++i) result[i] += out[i];
  return result;
}

}  // namespace

DistributedVector<std::int64_t> degree(const DistributedMatrix& a, DegreeMode mode) {
  if (a.type() == matrix::ValueType::pattern) return sums<std::int64_t>(a, mode);
  return sums<std::int64_t>(a.pattern(), mode);
}

DistributedVector<double> strength(const DistributedMatrix& a, DegreeMode mode) {
  return sums<double>(a, mode);
}

}  // namespace tradegraph::kernels
