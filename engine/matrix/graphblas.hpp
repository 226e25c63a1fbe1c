#pragma once
/// GraphBLAS for C++: the include order that its header needs, and one check for every return code.

#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

extern "C" {
#include <GraphBLAS.h>
}

#include <source_location>

namespace tradegraph::matrix {

/// Throws `ErrorKind::graphblas` (or `memory`) with the code's name and place unless `info` is
/// GrB_SUCCESS or GrB_NO_VALUE.
void check_grb(GrB_Info info, std::source_location place = std::source_location::current());

}  // namespace tradegraph::matrix
