#include "engine/matrix/graphblas.hpp"

#include <string>

#include "engine/base/error.hpp"

namespace tradegraph::matrix {

namespace {

const char* text(GrB_Info info) {
  switch (info) {
    case GrB_UNINITIALIZED_OBJECT: return "uninitialised object";
    case GrB_NULL_POINTER: return "null pointer";
    case GrB_INVALID_VALUE: return "invalid value";
    case GrB_INVALID_INDEX: return "invalid index";
    case GrB_DOMAIN_MISMATCH: return "domain mismatch";
    case GrB_DIMENSION_MISMATCH: return "dimension mismatch";
    case GrB_OUTPUT_NOT_EMPTY: return "output not empty";
    case GrB_NOT_IMPLEMENTED: return "not implemented by this GraphBLAS";
    case GrB_PANIC: return "panic";
    case GrB_OUT_OF_MEMORY: return "out of memory";
    case GrB_INSUFFICIENT_SPACE: return "insufficient space";
    case GrB_INVALID_OBJECT: return "invalid object";
    case GrB_INDEX_OUT_OF_BOUNDS: return "index out of bounds";
    case GrB_EMPTY_OBJECT: return "empty object";
    default: return "unknown code";
  }
}

}  // namespace

void check_grb(GrB_Info info, std::source_location place) {
  if (info == GrB_SUCCESS || info == GrB_NO_VALUE) return;
  const auto kind = info == GrB_OUT_OF_MEMORY ? ErrorKind::memory : ErrorKind::graphblas;
  throw Error(kind, std::string("GraphBLAS: ") + text(info), -1, place);
}

}  // namespace tradegraph::matrix
