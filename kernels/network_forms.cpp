#include "kernels/network_forms.hpp"

namespace tradegraph::kernels {

matrix::DistributedMatrix simple_pattern(const matrix::DistributedMatrix& a) {
  return a.pattern().without_diagonal();
}

matrix::DistributedMatrix undirected_pattern(const matrix::DistributedMatrix& a) {
  const auto simple = simple_pattern(a);
  return simple.add(simple.transpose());
}

matrix::DistributedMatrix undirected_weights(const matrix::DistributedMatrix& a) {
  const auto off_diagonal = a.without_diagonal();
  return off_diagonal.add(off_diagonal.transpose());
}

}  // namespace tradegraph::kernels
