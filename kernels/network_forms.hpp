#pragma once
/// The matrices that kernels want, derived from the directed trade matrix A.

#include "engine/matrix/distributed_matrix.hpp"

namespace tradegraph::kernels {

/// Pattern of A without the diagonal. Not collective.
[[nodiscard]] matrix::DistributedMatrix simple_pattern(const matrix::DistributedMatrix& a);

/// U = A or A' without the diagonal, pattern only: who trades with whom in either direction.
/// Collective; sends each entry once.
[[nodiscard]] matrix::DistributedMatrix undirected_pattern(const matrix::DistributedMatrix& a);

/// A + A' without the diagonal: the weights of both directions are added. Collective.
[[nodiscard]] matrix::DistributedMatrix undirected_weights(const matrix::DistributedMatrix& a);

}  // namespace tradegraph::kernels
