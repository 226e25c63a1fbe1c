#pragma once
/// How much work the searches over points have done, so that tests can tell linear from quadratic.

#include <cstdint>

namespace tradegraph::kernels {

/// Distances between two points that this thread has computed in the searches of DBSCAN and of
/// density forests; counted a leaf at a time.
inline thread_local std::int64_t distances_computed = 0;

}  // namespace tradegraph::kernels
